"""A labelled copy of a video: new pictures at the old times, and the audio as it is."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np

from fer_ros.errors import FerError
from fer_ros.faces.face import Image8
from fer_ros.labelled.audio import AudioCopy
from fer_ros.labelled.clip import Clip
from fer_ros.labelled.formats import FORMATS
from fer_ros.sources.frame import Warn

# The first that this FFmpeg has is used. Half of the time of "superfast", for files a quarter larger: of
# what its fastest preset leaves out, two things are worth their time, arithmetic coding and smooth blocks.
ENCODERS: dict[str, dict[str, str]] = {
    "libx264": {"preset": "ultrafast", "crf": "21", "x264-params": "cabac=1:deblock=0,0"},
    "libopenh264": {"rc_mode": "quality"},
    "mpeg4": {"qmin": "3", "qmax": "5"},
}
FINEST_TICK = {"mpeg4": Fraction(1, 60_000)}  # s; it has 16 bits for the unit of time
# FFmpeg's numbers of what OpenCV's conversion writes: luma in 16..235, and the matrix of BT.601. A clip that
# names no matrix was read as if it were that one, so that its copy needs to name none either.
STUDIO_RANGE, UNNAMED, BT601 = 1, 2, 6


class LabelledVideo:
    """A video file that is being written.

    Attributes:
        encoder: FFmpeg's name of what encodes its pictures.
        audio: the codecs of the audio that is copied.
    """

    def __init__(self, output: Any, copy: AudioCopy, clip: Clip, encoder: str) -> None:
        """`open_labelled` makes one."""
        self.encoder = encoder
        self.audio = tuple(copy.codecs)
        self._output, self._copy, self._clip = output, copy, clip
        self._tick = max(clip.tick, FINEST_TICK.get(encoder, clip.tick))
        self._stream = output.add_stream(encoder, rate=clip.rate, options=ENCODERS[encoder])
        self._last = -1
        self._size = (0, 0)

    def write(self, image: Image8, stamp: float) -> None:
        """Add a frame.

        Args:
            image: (H, W, 3) uint8, BGR. One of another size than the first is scaled to it.
            stamp: s since the first frame, later than the one before.

        Raises:
            FerError: the file cannot be written any more.
        """
        size = image.shape[1], image.shape[0]
        if self._last < 0:
            self._describe(size)
        elif size != self._size:
            image = np.asarray(cv2.resize(image, self._size), np.uint8)
        frame = av.VideoFrame.from_ndarray(_even_yuv(image), format="yuv420p")
        self._last = max(round(self._clip.time_of(stamp) / self._tick), self._last + 1, 0)
        frame.pts, frame.time_base = self._last, self._tick
        self._copy.write_until(float(self._last * self._tick), self._output)
        self._mux(self._stream.encode(frame))

    def finish(self) -> None:
        """Write what is still to come: the last frames, and the rest of the audio."""
        self._mux(self._stream.encode(None) if self._last >= 0 else ())
        self._copy.write_until(float("inf"), self._output)

    def _mux(self, packets: Iterable[Any]) -> None:
        for packet in packets:
            self._output.mux(packet)

    def _describe(self, size: tuple[int, int]) -> None:
        """Tell the encoder what comes, now that the first frame is here and stands upright."""
        self._size = size
        coder = self._stream.codec_context
        coder.width, coder.height = (side + side % 2 for side in size)
        coder.pix_fmt = "yuv420p"
        coder.time_base = self._tick
        shape = self._clip.pixel_shape
        coder.sample_aspect_ratio = shape if size == self._clip.size else 1 / shape
        matrix, coder.color_primaries, coder.color_trc = self._clip.colour
        coder.colorspace = UNNAMED if matrix == UNNAMED else BT601
        coder.color_range = STUDIO_RANGE


@contextmanager
def open_labelled(
    path: Path, suffix: str, clip: Clip, warn: Warn, encoder: str = ""
) -> Iterator[LabelledVideo]:
    """A file to write the labelled frames of a clip into; it is complete when the `with` is left.

    Args:
        path: to write to, whatever its name.
        suffix: what kind of file: a key of FORMATS.
        clip: what it is a copy of.
        warn: hears what of the clip's audio cannot be kept.
        encoder: a key of ENCODERS; empty: the first one that this FFmpeg has.

    Raises:
        FerError: the file cannot be written, or this FFmpeg encodes no video.
    """
    try:
        with ExitStack() as stack:
            output = stack.enter_context(_opened(path, FORMATS[suffix], clip))
            copy = stack.enter_context(AudioCopy(clip, output, warn))
            video = LabelledVideo(output, copy, clip, encoder or _encoder())
            yield video
            video.finish()
    except av.FFmpegError as error:
        raise FerError(
            f"the labelled video cannot be written ({error.strerror}); make room, or name another place"
        ) from error


def _opened(path: Path, container: str, clip: Clip) -> Any:
    # The index first, so that it plays while it comes; and a beginning to the tick, not to the millisecond.
    quicktime = {"movflags": "+faststart", "movie_timescale": str(clip.tick.denominator)}
    return av.open(str(path), "w", format=container, options={} if container == "matroska" else quicktime)


def _encoder() -> str:
    for name in ENCODERS:
        if name in av.codecs_available and _encodes(name):
            return name
    raise FerError(
        f"this FFmpeg has none of {', '.join(ENCODERS)}; pip install av, which brings one that has"
    )


def _encodes(name: str) -> bool:
    try:
        av.Codec(name, "w")
    except ValueError:  # PyAV's word for a codec that can only be decoded
        return False
    return True


def _even_yuv(image: Image8) -> Image8:
    """(H * 3 / 2, W) uint8, planes of luma and halved chroma; odd sides get their edge twice."""
    height, width = image.shape[:2]
    if height % 2 or width % 2:
        image = cv2.copyMakeBorder(image, 0, height % 2, 0, width % 2, cv2.BORDER_REPLICATE)  # type: ignore[assignment]
    return np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2YUV_I420), np.uint8)
