"""The work of `fer_ros image`: pictures one by one, a table of them, and a contact sheet."""

import argparse
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TypeAlias

from rich.console import Console
from rich.table import Table as ShownTable
from rich.text import Text

from fer_ros.cli.files import (
    CSV,
    Settings,
    Timed,
    in_words,
    pipeline_for,
    progress,
    say,
    settings_of,
    table_at,
    timed,
    warn,
)
from fer_ros.errors import ImageError
from fer_ros.images import image_from_file
from fer_ros.labelled.output import check_output, whole
from fer_ros.labelled.people import scene_of
from fer_ros.labelled.records import Record
from fer_ros.labelled.sheet import SUFFIXES, Layout, Sheet, encoded, thumbnail
from fer_ros.pipeline import Pipeline
from fer_ros.sources.frame import Frame
from fer_ros.viewer.overlay import Overlay

APART_S = 1000.0  # between stamps, more than any memory: no face is followed from one picture to the next

Seen: TypeAlias = tuple[str, Timed | None]  # a picture's path, and what was perceived where it can be read


def run(args: argparse.Namespace) -> int:
    """Every picture, with nothing carried from one to the next."""
    settings = settings_of(args)
    layout = Layout(len(args.input))
    _check(args, layout)
    failed = 0
    rows: list[tuple[str, Record]] = []
    terminal = not args.json and Console().is_terminal
    with pipeline_for(settings) as pipeline, ExitStack() as stack:
        table = stack.enter_context(table_at(args.csv, "image", settings)) if args.csv else None
        pages = _Pages(args.sheet, layout, settings) if args.sheet else None
        tick = stack.enter_context(progress("pictures", len(args.input)))
        for path, seen in _perceived(pipeline, args.input):
            records = [_named(path, record) for record in seen.records(settings.machine)] if seen else []
            failed += seen is None
            if terminal:
                rows += [(path, record) for record in records]
            else:
                _say(path, records, as_json=args.json)
            if table is not None:
                table.write(records)
            if pages is not None:
                pages.add(path, seen)
            tick()
    if terminal:
        _show(rows)
    return 1 if failed == len(args.input) else 0


def _check(args: argparse.Namespace, layout: Layout) -> None:
    """Raise before any work where a file that was asked for cannot be written."""
    inputs = [Path(path) for path in args.input]
    for path in layout.paths(args.sheet) if args.sheet else []:
        check_output(path, SUFFIXES, force=args.force, inputs=inputs)
    if args.csv is not None:
        check_output(args.csv, CSV, force=args.force, inputs=inputs)


def _perceived(pipeline: Pipeline, paths: Sequence[str]) -> Iterator[Seen]:
    for place, path in enumerate(paths):
        try:
            image = image_from_file(Path(path))
        except ImageError as error:
            warn(str(error))
            yield str(path), None
        else:
            yield str(path), timed(pipeline, Frame(APART_S * place, image, place))


def _named(path: str, record: Record) -> Record:
    return {"image": path, **{key: value for key, value in record.items() if key != "t"}}


def _say(path: str, records: Sequence[Record], *, as_json: bool) -> None:
    for record in records:
        say(record, path, as_json=as_json)


def _show(rows: Sequence[tuple[str, Record]]) -> None:
    """A table for people: a line a face."""
    shown = ShownTable("picture", "face", "apparent expression")
    for path, record in rows:
        face, *said = in_words(record) if record["face_id"] else ("", "no face")
        shown.add_row(*map(Text, (path, face, *said)))  # a path in brackets is no markup
    Console().print(shown)


class _Pages:
    """The contact sheet's files, each written when it is full."""

    def __init__(self, path: Path, layout: Layout, settings: Settings) -> None:
        self._sheet = Sheet(layout)
        self._paths = iter(layout.paths(path))
        self._place = layout.place
        self._overlay = Overlay(settings.overlay)

    def add(self, path: str, seen: Timed | None) -> None:
        """Put a picture on it, with what was seen in it."""
        picture = None
        if seen is not None:
            picture, scale = thumbnail(seen.frame.image, self._place)
            self._overlay.draw(picture, scene_of(seen.seen, scale))
        for page in self._sheet.add(picture, Path(path).name):
            file = next(self._paths)
            with whole(file) as part:
                part.write_bytes(encoded(page, file.suffix.lower()))
