"""Apparent facial expression for social robots, on the robot and in the cloud."""

import os
from pkgutil import extend_path

# The generated fer_ros.msg and fer_ros.srv live in another folder than this source tree:
# one package, two places.
__path__ = extend_path(__path__, __name__)

# ONNX Runtime's wheels keep a device id and a queue of usage events, with an address to send them to.
# It reads this once, when it is imported; whoever wants them sets 0.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
