"""REP-155's message package, built for the tests from its field lists: PyPI does not have it."""

from pathlib import Path

from . import interface_package

# hri_msgs 2: what a message holds; its constants are not needed.
MESSAGES = {
    "Expression": """
        std_msgs/Header header
        string expression
        float32 valence
        float32 arousal
        float32 confidence""",
    "FacialActionUnits": """
        std_msgs/Header header
        float32[99] intensity
        float32[99] confidence""",
    "FacialLandmarks": """
        std_msgs/Header header
        NormalizedPointOfInterest2D[70] landmarks
        uint32 height
        uint32 width""",
    "IdsList": """
        std_msgs/Header header
        string[] ids""",
    "NormalizedPointOfInterest2D": """
        float32 x
        float32 y
        float32 c""",
    "NormalizedRegionOfInterest2D": """
        std_msgs/Header header
        float32 xmin
        float32 ymin
        float32 xmax
        float32 ymax
        float32 c""",
}


def build(folder: Path) -> Path:
    """Build the package below a folder; its prefix."""
    return interface_package.build(folder, "hri_msgs", MESSAGES, ["std_msgs"])
