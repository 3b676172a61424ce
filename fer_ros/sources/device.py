"""Cameras of this machine through V4L2, reopened when they disappear."""

from collections.abc import Callable
from pathlib import Path
from threading import Event, Lock
from typing import Any, Protocol

import cv2
import numpy as np

from fer_ros.errors import SourceError
from fer_ros.silence import native_stderr_silenced
from fer_ros.sources.backoff import Backoff
from fer_ros.sources.frame import Clock, Frame, Source, Warn

DEVICES = Path("/dev")


class Capture(Protocol):
    """The part of cv2.VideoCapture that a camera needs."""

    def isOpened(self) -> bool:  # noqa: D102
        ...

    def grab(self) -> bool:  # noqa: D102
        ...

    def retrieve(self) -> tuple[bool, Any]:  # noqa: D102
        ...

    def get(self, prop: int, /) -> float:  # noqa: D102
        ...

    def release(self) -> None:  # noqa: D102
        ...


def open_v4l2(device: str, width: int, height: int, fps: float) -> Capture:
    """Open a device by index ("0") or path, asking for MJPG: raw 720p does not fit USB 2 at 30 frames/s."""
    wanted = {
        cv2.CAP_PROP_FOURCC: cv2.VideoWriter.fourcc(*"MJPG"),
        cv2.CAP_PROP_FRAME_WIDTH: width,
        cv2.CAP_PROP_FRAME_HEIGHT: height,
        cv2.CAP_PROP_FPS: fps,
    }
    with native_stderr_silenced():  # whoever asks says it better
        capture = cv2.VideoCapture(int(device) if device.isdigit() else device, cv2.CAP_V4L2)
    for key, value in wanted.items():
        capture.set(key, value)
    return capture


class DeviceSource(Source):
    """A camera's frames, stamped by the clock when they arrive.

    `close` may be called from another thread while a frame is being read or a device awaited.
    """

    def __init__(
        self,
        device: str,
        clock: Clock,
        warn: Warn,
        *,
        opener: Callable[[], Capture],
        backoff: Backoff | None = None,
        pause: Callable[[float], object] | None = None,
    ) -> None:
        """Open the device.

        Args:
            device: V4L2 index or path, for messages.
            clock: gives the stamps, in s.
            warn: hears that the device went and came back.
            opener: opens it, as `open_v4l2` does.
            backoff: how long to wait between attempts to reopen.
            pause: waits that many seconds; by default until then or until `close`.

        Raises:
            SourceError: there is no such device, or it gives no images.
        """
        self.name = device
        self._clock, self._warn, self._opener = clock, warn, opener
        self._backoff = backoff or Backoff()
        self._closed = Event()
        self._pause = pause or self._closed.wait
        self._lock = Lock()  # a capture must not be released while another thread reads it
        self._next = 0
        self._capture = opener()
        if not _gives_images(self._capture):
            self._capture.release()
            raise SourceError(_missing(device))
        self.fps = self._capture.get(cv2.CAP_PROP_FPS)

    def __next__(self) -> Frame:
        while not self._closed.is_set():
            frame = self._grab()
            if frame is not None:
                return frame
            if not self._closed.is_set():
                self._reopen()
        raise StopIteration

    def close(self) -> None:
        """Release the device and end the iteration."""
        self._closed.set()
        with self._lock:
            self._capture.release()

    def _grab(self) -> Frame | None:
        with self._lock:
            if self._closed.is_set() or not self._capture.grab():
                return None
            stamp = self._clock()  # before decoding, which takes longer than the arrival
            decoded, image = self._capture.retrieve()
        if not decoded:
            return None
        self._next += 1
        return Frame(stamp, np.asarray(image, np.uint8), self._next - 1)

    def _reopen(self) -> None:
        """Wait, with growing pauses, until the device is there again or the source is closed."""
        self._warn(f"camera {self.name} gives no images; it is reopened as soon as it is back")
        while not self._closed.is_set():
            self._pause(self._backoff.next_s())
            with self._lock:
                self._capture.release()
                if self._closed.is_set():
                    return
                self._capture = self._opener()
                if _gives_images(self._capture):
                    break
        self._backoff.reset()
        self._warn(f"camera {self.name} is back")


def _gives_images(capture: Capture) -> bool:
    """A camera's metadata device opens too, but gives none."""
    return capture.isOpened() and capture.grab()


def _missing(device: str) -> str:
    path = DEVICES / f"video{device}" if device.isdigit() else Path(device)
    present = ", ".join(str(p) for p in sorted(DEVICES.glob("video*"))) or "none"
    if path.exists():
        remedy = "close the program that uses it, add this user to the group `video`, or name another device"
    else:
        remedy = "plug it in, name a device that is present, or use the source builtin"
    return f"camera {path} cannot be opened (devices present: {present}); {remedy}"
