"""Estimates, modes and turns out of a rosbag2 recording, in the order in which they were received."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from heapq import merge
from pathlib import Path
from typing import Any, TypeAlias

from fer_ros.bags.definitions import recorded_types
from fer_ros.conversation.observation import Observation
from fer_ros.conversation.received import mode_of, observation_of, stamp_of, turn_of
from fer_ros.conversation.turns import Turn
from fer_ros.errors import FerError, SourceError
from fer_ros.mode import Mode
from fer_ros.sources.frame import Warn
from fer_ros.sources.recording import open_recordings

EMOTION, MODE, TURN = (f"fer_ros/msg/{name}" for name in ("EmotionEstimate", "OperatingMode", "Turn"))
# s: stamps further than this from the time of recording are of another clock, a simulated one.
OTHER_CLOCK_S = 60.0

Heard: TypeAlias = Observation | Mode | Turn
Raw: TypeAlias = tuple[int, str, bytes]  # time of recording in ns, topic, serialised message


@dataclass(frozen=True)
class Topics:
    """Topics of one robot in a recording; empty: it has none of that kind."""

    emotion: str
    mode: str
    turn: str


class ConversationBag:
    """What a conversation node would have heard.

    Attributes:
        topics: what is read.
        skipped: messages that could not be used.
    """

    def __init__(self, path: Path, warn: Warn, emotion: str = "") -> None:
        """Open a recording.

        Args:
            path: a rosbag2 folder, or an .mcap or .db3 file.
            warn: hears of damage, and of the first message that cannot be used.
            emotion: topic of EmotionEstimate; empty takes `emotion`, or the only one there is.

        Raises:
            SourceError: no readable bag, or no such topic, or several to choose from.
        """
        self._path = path
        self._warn = warn
        recordings = open_recordings(path, warn)
        types = {name: kind for recording in recordings for name, kind in recording.types.items()}
        self.topics = choose_topics(str(path), types, emotion)
        self._kinds = {topic: types[topic] for topic in vars(self.topics).values() if topic}
        definitions = {kind: text for r in recordings for kind, text in r.definitions.items()}
        self._types = recorded_types(definitions, self._kinds.values())
        self.skipped = 0
        self._warned = False

    def __iter__(self) -> Iterator[tuple[float, Heard]]:
        """(time at which it was received in s, what was heard)."""
        estimates = ((at, m) for at, topic, m in self._decoded() if topic == self.topics.emotion)
        first = next(estimates, None)
        if first is None:
            raise SourceError(
                f"{self._path} holds no readable estimate on {self.topics.emotion}; record again"
            )
        simulated = abs(first[0] - stamp_of(first[1])) > OTHER_CLOCK_S
        now = 0.0
        self.skipped = 0
        for at, topic, message in self._decoded():
            now = self._clock(topic, message, now) if simulated else at
            try:
                yield now, self._heard(topic, message, now)
            except FerError as error:
                self._skip(topic, str(error))

    def _clock(self, topic: str, message: Any, now: float) -> float:
        """When a message was received, by the clock of its stamps; one without a stamp came just now."""
        latency_s = message.latency_s if topic == self.topics.emotion else 0.0
        return (stamp_of(message) or now) + (latency_s if 0.0 <= latency_s < OTHER_CLOCK_S else 0.0)

    def _heard(self, topic: str, message: Any, now: float) -> Heard:
        if topic == self.topics.turn:
            return turn_of(message, now)
        return mode_of(message) if topic == self.topics.mode else observation_of(message)

    def _decoded(self) -> Iterator[tuple[float, str, Any]]:
        """(time of recording in s, topic, message) of everything that can be read."""
        by_topic = [self._raw(topic) for topic in self._kinds]
        for at_ns, topic, data in merge(*by_topic, key=lambda raw: raw[0]):
            try:
                yield at_ns / 1e9, topic, self._types.deserialize_cdr(data, self._kinds[topic])
            except Exception as error:  # rosbags raises whatever its generated code meets in corrupt bytes
                self._skip(topic, f"it is corrupt ({type(error).__name__}: {error})")

    def _raw(self, topic: str) -> Iterator[Raw]:
        for recording in open_recordings(self._path, lambda _: None):  # a reader for each topic
            if topic not in recording.types:
                continue
            try:
                for at_ns, data in recording.messages(topic):
                    yield at_ns, topic, data
            except Exception as error:  # the storage layers have errors of their own
                self._warn(f"{topic} of {self._path} ends early: {error}")

    def _skip(self, topic: str, why: str) -> None:
        self.skipped += 1
        if not self._warned:
            self._warned = True
            self._warn(f"skipped a message on {topic}: {why}; more are only counted")


def choose_topics(name: str, types: dict[str, str], emotion: str = "") -> Topics:
    """The topics of one robot: those beside its estimates; SourceError where that is not clear."""
    estimates = sorted(topic for topic, kind in types.items() if kind == EMOTION)
    chosen = [topic for topic in estimates if topic == emotion or (not emotion and _last(topic) == "emotion")]
    chosen = chosen or ([] if emotion else estimates)
    if len(chosen) != 1:
        held = ", ".join(estimates) or "nothing of that kind"
        raise SourceError(
            f"{name} holds estimates (EmotionEstimate) on {held}; "
            + ("choose one with --emotion" if estimates else "record the topics emotion, mode and turn")
        )
    beside = partial(_beside, types, chosen[0].rpartition("/")[0])
    return Topics(chosen[0], beside(MODE, "mode"), beside(TURN, "turn"))


def _beside(types: dict[str, str], namespace: str, kind: str, name: str) -> str:
    found = [topic for topic, its_kind in types.items() if its_kind == kind]
    wanted = f"{namespace}/{name}"
    return wanted if wanted in found else (found[0] if len(found) == 1 else "")


def _last(topic: str) -> str:
    return topic.rpartition("/")[2]
