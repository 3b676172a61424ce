"""Apparent facial expression for social robots, on the robot and in the cloud."""

from pkgutil import extend_path

# The generated fer_ros.msg and fer_ros.srv live in another folder than this source tree:
# one package, two places.
__path__ = extend_path(__path__, __name__)
