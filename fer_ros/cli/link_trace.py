"""`fer_ros link trace`: traces of rates over time, of scenes, and what a trace holds."""

import argparse
import json
from pathlib import Path
from typing import Any

from fer_ros.cli.link_options import number
from fer_ros.link.scenes import SCENES, scene_trace
from fer_ros.link.traces import Trace, read_rates, read_trace, trace_of, write_trace

SUFFIX = ".trace"


def add(verbs: Any) -> None:
    """Add the verb."""
    parser = verbs.add_parser(
        "trace",
        help="make a Mahimahi trace, or say what one holds",
        description="Make a trace of rates in a CSV file (columns t_s,kbps) or of a scene, or describe one.",
    )
    parser.add_argument(
        "source", metavar="SOURCE", help=f"a .csv or {SUFFIX} file, or a scene: {', '.join(SCENES)}"
    )
    parser.add_argument(
        "--out", type=Path, metavar="TRACE", help=f"file (default: SOURCE{SUFFIX} in this folder)"
    )
    parser.add_argument("--seed", type=number(int, 0, 2**31 - 1), default=1, help="of a scene (default 1)")
    parser.add_argument("--json", action="store_true", help="one JSON object, for programs")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Make or read the trace, and describe it."""
    source = Path(args.source)
    if source.suffix == SUFFIX and args.out is None:
        trace, out = read_trace(source), None
    else:
        trace, out = _made(source, args), args.out or Path(source.stem + SUFFIX)
        write_trace(trace, out)
    about = {
        "file": str(out or source),
        "written": out is not None,
        "packets": len(trace.times_ms),
        "lap_s": trace.lap_s,
        "mean_kbps": round(trace.mean_kbps, 1),
        "longest_gap_s": _longest_gap_s(trace),
    }
    print(json.dumps(about) if args.json else _text(about))
    return 0


def _made(source: Path, args: argparse.Namespace) -> Trace:
    if source.suffix == SUFFIX:
        return read_trace(source)
    if source.suffix == ".csv":
        return trace_of(source.stem, *read_rates(source))
    return scene_trace(args.source, args.seed)


def _longest_gap_s(trace: Trace) -> float:
    times = trace.times_ms
    return max(after - before for before, after in zip((0, *times), times, strict=False)) / 1000


def _text(about: dict[str, Any]) -> str:
    return (
        f"{about['file']}: {about['packets']} packets in {about['lap_s']:g} s, {about['mean_kbps']:g} kbit/s "
        f"on average, {about['longest_gap_s']:g} s without any at most"
    )
