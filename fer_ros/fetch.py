"""Third-party models: what they are, where they are, and how they come from their official addresses."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from threading import Event, Thread
from typing import Any
from urllib.parse import urlsplit

import pooch
import requests  # type: ignore[import-untyped]

from fer_ros.errors import FerError
from fer_ros.faces.reader import FILE as LANDMARKER
from fer_ros.faces.yunet import FILE as YUNET

ATTEMPTS = 4  # a connection that is cut is taken up again where it stopped
CHUNK_BYTES = 1 << 16
READABLE = 0o644  # pooch leaves it to the user who fetched it, who need not be the robot's
PARTIAL = 206  # HTTP status: the server goes on where it was asked to

Progress = Callable[[int, int | None], None]  # bytes so far, bytes in all where the server says


class FetchError(FerError):
    """A model cannot be fetched from its address."""


@dataclass(frozen=True)
class Asset:
    """A model that others made and that this package does not carry.

    Attributes:
        name: what the parameters finder and reader call it.
        url: its official address.
        sha256: of the file, hexadecimal.
        purpose: what is better with it.
    """

    name: str
    file: str
    url: str
    sha256: str
    licence: str
    purpose: str


ASSETS = (
    Asset(
        "mediapipe",
        LANDMARKER,
        f"https://storage.googleapis.com/mediapipe-models/face_landmarker/face_landmarker/float16/1/{LANDMARKER}",
        "64184e229b263107bc2b804c6625db1341ff2bb731874b0bcc2fe6544e0bc9ff",
        "Apache-2.0 (Google)",
        "landmarks and 52 blendshapes of each face",
    ),
    Asset(
        "yunet",
        YUNET,
        f"https://github.com/opencv/opencv_zoo/raw/main/models/face_detection_yunet/{YUNET}",
        "8f2383e4dd3cfbb4553ea8718107fc0423210dc964f9f4280604804ed2552fa4",
        "MIT (Shiqi Yu)",
        "faces found further away, from 28 px",
    ),
)


def pick(names: Iterable[str]) -> list[Asset]:
    """The assets of these names or files; all without names.

    Raises:
        FetchError: there is none of a name.
    """
    known = {key: asset for asset in ASSETS for key in (asset.name, asset.file)}
    for name in names:
        if name not in known:
            raise FetchError(f"there is no third-party model {name!r}; choose of {_names()}")
    return list(dict.fromkeys(known[name] for name in names)) or list(ASSETS)


def find(asset: Asset, folders: Iterable[Path]) -> Path | None:
    """Where an asset is, whatever its content; None where it is missing."""
    places = (folder / asset.file for folder in folders)
    return next((place for place in places if place.is_file()), None)


def is_intact(asset: Asset, path: Path) -> bool:
    """Whether a file is the asset."""
    return sha256(path.read_bytes()).hexdigest() == asset.sha256


def fetch(
    asset: Asset, folder: Path, timeout_s: float, prefix: str = "", progress: Progress | None = None
) -> Path:
    """Download an asset, check it, and only then give it its name.

    Args:
        asset: what to fetch.
        folder: where to; made where it is missing. A file there that is intact stays.
        timeout_s: how long the address may take to answer, and to go on when it has stopped.
        prefix: of another address that holds the file: a mirror.
        progress: called as bytes come.

    Raises:
        FetchError: no answer in time, an answer without the file, a connection that is cut again and
            again, content with another checksum, or a folder that cannot be written to.
    """
    url = f"{prefix.rstrip('/')}/{asset.file}" if prefix else asset.url
    transfer = _Transfer(asset, url, folder, timeout_s, progress)
    transfer.start()
    if not transfer.answered.wait(timeout_s):
        transfer.given_up.set()
        raise FetchError(f"{asset.file}: {_silent(url, timeout_s)}")
    transfer.join()
    if transfer.error is not None:
        raise transfer.error
    return folder / asset.file


class _Transfer(Thread):
    """One download. A thread, because neither name look-up nor a host of many addresses obeys a timeout.

    Attributes:
        answered: the server has answered, or it is known that it will not.
        given_up: nobody waits any more.
    """

    def __init__(
        self, asset: Asset, url: str, folder: Path, timeout_s: float, progress: Progress | None
    ) -> None:
        super().__init__(name=f"fetch {asset.file}", daemon=True)
        self.answered = Event()
        self.given_up = Event()
        self.error: FetchError | None = None
        self._asset, self._url, self._folder = asset, url, folder
        self._timeout_s, self._progress = timeout_s, progress

    def run(self) -> None:
        """Download; what goes wrong is in `error`."""
        try:
            self._retrieve()
        except FetchError as error:
            self.error = error
        except requests.RequestException as error:
            began = self.answered.is_set()
            # The connection's own timeout runs out with the one of whoever waits; either may be first.
            silent = isinstance(error, requests.Timeout) and not began
            reason = _silent(self._url, self._timeout_s) if silent else _reason(error, self._url, began)
            self.error = FetchError(f"{self._asset.file}: {reason}")
        except OSError as error:
            self.error = FetchError(f"{self._folder} cannot be written to ({error.strerror}); give --to")
        finally:
            self.answered.set()

    def _retrieve(self) -> None:
        pooch.get_logger().setLevel(logging.WARNING)
        received: list[str] = []

        def download(url: str, output: str, _: Any) -> None:
            self._download(url, Path(output))
            received.append(sha256(Path(output).read_bytes()).hexdigest())

        asset = self._asset
        try:
            pooch.retrieve(self._url, f"sha256:{asset.sha256}", asset.file, self._folder, downloader=download)
        except requests.RequestException:  # some are ValueErrors too
            raise
        except ValueError as error:  # pooch's word for another checksum; it has removed the file
            found = f"{asset.file} from {self._url} has sha256 {received[-1]}"
            raise FetchError(f"{found}, not {asset.sha256}: it was not kept") from error
        if received:
            (self._folder / asset.file).chmod(READABLE)

    def _download(self, url: str, output: Path) -> None:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                self._append(url, output)
            except (requests.exceptions.ChunkedEncodingError, requests.ConnectionError, requests.Timeout):
                if attempt == ATTEMPTS or not self.answered.is_set():
                    raise
            else:
                return

    def _append(self, url: str, output: Path) -> None:
        """Take up the file where it stopped, or from its beginning where the server cannot do that."""
        have = output.stat().st_size
        asked = {"Range": f"bytes={have}-"} if have else {}
        with requests.get(url, headers=asked, stream=True, timeout=self._timeout_s) as answer:
            answer.raise_for_status()
            if self.given_up.is_set():
                raise FetchError(f"{self._asset.file}: the answer came too late")
            self.answered.set()
            done = have if answer.status_code == PARTIAL else 0
            left = answer.headers.get("Content-Length")
            with output.open("ab" if done else "wb") as file:
                total = done + int(left) if left else None
                for chunk in answer.iter_content(CHUNK_BYTES):
                    file.write(chunk)
                    done += len(chunk)
                    if self._progress is not None:
                        self._progress(done, total)


def _reason(error: requests.RequestException, url: str, began: bool) -> str:
    if error.response is not None:
        return f"{url} answered {error.response.status_code} {error.response.reason}"
    if isinstance(error, requests.exceptions.InvalidURL | requests.exceptions.MissingSchema):
        return f"{url} is not an address; it takes https://HOST/PATH"
    if isinstance(error, requests.exceptions.SSLError):
        return f"{_host(url)} has no certificate that is trusted here"
    if began:
        return f"{_host(url)} cut the connection or stopped sending, {ATTEMPTS} times"
    return f"{_host(url)} cannot be reached"


def _silent(url: str, timeout_s: float) -> str:
    return f"{_host(url)} did not answer within {timeout_s:g} s"


def _host(url: str) -> str:
    return urlsplit(url).netloc or url


def _names() -> str:
    return ", ".join(asset.name for asset in ASSETS)
