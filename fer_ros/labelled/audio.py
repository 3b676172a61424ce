"""The audio of a recording, packet by packet as it is: never decoded, so never worse."""

from collections.abc import Generator
from io import BytesIO
from typing import Any, Self

import av

from fer_ros.labelled.clip import Clip
from fer_ros.labelled.formats import FORMATS
from fer_ros.sources.frame import Warn


class AudioCopy:
    """Puts the audio packets of one file into another; used with `with`.

    Attributes:
        codecs: of the streams that are copied.
    """

    def __init__(self, clip: Clip, output: Any, warn: Warn) -> None:
        """Add a stream to the output for each of the clip's that it can hold.

        Args:
            clip: whose audio.
            output: a PyAV container that nothing has been written to yet.
            warn: hears of audio that is left out, or ends early.

        Raises:
            av.FFmpegError: the clip cannot be read any more.
        """
        self.codecs: list[str] = []
        self._clip = clip
        self._warn = warn
        self._input = av.open(str(clip.path))
        self._streams = dict(self._added(output))
        self._packets = self._read()
        self._next = next(self._packets, None)

    def write_until(self, time_s: float, output: Any) -> None:
        """Write what begins before a time, s since the clip's beginning: players read both side by side."""
        while self._next is not None and self._next.dts * self._next.time_base < time_s:
            output.mux(self._next)
            self._next = next(self._packets, None)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._packets.close()
        self._input.close()

    def _added(self, output: Any) -> Generator[tuple[int, Any], None, None]:
        for stream in self._input.streams.audio:
            codec = stream.codec_context.codec.canonical_name
            try:
                copy = output.add_stream_from_template(stream)
            except ValueError:  # the container cannot hold it
                self._warn(f"{_left_out(codec, output.format.name)} (of {self._clip.path})")
                continue
            self.codecs.append(codec)
            yield stream.index, copy

    def _read(self) -> Generator[Any, None, None]:
        """The packets as they go into the output, in the order of the file."""
        wanted = [stream for stream in self._input.streams.audio if stream.index in self._streams]
        if not wanted:
            return
        try:
            for packet in self._input.demux(wanted):
                if packet.dts is not None:  # the last of each stream is an empty one
                    yield self._moved(packet)
        except av.FFmpegError as error:
            self._warn(f"the audio of {self._clip.path} ends early ({error.strerror})")

    def _moved(self, packet: Any) -> Any:
        shift = round(self._clip.begin / packet.time_base)
        packet.stream = self._streams[packet.stream.index]
        packet.dts -= shift
        packet.pts = None if packet.pts is None else packet.pts - shift
        return packet


def _left_out(codec: str, container: str) -> str:
    others = [suffix for suffix, name in FORMATS.items() if codec in _held_by(name)]
    remedy = f"; {' or '.join(others)} would keep it" if others else ""
    return f"audio in {codec} is left out, as {container} cannot hold it{remedy}"


def _held_by(container: str) -> frozenset[str]:
    with av.open(BytesIO(), "w", format=container) as nothing:
        return frozenset(nothing.supported_codecs)
