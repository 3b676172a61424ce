"""The work of `fer_ros bag`: the images of a topic, and a bag with the estimates beside them."""

import argparse
from pathlib import Path

from fer_ros.bags.about import read_about
from fer_ros.bags.copy import BagCopy, check_copy, everything, open_copy, storage_of
from fer_ros.bags.estimates import estimate_message, estimates_channel
from fer_ros.cli.files import (
    Count,
    Settings,
    Timed,
    perceived,
    pipeline_for,
    progress,
    say_all,
    settings_of,
    timed,
    warn,
)
from fer_ros.errors import FerError, ImageError
from fer_ros.pipeline import Pipeline
from fer_ros.sources.bag import NS, BagSource, choose_topic, shot_in
from fer_ros.sources.frame import Frame
from fer_ros.sources.recording import Channel, open_recordings


def run(args: argparse.Namespace) -> int:
    """Every image of a topic."""
    settings = settings_of(args)
    if args.out is not None:
        return _run_into(args, settings)
    count = Count()
    with (
        BagSource(args.input, warn, args.topic) as source,
        pipeline_for(settings) as pipeline,
        progress(source.name, 0) as tick,
    ):
        for seen in perceived(pipeline, source):
            count.add(seen)
            say_all(seen, settings.machine, as_json=args.json)
            tick()
    if not args.json:
        print(f"{count.text()}, {count.images / count.took_s:.0f} images/s (reading them aside)")
    return 0


def _run_into(args: argparse.Namespace, settings: Settings) -> int:
    """The same, into a bag of its own; status 1 where the input is damaged, as the output lacks something."""
    path = Path(args.input)
    check_copy(args.out)
    damage: list[str] = []
    recordings = open_recordings(path, damage.append)
    types = {topic: kind for one in recordings for topic, kind in one.types.items()}
    topic = choose_topic(str(path), types, args.topic)
    estimates = estimates_channel(_estimates_topic(args, settings, types))
    channels = [channel for one in recordings for channel in one.channels] + [estimates]
    storage = args.storage or storage_of(path)
    with pipeline_for(settings) as pipeline, open_copy(args.out, storage, channels, read_about(path)) as copy:
        estimator = _Estimator(pipeline, copy, estimates, settings)
        with progress(str(path), sum(sum(one.counts.values()) for one in recordings)) as tick:
            for channel, at_ns, data in everything(str(path), recordings, damage.append):
                copy.write(channel, at_ns, data)
                if channel.topic == topic:
                    seen = estimator.take(channel, at_ns, data)
                    if seen is not None and args.json:
                        say_all(seen, settings.machine, as_json=True)
                tick()
    return _end(args, estimator, damage)


def _estimates_topic(args: argparse.Namespace, settings: Settings, types: dict[str, str]) -> str:
    """The full name of the topic that is added; FerError where the bag has it already."""
    name = args.estimates_topic or f"emotion/{settings.machine}"
    topic = name if name.startswith("/") else f"/{name}"
    if topic in types:
        raise FerError(f"{args.input} holds {topic} already; name another topic with --estimates-topic")
    return topic


class _Estimator:
    """Perceives image messages and puts the estimates behind them, at the same time of the bag."""

    def __init__(self, pipeline: Pipeline, copy: BagCopy, channel: Channel, settings: Settings) -> None:
        self.count = Count()
        self.written = self.unreadable = 0
        self.why = ""  # the last one that cannot be read
        self.channel = channel
        self._pipeline, self._copy = pipeline, copy
        self._machine = settings.machine

    def take(self, channel: Channel, at_ns: int, data: bytes) -> Timed | None:
        """Estimate an image; None where it cannot be read."""
        try:
            shot = shot_in(data, channel.kind)
        except ImageError as error:
            self.unreadable += 1
            self.why = str(error)
            return None
        seen = timed(self._pipeline, Frame(shot.stamp or at_ns / NS, shot.image, self.count.images))
        self.count.add(seen)
        for estimate in seen.seen.estimates:
            message = estimate_message(estimate, shot.stamp_ns or at_ns, shot.frame_id, self._machine)
            self._copy.write(self.channel, at_ns, message)
            self.written += 1
        return seen


def _end(args: argparse.Namespace, estimator: _Estimator, damage: list[str]) -> int:
    count, unreadable = estimator.count, estimator.unreadable
    if unreadable:
        damage.append(f"{unreadable} images cannot be read and have no estimate ({estimator.why})")
    if not args.json:
        print(f"{args.out}: {count.text()}, {estimator.written} estimates on {estimator.channel.topic}")
    if damage:
        warn(f"{'; '.join(dict.fromkeys(damage))}; {args.out} holds what can be read")
    return 1 if damage else 0
