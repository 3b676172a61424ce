"""What a video file says of itself, as far as a labelled copy of it keeps it."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av

from fer_ros.errors import SourceError

TICK = Fraction(1, 90_000)  # s, of containers that name no unit of time
RATE = Fraction(25)  # 1/s, of containers that name none


@dataclass(frozen=True)
class Clip:
    """A video file.

    Attributes:
        path: of the file.
        size: width and height as stored, px: frames that stand upright may have them the other way round.
        pixel_shape: width of a stored pixel over its height.
        tick: s, the unit of its frames' times.
        start: ticks, the time of its first frame.
        begin: s, when the first of its streams begins.
        rate: frames per second, on average.
        colour: how numbers mean colours: matrix, primaries and transfer, in FFmpeg's numbers.
        audio: the codecs of its audio streams.
    """

    path: Path
    size: tuple[int, int]
    pixel_shape: Fraction
    tick: Fraction
    start: int
    begin: Fraction
    rate: Fraction
    colour: tuple[int, int, int]
    audio: tuple[str, ...]

    def time_of(self, stamp: float) -> Fraction:
        """The time of the frame that came `stamp` s after the first one, s since `begin`."""
        return (self.start + round(stamp / self.tick)) * self.tick - self.begin


def clip_at(path: Path) -> Clip:
    """What the file says.

    Raises:
        SourceError: there is no video in it that FFmpeg reads.
    """
    try:
        with av.open(str(path)) as file:
            if not file.streams.video:
                raise SourceError(f"{path} holds no video, only {_kinds(file)}; give a file with pictures")
            return _clip(path, file)
    except av.FFmpegError as error:
        raise SourceError(f"{path} cannot be read as a video ({error.strerror}); copy it again") from error


def _kinds(file: Any) -> str:
    return ", ".join(sorted({stream.type for stream in file.streams})) or "nothing"


def _clip(path: Path, file: Any) -> Clip:
    video = file.streams.video[0]  # as OpenCV chooses
    coder = video.codec_context
    return Clip(
        path=path,
        size=(coder.width, coder.height),
        pixel_shape=video.sample_aspect_ratio or Fraction(1),
        tick=video.time_base or TICK,
        start=video.start_time or 0,
        begin=Fraction(max(0, file.start_time or 0), av.time_base),
        rate=video.average_rate or RATE,
        colour=(int(coder.colorspace), int(coder.color_primaries), int(coder.color_trc)),
        audio=tuple(stream.codec_context.name for stream in file.streams.audio),
    )
