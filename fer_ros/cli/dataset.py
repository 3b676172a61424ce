"""`fer_ros dataset`: which datasets there are, whether a copy is whole, and what is made of them."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fer_ros.datasets import catalogue, lee
from fer_ros.errors import DatasetError, ParameterError
from fer_ros.resources import own_model

if TYPE_CHECKING:
    from fer_ros.datasets import builder
    from fer_ros.datasets.clip import Clip

EPILOG = """examples:
  fer_ros dataset list
  fer_ros dataset check ck48 CK+48.zip
  fer_ros dataset build bigfacex --ckplus CK+ --baum1 BAUM-1 --enterface05 enterface --out bigfacex
  fer_ros dataset blendshapes jaffe jaffe.zip --out jaffe.npz
"""
EPILOGS = {
    "list": "examples:\n  fer_ros dataset list\n  fer_ros dataset list --json\n",
    "check": """examples:
  fer_ros dataset check ck48 CK+48.zip
  fer_ros dataset check ravdess RAVDESS --json
""",
    "build": """examples:
  fer_ros dataset build bigfacex --ckplus CK+ --baum1 BAUM-1 --enterface05 enterface --out bigfacex
  fer_ros dataset build faceparty --ckplus CK+ --kdef-dyn KDEF-dyn --out faceparty --partial

