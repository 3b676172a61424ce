"""`fer_ros dataset blendshapes` and `select`: what MediaPipe reads in a dataset, and what of it matters."""

from __future__ import annotations

import argparse
import csv
import json
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fer_ros.datasets import catalogue, selection_rule
from fer_ros.environment import model_folders

if TYPE_CHECKING:
    from fer_ros.datasets import extraction

BLENDSHAPES = """examples:
  fer_ros dataset blendshapes jaffe jaffe.zip --out jaffe.npz
  fer_ros dataset blendshapes mmi MMI --out mmi.npz     misses are rows of NaN, listed in mmi.misses.csv
"""
SELECT = """examples:
  fer_ros dataset select jaffe.npz
  fer_ros dataset select mmi.npz --score 0.3 --images 50 --json
"""


def add(verbs: Any) -> None:
    """Add the verbs."""
    _add_blendshapes(verbs)
    _add_select(verbs)


def run_blendshapes(args: argparse.Namespace) -> int:
    """Read the blendshapes of every frame."""
    from fer_ros.datasets import extraction
    from fer_ros.faces.haar import HaarFinder
    from fer_ros.faces.open import open_landmarks

    adapter = catalogue.adapter(args.name)
    clips = adapter.load(args.path)
    finder = None if adapter.CROPPED else HaarFinder()
    unfinished = args.out.with_suffix(".unfinished")
    with bar(f"blendshapes of {args.name}") as progress:
        found = extraction.extract(
            clips, finder, lambda: open_landmarks(model_folders()), unfinished, progress
        )
    found.save(args.out)
    shutil.rmtree(unfinished)
    print(f"{args.out}: {len(found.frame)} frames of {len(clips)} clips, {_misses(found, args.out)}")
    return 0


def run_select(args: argparse.Namespace) -> int:
    """Name the blendshapes that say something in a dataset."""
    from fer_ros.datasets import extraction
    from fer_ros.faces.blendshapes import NAMES

    shapes = extraction.load_blendshapes(args.file)
    counts = selection_rule.times_above(shapes, args.score)
    kept = [NAMES[column] for column in selection_rule.selected(shapes, args.score, args.images)]
    if args.json:
        print(json.dumps(kept))
        return 0
    least = f"{args.images} or more of {len(shapes)} faces"
    print(f"{len(kept)} of {len(NAMES)} exceed {args.score:g} in {least}:")
    for name in kept:
        print(f"  {name:<20} {counts[NAMES.index(name)]:>6}")
    return 0


def _misses(found: extraction.Extracted, out: Path) -> str:
    """List the rows of NaN in a file beside `out`, and say how many there are."""
    path, missed = out.with_suffix(".misses.csv"), found.missed
    why = ["not read" if seen else "no face found" for seen in found.found[missed]]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("clip", "frame", "why"))
        writer.writerows(zip(found.clip[missed], found.frame[missed], why, strict=True))
    return f"{len(why)} without blendshapes, listed in {path}"


def _add_blendshapes(verbs: Any) -> None:
    parser = verbs.add_parser(
        "blendshapes",
        help="read MediaPipe's 52 blendshapes of every frame's face",
        epilog=BLENDSHAPES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("name", help="a name of `fer_ros dataset list`")
    parser.add_argument("path", type=Path, help="its folder or archive")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.npz", help="file to write")
    parser.set_defaults(run=run_blendshapes)


def _add_select(verbs: Any) -> None:
    parser = verbs.add_parser(
        "select",
        help="the blendshapes that score high often enough (Attrah's rule)",
        epilog=SELECT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", type=Path, metavar="FILE.npz", help="what `blendshapes` wrote")
    parser.add_argument("--score", type=float, default=selection_rule.SCORE, help="to exceed (default 0.4)")
    parser.add_argument(
        "--images", type=int, default=selection_rule.IMAGES, help="that must exceed it (default 100)"
    )
    parser.add_argument("--json", action="store_true", help="one JSON list, for programs")
    parser.set_defaults(run=run_select)


@contextmanager
def bar(what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar for a terminal; gives what to call with the work done and the work in all."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    hidden = not sys.stderr.isatty()
    with Progress(*columns, console=Console(stderr=True), transient=True, disable=hidden) as progress:
        task = progress.add_task(what, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)
