"""Two streams of messages, one recorded and one replayed: matched, and compared field by field."""

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, is_dataclass
from hashlib import sha256
from typing import Any

import numpy as np

from fer_ros.bags.definitions import own_types
from fer_ros.bags.words import KINDS, Said
from fer_ros.ticks import NS, to_seconds

# ns: what was said so shortly before the end was still on its way when the recording stopped.
IN_FLIGHT_NS = NS // 2
# What tells messages of one stamp apart.
NAMES: Mapping[str, str] = {"cue": "cue", "reaction": "turn_id", "mode": "mode"}
# What says most of a message that the other side lacks.
SAYING: Mapping[str, str] = {"cue": "cue", "reaction": "reaction", "mode": "reason"}
# A measurement of the machine, made anew by every replay that makes the estimates themselves.
MEASURED = {"emotion/robot": ("latency_s",)}
# Estimates that came too late were dropped while recording, and are not when there is time.
MAY_BE_MORE = ("emotion/robot",)


@dataclass(frozen=True)
class Verdict:
    """How a topic's replayed messages compare with its recorded ones.

    Attributes:
        topic: its name in the graph.
        recorded: messages in the recording.
        replayed: messages that the replay made.
        equal: of them, those with a recorded one that is the same in every field.
        different: those with a recorded one that is not.
        only_recorded: recorded ones without any.
        only_replayed: replayed ones without any, in which the replay differs.
        not_recorded: the same, where it does not: on their way at the recording's end, or dropped as
            too late while recording.
        first: the first difference and its time since the recording's begin; empty: there is none.
        fingerprint: of everything that was replayed; equal replays have equal ones.
    """

    topic: str
    recorded: int
    replayed: int
    equal: int
    different: int
    only_recorded: int
    only_replayed: int
    not_recorded: int
    first: str
    fingerprint: str

    @property
    def same(self) -> bool:
        """Whether the replay says what the recording says."""
        return not self.first

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {**asdict(self), "same": self.same}


class Stream:
    """A topic's messages, decoded."""

    def __init__(self, topic: str, said: Sequence[Said]) -> None:
        self._topic = topic
        types, kind = own_types(), KINDS[topic]
        self.said = said
        self.messages = [types.deserialize_cdr(one.data, kind) for one in said]
        name = NAMES.get(topic, "face_id")
        self.keys = [(m.header.stamp.sec, m.header.stamp.nanosec, getattr(m, name)) for m in self.messages]

    def spoken(self, place: int) -> str:
        """One message in a word or a clause."""
        message = self.messages[place]
        return str(getattr(message, SAYING.get(self._topic, "face_id")) or "nobody")

    def matches(self, other: "Stream") -> list[int | None]:
        """For each message the place of the other's that is about the same; None: it has none."""
        places: dict[Any, deque[int]] = defaultdict(deque)
        for place, key in enumerate(other.keys):
            places[key].append(place)
        return [places[key].popleft() if places[key] else None for key in self.keys]


def retimed(topic: str, replayed: Sequence[Said], recorded: Sequence[Said]) -> list[Said]:
    """Replayed messages with the times of the recorded ones about the same, where there are such."""
    return [
        one if place is None else Said(recorded[place].at_ns, one.data)
        for one, place in zip(replayed, matches(topic, replayed, recorded), strict=True)
    ]


def matches(topic: str, replayed: Sequence[Said], recorded: Sequence[Said]) -> list[int | None]:
    """For each replayed message the place of the recorded one about the same; None: there is none."""
    return Stream(topic, replayed).matches(Stream(topic, recorded))


def compare(
    topic: str, recorded: Sequence[Said], replayed: Sequence[Said], span_ns: tuple[int, int]
) -> Verdict:
    """Compare a topic's messages.

    Args:
        topic: its name in the graph.
        recorded: as they were recorded.
        replayed: as the replay made them.
        span_ns: the recording's begin and end.
    """
    return _Comparison(topic, recorded, replayed, span_ns).verdict()


class _Comparison:
    def __init__(
        self, topic: str, recorded: Sequence[Said], replayed: Sequence[Said], span_ns: tuple[int, int]
    ) -> None:
        self._topic = topic
        self._begin_ns, self._end_ns = span_ns
        self._then, self._now = Stream(topic, recorded), Stream(topic, replayed)
        self._skipped = MEASURED.get(topic, ())
        self._differences: list[tuple[int, str]] = []  # ns, what
        self._last = -1  # place of the recorded message that was matched last

    def verdict(self) -> Verdict:
        matches = self._now.matches(self._then)
        pairs = [(place, match) for place, match in enumerate(matches) if match is not None]
        alone = [place for place, match in enumerate(matches) if match is None]
        missing = sorted(set(range(len(self._then.said))) - set(matches))
        different = sum([self._differs(place, match) for place, match in pairs])
        more = sum([self._is_more(place) for place in alone])
        self._differences += [
            (self._then.said[place].at_ns, f"only in the recording: {self._then.spoken(place)}")
            for place in missing
        ]
        return Verdict(
            topic=self._topic,
            recorded=len(self._then.said),
            replayed=len(self._now.said),
            equal=len(pairs) - different,
            different=different,
            only_recorded=len(missing),
            only_replayed=more,
            not_recorded=len(alone) - more,
            first=self._first(),
            fingerprint=_fingerprint(self._now.messages, self._skipped),
        )

    def _differs(self, place: int, match: int) -> bool:
        """Whether a replayed message is not as the recorded one about the same."""
        found = _difference(self._then.messages[match], self._now.messages[place], self._skipped)
        if match < self._last:
            found = found or "it came in another order"
        self._last = max(self._last, match)
        if found:
            self._differences.append((self._then.said[match].at_ns, found))
        return bool(found)

    def _is_more(self, place: int) -> bool:
        """Whether a replayed message without a recorded one is a difference."""
        at_ns = self._now.said[place].at_ns
        if self._topic in MAY_BE_MORE or at_ns > self._end_ns - IN_FLIGHT_NS:
            return False
        self._differences.append((at_ns, f"only in the replay: {self._now.spoken(place)}"))
        return True

    def _first(self) -> str:
        at_ns, what = min(self._differences, default=(0, ""))
        return f"at {to_seconds(at_ns - self._begin_ns):.3f} s: {what}" if what else ""


def _difference(then: Any, now: Any, skipped: Iterable[str]) -> str:
    """The first field in which two messages differ; empty: there is none."""
    for field in fields(then):
        if field.name in skipped or field.name.startswith("__"):
            continue
        was, is_ = getattr(then, field.name), getattr(now, field.name)
        if is_dataclass(was):
            found = _difference(was, is_, ())
            if found:
                return f"{field.name}.{found}"
        elif not _same(was, is_):
            return f"{field.name} is {_spoken(is_)}, recorded was {_spoken(was)}"
    return ""


def _same(was: Any, now: Any) -> bool:
    if isinstance(was, np.ndarray):
        return np.array_equal(was, now, equal_nan=True)
    return bool(was == now or (was != was and now != now))  # NaN is as good as NaN


def _spoken(value: Any) -> str:
    if isinstance(value, np.ndarray):
        return np.array2string(value, precision=4, separator=", ")
    return repr(value)


def _fingerprint(messages: Sequence[Any], skipped: Sequence[str]) -> str:
    digest = sha256()
    for message in messages:
        told = [
            value.tolist() if isinstance(value := getattr(message, field.name), np.ndarray) else value
            for field in fields(message)
            if field.name not in skipped
        ]
        digest.update(repr(told).encode())
    return digest.hexdigest()[:16]
