"""How the overlay looks."""

from dataclasses import dataclass

from fer_ros.params import param

LANGUAGES = ("en", "de", "fr", "es", "nl", "ja")
CONTRASTS = ("normal", "high")


@dataclass(frozen=True)
class OverlayParams:
    """What is drawn over the faces, and how large: the same for the node, the page and files."""

    language: str = param("en", "language of the expressions' names", choices=LANGUAGES, dynamic=True)
    contrast: str = param(
        "normal", "high: opaque black and white behind text, thick lines", choices=CONTRASTS, dynamic=True
    )
    text_scale: float = param(1.0, "size of text and icons; 2: large", low=0.5, high=3.0, dynamic=True)


@dataclass(frozen=True)
class ViewerParams:
    """What the viewer node makes of images."""

    rate_hz: float = param(15.0, "images drawn in a second, at most", low=0.5, high=120.0)
    width: int = param(1280, "wider images are made smaller before they are drawn on, px", low=160, high=3840)
    jpeg_quality: int = param(80, "JPEG quality of overlay/image_raw/compressed", low=1, high=100)
    numbers: bool = param(True, "publish numbers/... for tools that plot (rqt_plot, PlotJuggler, Foxglove)")
    markers: bool = param(True, "publish markers for RViz, where visualization_msgs is installed")
    fov_deg: float = param(
        60.0, "horizontal field of view that markers assume while no camera_info comes", low=5.0, high=170.0
    )
