"""One door to every kind of source."""

from collections.abc import Callable
from functools import partial

from fer_ros.errors import ParameterError
from fer_ros.sources.builtin import BuiltinSource, Scene
from fer_ros.sources.device import DeviceSource, open_v4l2
from fer_ros.sources.folder import FolderSource
from fer_ros.sources.frame import Clock, Source, Warn
from fer_ros.sources.looped import Looped
from fer_ros.sources.params import KINDS
from fer_ros.sources.video import VideoSource

INPUTS = {
    "device": 'a device index or path ("0", "/dev/video0")',
    "video": "the path of a video file",
    "folder": "the path of a folder of images",
    "bag": "the path of a rosbag2 folder, .mcap or .db3 file",
}


def open_source(
    kind: str,
    input: str = "",
    *,
    clock: Clock,
    warn: Warn,
    width: int = 1280,
    height: int = 720,
    fps: float = 30.0,
    loop: bool = False,
    topic: str = "",
    distance_m: float = 2.0,
    n_faces: int = 1,
) -> Source:
    """Open a source; CameraParams says what the arguments mean and which kinds heed them.

    Args:
        kind: one of KINDS.
        input: what INPUTS says for the kind; nothing for builtin.
        clock: gives the stamps of a device's frames, in s.
        warn: hears of what is damaged, skipped or lost while reading goes on.
        width: px, of builtin and device.
        height: px, of the same.
        fps: frames per second.
        loop: begin a recording again when it ends; builtin never ends.
        topic: of a bag.
        distance_m: of the built-in face.
        n_faces: of the built-in source.

    Raises:
        ParameterError: no such kind, or no input where the kind needs one.
        SourceError: it is not there or cannot be read.
    """
    if kind not in KINDS:
        raise ParameterError(f"source is {kind!r}; choose one of {', '.join(KINDS)}")
    if kind in INPUTS and not input:
        raise ParameterError(f"source {kind} needs an input: {INPUTS[kind]}")
    if kind == "builtin":
        return BuiltinSource(Scene(width, height, fps, distance_m, n_faces))
    if kind == "device":
        return DeviceSource(input, clock, warn, opener=partial(open_v4l2, input, width, height, fps))
    openers: dict[str, Callable[[], Source]] = {
        "video": partial(VideoSource, input, warn),
        "folder": partial(FolderSource, input, fps, warn),
        "bag": partial(_open_bag, input, warn, topic),
    }
    return Looped(openers[kind]) if loop else openers[kind]()


def _open_bag(input: str, warn: Warn, topic: str) -> Source:
    from fer_ros.sources.bag import BagSource  # rosbags takes a tenth of a second that no camera needs

    return BagSource(input, warn, topic)
