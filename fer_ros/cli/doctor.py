"""`fer_ros doctor`: what works here, what would be used, and what is missing, with a remedy for each."""

import argparse
import ctypes
import json
import os
import platform
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from typing import Any, TextIO

from fer_ros.doctor import cameras, dds, interfaces, machine, models, software
from fer_ros.doctor.finding import Finding, State, failure, fine, healthy, warning
from fer_ros.resources import share
from fer_ros.web.params import WebParams

EPILOG = """examples:
  fer_ros doctor
  fer_ros doctor --json

Nothing is sent or downloaded, and no camera is opened: cameras are listed, not looked through.

exit status: 0 when everything that is needed is there, 1 when something is not
"""
SHAPES = {State.OK: "\N{CHECK MARK}", State.WARN: "!", State.FAIL: "\N{MULTIPLICATION X}"}
PLAIN_SHAPES = {State.OK: "+", State.WARN: "!", State.FAIL: "x"}
COLOURS = {State.OK: "32", State.WARN: "33", State.FAIL: "31"}  # of ANSI: green, yellow, red
NO_ROS = (
    "ROS 2 is not installed: `run`, `replay` and `security` need it; videos, pictures, bags and models do not"
)
GET_ROS = "make build, or source /opt/ros/DISTRO/setup.bash"
UNSYNCHRONISED = 5  # of adjtimex(2): TIME_ERROR


def add(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "doctor",
        help="say what works here, what would be used, and what is missing",
        description="Look at software, models, cameras, ROS and machine; say what is missing and what helps.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--json", action="store_true", help="one JSON object, for programs")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Look, and tell."""
    began = time.time() - time.monotonic()
    areas = {
        "software": _asked("packages", software.software),
        "models": [
            *_asked("own models", lambda: models.own(share("models"))),
            *_asked("models of others", _models_of_others),
            *_asked("faces", _faces),
        ],
        "cameras": _asked("cameras", cameras.cameras),
        "ROS 2": _asked("ROS 2", _ros),
    }
    areas["machine"] = _asked("machine", lambda: _machine(time.time() - time.monotonic() - began))
    findings = [finding for area in areas.values() for finding in area]
    if args.json:
        told = [{"area": area, **asdict(finding)} for area, some in areas.items() for finding in some]
        print(json.dumps({"version": software.own_version(), "healthy": healthy(findings), "findings": told}))
    else:
        _tell(areas, sys.stdout)
    return 0 if healthy(findings) else 1


def _asked(name: str, look: Callable[[], Iterable[Finding]]) -> list[Finding]:
    """What a look finds. It must not end the others: whoever asks a doctor has something broken."""
    try:
        return list(look())
    except Exception as error:  # whatever is broken there
        return [failure(name, f"cannot be looked at ({error})", "mend what is missing above, and ask again")]


def _models_of_others() -> Iterator[Finding]:
    from fer_ros.environment import model_folders
    from fer_ros.fetch import ASSETS, find, is_intact

    folders = model_folders()
    for asset in ASSETS:
        path = find(asset, folders)
        yield models.of_others(asset.name, path, folders, intact=path is not None and is_intact(asset, path))


def _faces() -> Iterator[Finding]:
    from onnxruntime import get_available_providers

    from fer_ros.environment import model_folders

    yield machine.providers(get_available_providers())
    yield from models.finder_and_reader(model_folders())


def _ros() -> Iterator[Finding]:
    middleware = ""
    try:
        import rclpy
    except Exception as error:  # also a middleware that cannot be loaded
        absent = isinstance(error, ModuleNotFoundError)
        yield warning("rclpy", NO_ROS if absent else f"cannot be loaded ({error})", GET_ROS)
    else:
        middleware = rclpy.get_rmw_implementation_identifier()
        yield fine(
            "rclpy", " of ".join(filter(None, (software.version_of("rclpy"), os.environ.get("ROS_DISTRO"))))
        )
        yield _interfaces()
    yield from dds.dds(os.environ, middleware)


def _interfaces() -> Finding:
    try:
        import fer_ros.msg
        import fer_ros.srv
    except ImportError as error:
        return failure(
            "interfaces", f"not built ({error})", "make build, or colcon build --packages-select fer_ros"
        )
    return interfaces.interfaces({share("msg"): vars(fer_ros.msg), share("srv"): vars(fer_ros.srv)})


def _machine(moved_s: float) -> Iterator[Finding]:
    yield machine.cores(len(os.sched_getaffinity(0)))
    yield machine.memory()
    resolution_s = max(time.get_clock_info(name).resolution for name in ("time", "monotonic"))
    yield from machine.clocks(machine.Clocks(_synchronised(), moved_s, resolution_s))
    page = WebParams()
    yield machine.page(page.host, page.port)


def _synchronised() -> bool | None:
    """Whether the kernel is told the time."""
    state = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(1024))  # zeros: ask, change nothing
    return None if state < 0 else state != UNSYNCHRONISED


def _tell(areas: dict[str, list[Finding]], out: TextIO) -> None:
    """A line each, and a line of remedy below what is not well."""
    say = _Voice(out)
    print(
        f"fer_ros {software.own_version()} on {platform.system()} {platform.release()}, {platform.machine()}",
        file=out,
    )
    for area, findings in areas.items():
        print(f"\n{area}", file=out)
        for finding in findings:
            print(f"  {say.mark(finding.state)}  {finding.name}: {finding.text}", file=out)
            if finding.remedy:
                print(f"          remedy: {finding.remedy}", file=out)
    count = {state: sum(f.state is state for some in areas.values() for f in some) for state in State}
    print(f"\n{count[State.OK]} ok, {count[State.WARN]} to know of, {count[State.FAIL]} missing", file=out)


class _Voice:
    """Marks of states: a word and a shape always, a colour where somebody can see it and has not refused."""

    def __init__(self, out: TextIO) -> None:
        seen = out.isatty() and os.environ.get("TERM") != "dumb"
        self._coloured = seen and not os.environ.get("NO_COLOR")
        self._shapes = SHAPES if (out.encoding or "").lower().startswith("utf") else PLAIN_SHAPES

    def mark(self, state: State) -> str:
        """Shape and word, of one width."""
        text = f"{self._shapes[state]} {state:<4}"
        return f"\033[{COLOURS[state]}m{text}\033[0m" if self._coloured else text