A build that was stopped goes on where it was when the same command is given again.
""",
}
SOURCES = {"bigfacex": lee.BIGFACEX_SOURCES, "faceparty": lee.FACEPARTY_SOURCES}
SHOWN = 5  # errors, each on a line


def add(commands: Any) -> None:
    """Add the command and its verbs."""
    from fer_ros.cli import dataset_shapes as shapes

    parser = commands.add_parser(
        "dataset",
        help="list, check and build datasets, and read their blendshapes",
        description="Published datasets of expressions, read in their own layouts.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    verbs = parser.add_subparsers(metavar="VERB", required=True)
    _add_list(verbs)
    _add_check(verbs)
    _add_build(verbs)
    shapes.add(verbs)


def run_list(args: argparse.Namespace) -> int:
    """List every dataset, and where to ask for it."""
    known = {name: catalogue.adapter(name) for name in catalogue.names()}
    if args.json:
        entries = [
            {"name": name, "title": a.TITLE, "source": a.SOURCE, "labels": a.SPACE}
            for name, a in known.items()
        ]
        print(json.dumps(entries))
        return 0
    for name, adapter in known.items():
        print(f"{name:<12} {adapter.TITLE}\n{'':<12} {adapter.SOURCE}")
    return 0


def run_check(args: argparse.Namespace) -> int:
    """Count what is there."""
    from fer_ros.datasets.census import census

    adapter = catalogue.adapter(args.name)
    clips = adapter.load(args.path)
    counted = census(clips, adapter.SPACE)
    if args.json:
        known = {"labels": counted.labels, "subjects": counted.subjects, "parts": counted.parts}
        print(json.dumps({"name": args.name, "clips": len(clips), **known}))
        return 0
    people = {subject: count for subject, count in counted.subjects.items() if subject}
    print(f"{args.name}: {len(clips)} clips of {len(people) or 'unnamed'} subjects")
    for heading, counts in (("label", counted.labels), ("part", counted.parts), ("subject", people)):
        for name, count in counts.items():
            print(f"  {heading:<8} {name:<12} {count:>6}")
    return 0


def run_build(args: argparse.Namespace) -> int:
    """Build BigFaceX or FaceParty."""
    from fer_ros.cli import dataset_shapes as shapes
    from fer_ros.datasets import builder
    from fer_ros.estimators.model import load_model
    from fer_ros.faces.haar import HaarFinder

    clips = _clips(args)
    finder = HaarFinder()
    if args.name == "bigfacex":
        cut, scorer = partial(lee.bigfacex, finder=finder), ""
    else:
        model = load_model(own_model(args.scorer))
        cut = partial(
            lee.faceparty, finder=finder, scorer=lambda faces: model.predict({"face": faces}, "fer2013")
        )
        scorer = model.card.identity
    sources = tuple(dict.fromkeys(clip.dataset for clip in clips))
    protocol = builder.Protocol(args.name, sources, args.seed, scorer)
    with shapes.bar(args.name) as progress:
        built = builder.build(protocol, clips, cut, args.out, progress)
    _tell(built, args.out)
    return 0


def _add_list(verbs: Any) -> None:
    parser = _verb(verbs, "list", "every dataset that can be read, and where to ask for it")
    parser.add_argument("--json", action="store_true", help="one JSON list, for programs")
    parser.set_defaults(run=run_list)


def _add_check(verbs: Any) -> None:
    parser = _verb(verbs, "check", "count a copy's clips by label and subject, or say what it lacks")
    _add_dataset(parser)
    parser.add_argument("--json", action="store_true", help="one JSON object, for programs")
    parser.set_defaults(run=run_check)


def _add_build(verbs: Any) -> None:
    parser = _verb(verbs, "build", "make the windows of BigFaceX or FaceParty")
    parser.add_argument("name", choices=tuple(SOURCES), help="which of the two")
    for source in lee.FACEPARTY_SOURCES:
        option = f"--{source.replace('_', '-')}"
        title = catalogue.adapter(source).TITLE.partition(":")[0]
        parser.add_argument(option, dest=source, type=Path, metavar="DIR", help=f"folder of {title}")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder to write")
    parser.add_argument("--partial", action="store_true", help="go on without the sources that are not given")
    parser.add_argument("--seed", type=int, default=0, help="of the splits (default 0)")
    parser.add_argument(
        "--scorer", default="cloud", metavar="MODEL", help="chooses FaceParty's frames (default cloud)"
    )
    parser.set_defaults(run=run_build)


def _verb(verbs: Any, name: str, help: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = verbs.add_parser(
        name, help=help, epilog=EPILOGS[name], formatter_class=argparse.RawDescriptionHelpFormatter
    )
    return parser


def _add_dataset(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", help="a name of `fer_ros dataset list`")
    parser.add_argument("path", type=Path, help="its folder or archive")


def _clips(args: argparse.Namespace) -> list[Clip]:
    """Clips of every source that was given.

    Raises:
        ParameterError: a source is not given, or is none of this dataset's.
    """
    wanted = SOURCES[args.name]
    given = [source for source in lee.FACEPARTY_SOURCES if getattr(args, source)]
    extra = [source for source in given if source not in wanted]
    if extra:
        raise ParameterError(f"{args.name} holds no {', '.join(extra)}; it takes {', '.join(wanted)}")
    absent = [source for source in wanted if source not in given]
    if absent and not (args.partial and given):
        asked = "; ".join(f"{source}: {catalogue.adapter(source).SOURCE}" for source in absent)
        raise DatasetError(
            f"{args.name} lacks {', '.join(absent)} ({asked}); "
            "give them, or build from the others with --partial"
        )
    return [clip for source in given for clip in catalogue.adapter(source).load(getattr(args, source))]


def _tell(built: builder.Built, out: Path) -> None:
    from fer_ros.emotions import BIGFACEX

    counts = Counter(row.label for row in built.rows)
    counted = ", ".join(f"{label} {counts[label]}" for label in BIGFACEX)
    print(f"{out}: {len(built.rows)} windows ({counted})")
    _some("gave no window for want of a face or of frames", built.faceless)
    _some("could not be read; they are tried again next time", built.unreadable)


def _some(what: str, items: Iterable[str]) -> None:
    lines = list(items)
    if lines:
        more = [f"and {len(lines) - SHOWN} more"] if len(lines) > SHOWN else []
        print("\n  ".join([f"{len(lines)} clips {what}:", *lines[:SHOWN], *more]))
