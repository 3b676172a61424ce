"""Third-party models: what they are, where they are, and how they come from their official addresses."""

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fcntl import LOCK_EX, flock
from hashlib import sha256
from pathlib import Path

from fer_ros.faces.reader import FILE as LANDMARKER
from fer_ros.faces.yunet import FILE as YUNET
from fer_ros.transfer import FetchError, Progress, download, shown

MIRRORS = "FER_ROS_MODEL_MIRRORS"
READABLE = 0o644  # whoever fetched it need not be the robot's user


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
    return _digest(path) == asset.sha256


def addresses(asset: Asset, only: Sequence[str] = ()) -> list[str]:
    """Where to ask for an asset, in this order.

    Args:
        asset: what is wanted.
        only: mirrors, and nobody else; without them the mirrors of FER_ROS_MODEL_MIRRORS, separated by
            spaces, and the official address last.
    """
    mirrors = [f"{prefix.rstrip('/')}/{asset.file}" for prefix in only or os.environ.get(MIRRORS, "").split()]
    return mirrors if only else [*mirrors, asset.url]


def fetch(
    asset: Asset, folder: Path, timeout_s: float, urls: Sequence[str], progress: Progress | None = None
) -> Path:
    """Download an asset, check it, and only then give it its name.

    What came of it before a connection broke stays beside it, named .part, and is taken up the next time.
    Of several processes one fetches and the others wait for it.

    Args:
        asset: what to fetch.
        folder: where to; made where it is missing. A file there that is intact stays.
        timeout_s: how long an address may take to answer, and to go on when it has stopped.
        urls: addresses, tried in turn.
        progress: called as bytes come.

    Raises:
        FetchError: a folder that cannot be written to; or from every address no answer in time, an
            answer without the file, a connection that is cut again and again, or other content.
    """
    target, part, failures = folder / asset.file, folder / f"{asset.file}.part", []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _alone(part):
            if target.is_file() and is_intact(asset, target):
                part.write_bytes(b"")
                return target
            for url in urls:
                try:
                    return _fetch_from(url, asset, part, timeout_s, progress)
                except FetchError as error:
                    failures.append(str(error))
    except OSError as error:
        raise FetchError(f"{folder} cannot be written to ({error.strerror}); give --to") from error
    raise FetchError(f"{asset.file}: {'; '.join(failures)}")


@contextmanager
def _alone(part: Path) -> Iterator[None]:
    """Keep other processes away from a partial file; it goes in the end where there is nothing in it."""
    while True:
        with part.open("ab") as file:
            flock(file, LOCK_EX)
            if not _is(part, file.fileno()):
                continue  # whoever had it before has given it its name
            try:
                yield
            finally:
                if _is(part, file.fileno()) and not part.stat().st_size:
                    part.unlink()
            return


def _is(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False


def _fetch_from(url: str, asset: Asset, part: Path, timeout_s: float, progress: Progress | None) -> Path:
    """Raises FetchError where this address does not give the file, OSError where it cannot be kept."""
    begun = part.stat().st_size > 0
    download(url, part, timeout_s, progress)
    if begun and not is_intact(asset, part):  # what was there already may be to blame
        part.write_bytes(b"")
        download(url, part, timeout_s, progress)
    if not is_intact(asset, part):
        found = _digest(part)
        part.write_bytes(b"")
        raise FetchError(f"{shown(url)} has sha256 {found}, not {asset.sha256}: it was not kept")
    part.chmod(READABLE)
    return part.replace(part.with_name(asset.file))


def _digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()


def _names() -> str:
    return ", ".join(asset.name for asset in ASSETS)
