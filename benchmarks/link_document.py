"""Three links and what they teach: docs/link/three-links.md with its plots, from three recorded runs.

python -m benchmarks.link_document [--clip talk.mp4] [options of fer_ros run]

It is a benchmark and no verb of `fer_ros link`, because those need no ROS and send nothing: this one runs
the real graph for two minutes and measures the machine too. Close other programs first.
"""

import argparse
import shlex
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import graph, link_lessons
from benchmarks.link_lessons import ms
from fer_ros.bags.run import RecordedRun, read_run
from fer_ros.evaluate import canvas
from fer_ros.evaluate.markdown import table
from fer_ros.evaluate.run import machine
from fer_ros.evaluate.run_figures import RunFigures, figures_of
from fer_ros.evaluate.run_plot import run_plot
from fer_ros.link.ladder import load_ladder
from fer_ros.resources import share

OUT = Path(__file__).resolve().parent.parent / "docs" / "link"
DOCUMENT = "three-links.md"
CUT_AT_S, CUT_FOR_S = 8, 5


@dataclass(frozen=True)
class Case:
    """A link to run over.

    Attributes:
        file: name of its plot, without the ending.
        title: of its section.
        seconds: how long the graph runs.
        options: of `fer_ros run`.
        lesson: what a run over it teaches, in its own figures.
    """

    file: str
    title: str
    seconds: float
    options: tuple[str, ...]
    lesson: Callable[[RecordedRun, RunFigures], str]


@dataclass(frozen=True, eq=False)
class Told:
    """A case and what came of it."""

    case: Case
    run: RecordedRun
    figures: RunFigures


CASES = (
    Case("wifi", "A wifi", 25, ("--profile", "wifi"), link_lessons.steady),
    Case("walk", "A walk out of its reach and back", 55, ("--profile", "walk"), link_lessons.changing),
    Case(
        "cut",
        "A wifi, cut and mended",
        25,
        ("--profile", "wifi", "--cut-link", str(CUT_AT_S), str(CUT_FOR_S)),
        link_lessons.cut,
    ),
)
ROWS: dict[str, Callable[[RunFigures], str]] = {
    "recorded": lambda f: f"{f.span_s:.1f} s",
    "mode changes": lambda f: str(f.mode_changes),
    "time ONLINE": lambda f: f"{f.mode_s.get('ONLINE', 0.0):.1f} s",
    "cloud results": lambda f: str(f.results),
    "their age on arrival, median": lambda f: ms(f.arrival_p50_ms),
    "95 % of them were younger than": lambda f: ms(f.arrival_p95_ms),
    "age of the newest one at any moment, median": lambda f: ms(f.newest_p50_ms),
    "95 % of the time it was younger than": lambda f: ms(f.newest_p95_ms),
    "goodput, mean": lambda f: f"{f.goodput_kbps:.0f} kbit/s" if isfinite(f.goodput_kbps) else "-",
    "published: robot's, both combined, cloud's": lambda f: " ".join(
        str(f.estimates.get(name, 0)) for name in ("robot", "both", "cloud")
    ),
    "age of what is published, median": lambda f: ms(f.emotion_p50_ms),
    "longest gap between estimates": lambda f: ms(f.longest_gap_ms),
    "time on each rung": lambda f: ", ".join(
        f"{name} {seconds:.1f} s" for name, seconds in list(f.rung_s.items())[: link_lessons.SHOWN]
    ),
}


def run_case(case: Case, folder: Path, options: Sequence[str]) -> Told:
    """Run the graph over a link and read what it recorded."""
    bag = folder / case.file
    graph.composed(case.seconds, "--record", str(bag), *case.options, *options)
    run = read_run(bag)
    return Told(case, run, figures_of(run))


def document(told: Sequence[Told], command: str) -> str:
    """The document, in Markdown; every figure is from the recordings."""
    runs = (
        f"`fer_ros run --duration {t.case.seconds:g} {' '.join(t.case.options)} --record {t.case.file}`"
        for t in told
    )
    rows = [(name, *(figure(t.figures) for t in told)) for name, figure in ROWS.items()]
    parts = [
        "# Three links",
        "What becomes of one and the same graph over three links. Each plot is one recording, drawn by "
        "`fer_ros link plot`; every figure is taken from the recordings, none was typed.",
        table(("", *(t.case.title for t in told)), rows),
        *(part for t, run in zip(told, runs, strict=True) for part in _section(t, run)),
        f"By `{command}` on {machine()}; what stands behind the command's name was given to every run. Ages "
        "and gaps are of that machine, which did the cloud's work too.",
    ]
    return "\n\n".join(parts) + "\n"


def _section(told: Told, command: str) -> list[str]:
    case = told.case
    return [
        f"## {case.title}",
        f"{command}, then `fer_ros link plot {case.file}`",
        f"![{case.title}: mode, rung, rates, age of the newest cloud result and both estimates over time]"
        f"({case.file}.png)",
        case.lesson(told.run, told.figures),
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run, plot and write."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    parser = argparse.ArgumentParser(prog="python -m benchmarks.link_document", description=__doc__)
    parser.add_argument("--clip", type=Path, help="a video of a person, instead of the built-in source")
    parser.add_argument("--out", type=Path, default=OUT, help="folder of the document (default docs/link)")
    args, options = parser.parse_known_args(given)
    if args.clip is not None:
        options += ["--source", "video", "--input", str(args.clip), "--camera.loop", "true"]
    canvas.require_matplotlib()
    args.out.mkdir(parents=True, exist_ok=True)
    ladder = load_ladder(share("config") / "ladder.yaml")
    told = []
    with TemporaryDirectory() as folder:
        for case in CASES:
            print(f"{case.title}: {case.seconds:g} s", file=sys.stderr, flush=True)
            told.append(run_case(case, Path(folder), options))
            canvas.save(run_plot(told[-1].run, ladder, case.title), args.out / f"{case.file}.png")
    shown = [args.clip.name if args.clip and word == str(args.clip) else word for word in given]
    command = shlex.join(["python", "-m", "benchmarks.link_document", *shown])
    (args.out / DOCUMENT).write_text(document(told, command), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
