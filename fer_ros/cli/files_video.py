"""The work of `fer_ros video`: reading, perceiving, and drawing and encoding side by side."""

import argparse
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from time import perf_counter

from fer_ros.cli.files import (
    CSV,
    Count,
    Settings,
    Timed,
    perceived,
    pipeline_for,
    progress,
    say_all,
    settings_of,
    table_at,
    warn,
)
from fer_ros.estimators.estimate import Estimate
from fer_ros.evaluate.canvas import require_matplotlib, save
from fer_ros.labelled.ahead import ahead
from fer_ros.labelled.captions import captions_of, srt
from fer_ros.labelled.formats import FORMATS, require_pyav
from fer_ros.labelled.output import check_output, whole
from fer_ros.labelled.people import scene_of
from fer_ros.labelled.timeline import timeline
from fer_ros.sources.frame import Frame, Source
from fer_ros.sources.video import VideoSource
from fer_ros.viewer.overlay import Overlay
from fer_ros.viewer.words import load_words

AHEAD = 3  # frames that may wait between two threads
PLOT, SRT = (".png",), (".srt",)

Sink = Callable[[Timed], None]


def run(args: argparse.Namespace) -> int:
    """Every frame of a video, and what was asked for of it."""
    settings = settings_of(args)
    path = Path(args.input)
    _check(args, path)
    began = perf_counter()
    count = Count()
    with VideoSource(path, warn) as source, pipeline_for(settings) as pipeline, ExitStack() as stack:
        sinks: list[Sink] = [count.add, *_sinks(args, path, settings, stack)]
        tick = stack.enter_context(progress(source.name, source.announced))
        stages = ahead(perceived(pipeline, ahead(_frames(source), AHEAD)), AHEAD)
        for timed in stack.enter_context(closing(stages)):
            for sink in sinks:
                sink(timed)
            tick()
        lasts_s = count.newest + 1 / source.fps
    if not args.json:
        print(_summary(args, count, lasts_s, perf_counter() - began))
    return 0


def _check(args: argparse.Namespace, path: Path) -> None:
    """Raise before any work where a file that was asked for cannot be written."""
    kinds = ((args.out, tuple(FORMATS)), (args.csv, CSV), (args.srt, SRT), (args.plot, PLOT))
    for output, suffixes in kinds:
        if output is not None:
            check_output(output, suffixes, force=args.force, inputs=[path])
    if args.out is not None or args.srt is not None:
        require_pyav()
    if args.plot is not None:
        require_matplotlib()


def _frames(source: Source) -> Generator[Frame, None, None]:
    yield from source


def _sinks(args: argparse.Namespace, path: Path, settings: Settings, stack: ExitStack) -> Iterator[Sink]:
    """What is done with every frame; the files are finished when the stack is left."""
    if args.csv is not None:
        table = stack.enter_context(table_at(args.csv, "t", settings))
        yield lambda timed: table.write(timed.records(settings.machine))
    if args.srt is not None or args.plot is not None:
        kept = stack.enter_context(_kept(args, path, settings))
        yield lambda timed: kept.extend(timed.seen.estimates)
    if args.json or not _files(args):
        yield lambda timed: say_all(timed, settings.machine, as_json=args.json)
    if args.out is not None:  # the last, as it draws on the image
        yield stack.enter_context(_labelled(args.out, path, settings))


@contextmanager
def _labelled(out: Path, path: Path, settings: Settings) -> Iterator[Sink]:
    from fer_ros.labelled.clip import clip_at  # PyAV is not everywhere, and takes its time
    from fer_ros.labelled.video import open_labelled

    overlay = Overlay(settings.overlay)
    with whole(out) as part, open_labelled(part, out.suffix.lower(), clip_at(path), warn) as video:

        def write(timed: Timed) -> None:
            overlay.draw(timed.frame.image, scene_of(timed.seen))
            video.write(timed.frame.image, timed.frame.stamp)

        yield write


@contextmanager
def _kept(args: argparse.Namespace, path: Path, settings: Settings) -> Iterator[list[Estimate]]:
    """Estimates that are kept until the end, when captions and plots are made of them."""
    kept: list[Estimate] = []
    yield kept
    words = load_words(settings.overlay.language)
    if args.srt is not None:
        from fer_ros.labelled.clip import clip_at

        delay_s = float(clip_at(path).time_of(0.0))
        with whole(args.srt) as part:
            part.write_text(srt(captions_of(kept, words), delay_s), encoding="utf-8")
    if args.plot is not None:
        with whole(args.plot) as part:
            save(timeline(kept, words, f"{path.name}: apparent expression"), part)


def _files(args: argparse.Namespace) -> list[Path]:
    return [path for path in (args.out, args.csv, args.srt, args.plot) if path is not None]


def _summary(args: argparse.Namespace, count: Count, lasts_s: float, took_s: float) -> str:
    if not _files(args):
        return f"{count.text()}, {count.images / count.took_s:.0f} images/s (reading them aside)"
    names = ", ".join(map(str, _files(args)))
    speed = f"{lasts_s:.1f} s of video in {took_s:.1f} s, {lasts_s / took_s:.1f} times as fast as it plays"
    return f"{names}: {count.text()}, {speed}"
