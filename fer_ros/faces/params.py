"""Parameters of the faces node, and of every other user of FaceTracker."""

from dataclasses import dataclass

from fer_ros.params import param


@dataclass(frozen=True)
class FacesParams:
    """How faces are found, followed and cut out."""

    finder: str = param(
        "auto", "what looks over whole images; auto: yunet, else haar", choices=("auto", "yunet", "haar")
    )
    reader: str = param(
        "auto",
        "what reads each face's crop; auto: mediapipe, else none",
        choices=("auto", "mediapipe", "none"),
    )
    student: bool = param(True, "blendshapes from the crop where the reader gives none, by models/student")
    scan_width_px: int = param(
        640, "width to which whole images are shrunk for the finder, px", low=160, high=1920
    )
    scan_every: int = param(10, "while faces are followed, look over every Nth image", low=1, high=300)
    reads_per_image: int = param(
        2, "faces read or looked for in one image; with more, they take turns", low=1, high=20
    )
    max_faces: int = param(8, "faces followed at once; the largest win", low=1, high=20)
    keep_lost_s: float = param(1.0, "how long a face that is not seen keeps its id, s", low=0.0, high=10.0)
    crop_px: int = param(112, "side of the published crops, px", low=48, high=512)
    landmarks: bool = param(False, "publish the 478 landmarks of each face")


@dataclass(frozen=True)
class ImagesParams:
    """Which images the faces node takes."""

    max_age_s: float = param(
        0.1, "images older than this when they arrive are dropped, s; 0: never", low=0.0, high=10.0
    )
    transport: str = param(
        "raw", "which images are taken: image_raw, or image_raw/compressed", choices=("raw", "compressed")
    )
