"""`fer_ros link replay`: what would have arrived of a recorded image topic."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fer_ros.cli.link_options import add_showing, check_out, number, profiles, show
from fer_ros.errors import FerError
from fer_ros.link.profiles import Direction, LinkProfile, pick_profile
from fer_ros.link.traces import read_trace

if TYPE_CHECKING:
    from fer_ros.sources.recording import Message

Arrived = Callable[[float, bytes], None]


def add(verbs: Any) -> None:
    """Add the verb."""
    parser = verbs.add_parser(
        "replay",
        help="send a recorded image topic through a profile or a trace",
        description="What arrives of a bag's images, with the times and sizes they were recorded with.",
    )
    parser.add_argument("trace", metavar="TRACE", help="a Mahimahi trace, or the name of a link profile")
    parser.add_argument("bag", type=Path, metavar="BAG", help="a rosbag2 folder, .mcap or .db3 file")
    parser.add_argument("--topic", default="", help="image topic; needed where the bag holds several")
    parser.add_argument(
        "--delay-ms",
        type=number(float, 0.0, 60_000.0),
        default=0.0,
        help="one-way delay beside a trace (default 0)",
    )
    parser.add_argument(
        "--bag",
        dest="arrived",
        type=Path,
        metavar="BAG2",
        help="write what arrives, at its times, into a new bag",
    )
    add_showing(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Read, send, print, plot, and write what arrived."""
    from fer_ros.link.journeys import travel
    from fer_ros.sources.bag import BagSource

    check_out(args)
    profile = _profile(args)
    with BagSource(args.bag, _warn, args.topic) as source:
        topic = source.topic
    messages = ((stamp_ns / 1e9, len(data), data) for stamp_ns, data in _messages(args.bag, topic))
    with _writing(args.arrived, args.bag, topic) as arrived:
        journeys = travel(profile, args.seed, messages, arrived)
    came = sum(not isnan(journey.arrived_s) for journey in journeys)
    about = {
        "profile": profile.name,
        "bag": args.bag.name,
        "topic": topic,
        "messages": len(journeys),
        "arrived": came,
        "seed": args.seed,
    }
    show(args, about, journeys, journeys[-1].sent_s - journeys[0].sent_s if journeys else 0.0)
    return 0


def _profile(args: argparse.Namespace) -> LinkProfile:
    path = Path(args.trace)
    if not path.is_file():
        return pick_profile(profiles(args), args.trace)
    way = Direction(trace=read_trace(path), delay_ms=args.delay_ms)
    return LinkProfile(path.name, way, way)


def _messages(bag: Path, topic: str) -> Iterator[Message]:
    """Messages of a topic; damage ends a file, and has been told of when the topic was looked for."""
    from fer_ros.sources.recording import open_recordings

    for recording in open_recordings(bag, lambda _: None):
        if topic in recording.types:
            try:
                yield from recording.messages(topic)
            except Exception as error:  # see recording.py: the storage layers have errors of their own
                _warn(f"{bag} ends early: {error}")


@contextmanager
def _writing(path: Path | None, bag: Path, topic: str) -> Iterator[Arrived]:
    """What writes arrivals into a new bag; without a path, nothing."""
    from rosbags.rosbag2 import StoragePlugin, Writer
    from rosbags.typesys import Stores, get_typestore

    from fer_ros.sources.recording import open_recordings

    if path is None:
        yield lambda _at, _data: None
        return
    if path.exists():
        raise FerError(f"{path} exists; name a bag that does not")
    kind = next(r.types[topic] for r in open_recordings(bag, lambda _: None) if topic in r.types)
    try:
        with Writer(path, version=9, storage_plugin=StoragePlugin.MCAP) as writer:
            connection = writer.add_connection(topic, kind, typestore=get_typestore(Stores.ROS2_JAZZY))
            yield lambda at, data: writer.write(connection, round(at * 1e9), data)
    except OSError as error:
        raise FerError(f"{path} cannot be written ({error.strerror}); choose another place") from error


def _warn(text: str) -> None:
    print(f"fer_ros: {text}", file=sys.stderr)
