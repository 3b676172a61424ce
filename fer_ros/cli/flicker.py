"""`fer_ros flicker`: how steady a model is on clips, and how late it shows a change."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from math import isfinite, isnan
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fer_ros.cli.watching import add_watching, bar, estimator_params, held_watcher, open_watcher, warn
from fer_ros.errors import FerError, ParameterError

if TYPE_CHECKING:
    from fer_ros.evaluate.clips import Changes
    from fer_ros.evaluate.steadiness import Compared
    from fer_ros.evaluate.watch import Watched, Watcher

EPILOG = """examples:
  fer_ros flicker robot talk.mp4
  fer_ros flicker robot talk.mp4 --changes talk.csv                columns: t,label
  fer_ros flicker robot *.mp4 --changes hand.csv --out steadiness  columns: clip,t,label
  fer_ros flicker robot --stills FERPlus.zip --rate 15

A line of --changes says which label is the true one from t (s) on; an empty label, that none is known.
--stills makes clips in which that is known: two validation faces, 2 s each, before a trembling camera.
"""


PAIRS = 200


def add(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "flicker",
        help="label changes per minute on clips, and the delay of real ones",
        description="Compare a model's streaming estimate with the same model frame by frame.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("model", metavar="MODEL", help="a model of this package, or the path of a folder")
    watched = parser.add_mutually_exclusive_group(required=True)
    watched.add_argument("clips", nargs="*", default=[], type=Path, metavar="CLIP", help="video files")
    watched.add_argument("--stills", type=Path, metavar="DATA", help="FERPlus.zip or an unpacked FERPlus/")
    parser.add_argument("--rate", type=rate, default=30.0, metavar="HZ", help="images a second of --stills")
    parser.add_argument("--changes", type=Path, metavar="CSV", help="labels by hand: t,label or clip,t,label")
    parser.add_argument("--out", type=Path, help="folder for flicker.json and a timeline of each clip")
    parser.add_argument("--no-plots", action="store_true", help="draw no timelines; matplotlib is not needed")
    parser.add_argument("--json", action="store_true", help="one JSON object, for programs")
    add_watching(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Watch, print, and write where a folder is given."""
    if args.out:
        _make(args.out)  # before the work, not after it
    compared = _compared_on_stills(args) if args.stills else _compared_on_clips(args)
    content = _content(args.model, compared)
    if args.out:
        _write(args.out / "flicker.json", json.dumps(content, indent=1, allow_nan=False) + "\n")
    print(json.dumps(content) if args.json else _text(compared))
    return 0


def rate(text: str) -> float:
    """A rate that makes clips of several images, 1/s."""
    value = float(text)
    if not 1 <= value <= 240:
        raise argparse.ArgumentTypeError(f"{text} is not from 1 to 240 images a second")
    return value


def _compared_on_stills(args: argparse.Namespace) -> dict[str, Compared]:
    """All the pairs together, under one name."""
    from fer_ros.evaluate.held import held_clips
    from fer_ros.evaluate.samples import from_ferplus
    from fer_ros.evaluate.steadiness import compare, total

    if args.changes:
        raise ParameterError(f"--changes {args.changes}: --stills change at known times; leave it out")
    watcher = held_watcher(args, args.model)
    samples = from_ferplus(args.stills, estimator_params(args).labels, "validation")
    name = f"{PAIRS} pairs of faces, {args.rate:g} images a second"
    found = []
    with bar(name) as shown:
        for clip in held_clips(samples, PAIRS, args.rate):
            (watched,) = watcher.watch(clip.frames).values()
            found.append(compare(watched, clip.labels))
            shown.update(shown.task_ids[0], advance=1 / PAIRS)
    return {name: total(found)}


