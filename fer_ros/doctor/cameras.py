"""Which cameras there are. They are listed, never opened: nobody asked for a picture."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from fer_ros.doctor.finding import Finding, fine, warning

ROOT = Path("/")
NAMES = "sys/class/video4linux"


def may_use(device: Path) -> bool:
    """Whether this user may read and steer a device."""
    return os.access(device, os.R_OK | os.W_OK)


def cameras(root: Path = ROOT, usable: Callable[[Path], bool] = may_use) -> Iterator[Finding]:
    """Video devices, by name, and whether they can be used.

    Args:
        root: where dev, sys and proc are.
        usable: whether this user may use a device.
    """
    found = {path.name.removeprefix("video"): path for path in root.glob("dev/video*")}
    devices = [found[number] for number in sorted(filter(str.isdigit, found), key=int)]
    if not devices:
        yield warning(
            "cameras", "there is none", "connect one; videos, bags and the built-in source do without"
        )
        return
    taken = _taken({os.path.realpath(device) for device in devices})
    for device in devices:
        by = taken.get(os.path.realpath(device), "")
        yield _camera(device, _about(root, device), by, usable=usable(device))


def _camera(device: Path, about: str, taken_by: str, *, usable: bool) -> Finding:
    name, said = device.name, f"{device}: {about}"
    if not usable:
        return warning(
            name, f"{said}; you may not open it", "sudo usermod -aG video $USER, then log in again"
        )
    if taken_by:
        return warning(name, f"{said}; {taken_by} is using it", f"end {taken_by}, or choose another camera")
    return fine(name, f"{said}, free")


def _about(root: Path, device: Path) -> str:
    """The name that the driver gives it; most cameras have a second device, without pictures."""
    folder = root / NAMES / device.name
    try:
        name = (folder / "name").read_text("utf-8", "replace").strip()
        second = (folder / "index").is_file() and (folder / "index").read_text().strip() != "0"
    except OSError:
        return "a device without a name"
    return f"{name} (no pictures: its second device)" if second else name


def _taken(devices: set[str]) -> dict[str, str]:
    """Device → the program that has it open, as far as this user may see."""
    found: dict[str, str] = {}
    for process in ROOT.glob("proc/[0-9]*"):
        try:
            opened = {os.path.realpath(link) for link in (process / "fd").iterdir()} & devices
            program = (process / "comm").read_text().strip() if opened else ""
        except OSError:  # somebody else's, or it has just ended
            continue
        found |= dict.fromkeys(opened, f"{program} (process {process.name})")
    return found
