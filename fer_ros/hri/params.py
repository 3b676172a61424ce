"""Parameters of the nodes that speak ROS 4 HRI."""

from dataclasses import dataclass

from fer_ros.params import param

ROOT = "/humans/faces"


@dataclass(frozen=True)
class HriParams:
    """What is told of faces as REP-155 says."""

    root: str = param(ROOT, "topic below which faces are told; another for each robot on one network")
    detector: bool = param(
        True, "tell where faces are, too; false: another node does, and expressions and facs join its faces"
    )
    width: int = param(128, "width of the cropped faces, px", low=16, high=1024)
    height: int = param(128, "height of the cropped faces, px", low=16, high=1024)
    keep_s: float = param(1.0, "s without news of faces after which nobody is there", low=0.1, high=60.0)


@dataclass(frozen=True)
class HriFacesParams:
    """How faces of another REP-155 detector are taken."""

    root: str = param(ROOT, "topic below which the detector tells its faces")
    pictures: str = param(
        "auto",
        "where faces are cut from; auto: image_raw where it comes, else the detector's cropped faces",
        choices=("auto", "image_raw", "cropped"),
    )
    student: bool = param(True, "blendshapes from the crop, by models/student")
    crop_px: int = param(112, "side of the published crops, px", low=48, high=512)
    image_width: int = param(0, "width of the images where image_raw does not come, px", low=0, high=16384)
    image_height: int = param(0, "height of the images where image_raw does not come, px", low=0, high=16384)
    wait_s: float = param(0.03, "s for which the parts of one image wait for each other", low=0.0, high=1.0)
    max_age_s: float = param(
        0.25, "faces of images older than this are dropped, s; 0: never", low=0.0, high=10.0
    )
    keep_s: float = param(1.0, "s without news of the detector after which it is gone", low=0.1, high=60.0)
    max_faces: int = param(20, "faces followed at once; the first ones win", low=1, high=100)