def _compared_on_clips(args: argparse.Namespace) -> dict[str, Compared]:
    """Clip by clip; timelines are drawn on the way where there is a folder for them."""
    from fer_ros.emotions import LABEL_SPACES
    from fer_ros.evaluate import canvas
    from fer_ros.evaluate.clips import read_changes
    from fer_ros.evaluate.steadiness import compare

    with_plots = args.out is not None and not args.no_plots
    if with_plots:
        canvas.require_matplotlib()
    space = estimator_params(args).labels
    by_hand = read_changes(args.changes, args.clips, space) if args.changes else {}
    with open_watcher(args, [args.model]) as watcher:
        watched = {clip: _watch(watcher, clip) for clip in args.clips}
    if with_plots:
        _draw(args, watched, by_hand, LABEL_SPACES[space])
    return {str(clip): compare(one, by_hand.get(clip, ())) for clip, one in watched.items()}


def _watch(watcher: Watcher[Watched], clip: Path) -> Watched:
    from fer_ros.sources.video import VideoSource

    with VideoSource(clip, warn) as source, bar(clip.name) as shown:
        (task,) = shown.task_ids
        shown.update(task, total=None)
        (found,) = watcher.watch((frame.image, frame.stamp) for frame in source).values()
    return found


def _content(model: str, compared: Mapping[str, Compared]) -> dict[str, Any]:
    from fer_ros.evaluate.report import rounded
    from fer_ros.evaluate.steadiness import total

    plain: dict[str, Any] = rounded(
        {
            "model": model,
            "all": total(compared.values()).as_dict(),
            "clips": {clip: one.as_dict() for clip, one in compared.items()},
        }
    )
    return plain


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(folder, error) from error


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise _unwritable(path.parent, error) from error


def _unwritable(folder: Path, error: OSError) -> FerError:
    return FerError(f"{folder} cannot be written ({error.strerror}); name another folder")


def _draw(
    args: argparse.Namespace,
    watched: Mapping[Path, Watched],
    by_hand: Mapping[Path, Changes],
    labels: tuple[str, ...],
) -> None:
    from fer_ros.evaluate import canvas, plots

    for place, (clip, one) in enumerate(watched.items(), 1):
        stamps = one.stamps.tolist()
        streams = {"frame by frame": (stamps, one.shown_singly), "streaming": (stamps, one.shown)}
        if clip in by_hand:
            times, names = zip(*by_hand[clip], strict=True)
            streams["by hand"] = (list(times), [name or None for name in names])
        seen = {label for _, shown in streams.values() for label in shown}
        rows = [label for label in labels if label in seen] or list(labels)
        title = f"{args.model} on {clip.name}, n = {len(stamps)} images"
        # Numbered: two clips of different folders may have the same name.
        canvas.save(plots.timeline_plot(streams, rows, title), args.out / f"{place}-{clip.stem}.png")


def _text(compared: Mapping[str, Compared]) -> str:
    from fer_ros.evaluate.steadiness import total

    named = dict(compared)
    if len(named) > 1:
        named["all clips"] = total(compared.values())
    return "\n".join(line for name, one in named.items() for line in _lines(name, one))


def _lines(name: str, one: Compared) -> list[str]:
    from fer_ros.evaluate.steadiness import SOON_S

    lines = [f"{name}: {one.images} images, {one.with_label} with a label"]
    for words, figures in (("streaming", one.streaming), ("frame by frame", one.single)):
        text = f"  {words:<15}{_number(figures.flicker.per_minute)} label changes a minute"
        if figures.delay.each_s:
            late = f"median {_number(figures.delay.median_s)} s, p95 {_number(figures.delay.p95_s)} s"
            soon = f"{figures.delay.within(SOON_S)} of {len(figures.delay.each_s)} within {SOON_S:g} s"
            text += f"; changes shown after {late}, {soon}, {figures.delay.missed} never"
        if figures.right.compared:
            text += f"; right in {figures.right.share:.3f} of {figures.right.compared} labelled images"
        lines.append(text)
    return [*lines, f"  ratio          {_ratio(one)}"]


def _ratio(one: Compared) -> str:
    if isnan(one.ratio):
        return "neither changes" if one.images else "no images"
    return f"{one.ratio:.1f} times fewer" if isfinite(one.ratio) else "the streaming estimate does not change"


def _number(value: float) -> str:
    return f"{value:.2f}" if isfinite(value) else "-"
