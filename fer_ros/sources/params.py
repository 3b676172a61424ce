"""What the camera node and the command line say about where frames come from."""

from dataclasses import dataclass

from fer_ros.params import param

KINDS = ("builtin", "device", "video", "folder", "bag")


@dataclass(frozen=True)
class CameraParams:
    """Where frames come from and how they are published. Field name = ROS parameter = CLI option."""

    source: str = param("builtin", "what gives the frames", choices=KINDS)
    input: str = param("", "device index or path, video file, image folder, or bag; empty for builtin")
    topic: str = param("", "image topic of a bag; empty takes the only one")
    width: int = param(1280, "wanted image width in px (builtin, device)", low=16, high=7680)
    height: int = param(720, "wanted image height in px (builtin, device)", low=16, high=4320)
    rate_hz: float = param(30.0, "wanted frames per second (builtin, device, folder)", low=0.1, high=240.0)
    distance_m: float = param(2.0, "distance of the built-in face from a 60 degree lens", low=0.2, high=20.0)
    n_faces: int = param(1, "faces of the built-in source", low=1, high=5)
    loop: bool = param(False, "begin a video, folder or bag again when it ends")
    real_time: bool = param(True, "give recorded frames at their own rate; false: as fast as they are read")
    frame_id: str = param("camera", "frame_id of every image")
    calibration: str = param("", "calibration YAML for camera_info; empty publishes none")
    compressed: bool = param(False, "also publish JPEG on image_raw/compressed")
    jpeg_quality: int = param(90, "quality of image_raw/compressed", low=1, high=100)
