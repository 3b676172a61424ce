"""What stands beside a camera's images."""

from rclpy.node import Node

OVERLAY = "overlay/image_raw"
OVERLAY_JPEG = f"{OVERLAY}/compressed"


def info_topic(node: Node) -> str:
    """camera_info beside the images, as cameras publish it, unless it was remapped by itself."""
    own = str(node.resolve_topic_name("camera_info"))
    beside = node.resolve_topic_name("image_raw").rpartition("/")[0] + "/camera_info"
    plain = f"{node.get_namespace().rstrip('/')}/camera_info"
    return beside if own == plain else own
