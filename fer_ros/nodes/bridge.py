"""cv_bridge, for encodings that images.py does not know.

Those that it does know it converts itself, also where cv_bridge is installed: an estimate must not depend on
what else is (cv_bridge rounds 16-bit samples, images.py drops their low byte), and bgr8 needs no copy here.
"""

from functools import cache
from importlib.util import find_spec

import numpy as np
from sensor_msgs.msg import Image

from fer_ros.errors import ImageError
from fer_ros.faces.face import Image8


@cache
def cv_bridge_is_here() -> bool:
    """Whether ROS provides it."""
    return find_spec("cv_bridge") is not None


def image_by_cv_bridge(msg: Image) -> Image8:
    """(H, W, 3) uint8 BGR.

    Raises:
        ImageError: cv_bridge cannot convert it either.
    """
    from cv_bridge import CvBridge, CvBridgeError

    try:
        return np.asarray(CvBridge().imgmsg_to_cv2(msg, desired_encoding="bgr8"), np.uint8)
    except CvBridgeError as error:
        raise ImageError(
            f"neither images.py nor cv_bridge converts encoding {msg.encoding!r} ({error}); send bgr8 or rgb8"
        ) from error
