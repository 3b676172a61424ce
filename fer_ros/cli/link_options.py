"""What the verbs of `fer_ros link` that send messages share: options, and how results are shown."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fer_ros.errors import ParameterError
from fer_ros.link.profiles import LinkProfile, load_profiles
from fer_ros.resources import share

if TYPE_CHECKING:
    from fer_ros.link.journeys import Journey

LINES = 12  # of the table, unless told otherwise


def add_showing(parser: argparse.ArgumentParser) -> None:
    """Add the options of a verb whose results `show` shows."""
    parser.add_argument(
        "--links-file", type=Path, help="links file, or folder of such files (default: the installed)"
    )
    parser.add_argument(
        "--seed", type=number(int, 0, 2**31 - 1), default=1, help="of jitter, loss and outages"
    )
    parser.add_argument(
        "--every", type=number(float, 0.001, 1e6), metavar="S", help="s of each line of the table"
    )
    parser.add_argument(
        "--out", type=Path, metavar="PNG", help="plot delay, throughput, loss and queue over time"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object, for programs")


def profiles(args: argparse.Namespace) -> dict[str, LinkProfile]:
    """The profiles to choose from."""
    return load_profiles(args.links_file or share("config") / "links")


def check_out(args: argparse.Namespace) -> None:
    """Raise FerError now, not after the work, unless a plot that is asked for can be drawn."""
    from fer_ros.evaluate import canvas

    if args.out is not None:
        canvas.require_matplotlib()


def show(
    args: argparse.Namespace, about: dict[str, Any], journeys: Sequence[Journey], duration_s: float
) -> None:
    """Print what became of messages over time, and plot it where that is asked for.

    Args:
        args: with the options of `add_showing`.
        about: what was sent over which link, for the title and for programs.
        journeys: in the order of sending.
        duration_s: s, for how long was sent.
    """
    from fer_ros.evaluate import canvas
    from fer_ros.evaluate.journeys_plot import journeys_plot
    from fer_ros.link.journeys import stretches, whole
    from fer_ros.link.journeys_text import as_plain, table_text

    if not journeys:
        raise ParameterError("no message was sent; raise the duration or the rate")
    every_s = args.every or max(duration_s / LINES, 0.001)
    parts, total = stretches(journeys, every_s), whole(journeys)
    title = ", ".join(f"{name} {value}" for name, value in about.items() if value is not None)
    if args.out is not None:
        canvas.save(journeys_plot(journeys, parts, every_s, title), args.out)
    if args.json:
        print(json.dumps({**about, "all": as_plain(total), "stretches": [as_plain(part) for part in parts]}))
    else:
        print(f"{title}\n{table_text(parts, total)}")


def number(kind: Callable[[str], float], low: float, high: float) -> Callable[[str], float]:
    """A reader of numbers from `low` to `high`, for argparse."""

    def read(text: str) -> float:
        try:
            value = kind(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(f"{text!r} is not a number") from error
        if not low <= value <= high:
            raise argparse.ArgumentTypeError(f"{text} is out of bounds; it takes {low:g} to {high:g}")
        return value

    return read
