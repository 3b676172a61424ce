"""What a recorded run said, as it was serialised: what a replay is fed with and compared with."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from fer_ros.bags.about import EXACT, VERSION, read_about
from fer_ros.bags.definitions import own_types, recorded_types
from fer_ros.bags.run import choose_topics
from fer_ros.errors import SourceError
from fer_ros.mode import ASKED
from fer_ros.sources.recording import Recording, open_recordings

ESTIMATE, MODE, TURN = (f"fer_ros/msg/{name}" for name in ("EmotionEstimate", "OperatingMode", "Turn"))
FACES = "faces"
# Topic's name in the graph → its type.
KINDS = {
    "emotion/robot": ESTIMATE,
    "emotion/cloud": ESTIMATE,
    ASKED: "std_msgs/msg/String",
    "emotion": ESTIMATE,
    "mode": MODE,
    "turn": TURN,
    "cue": "fer_ros/msg/ConversationCue",
    "reaction": "fer_ros/msg/Reaction",
}
FACES_KIND = "fer_ros/msg/FaceArray"


@dataclass(frozen=True, slots=True)
class Said:
    """A message: when it was judged or decided, ns, and as it was serialised."""

    at_ns: int
    data: bytes


class Words:
    """The words of one robot's recorded run.

    Attributes:
        said: topic's name in the graph → its messages in order.
        about: what the recording tells of its run.
        exact: whether its times are those of the decisions.
        damage: what could not be read, in a clause; empty where everything could.
    """

    def __init__(self, path: Path, namespace: str = "") -> None:
        """Read everything but the faces.

        Args:
            path: a rosbag2 folder, or an .mcap or .db3 file, whole or damaged.
            namespace: of the robot, where the bag holds several.

        Raises:
            SourceError: no readable bag, not the topics of a run, recorded by a version with other
                messages, or several robots to choose from.
        """
        self._damage: list[str] = []
        self._recordings = open_recordings(path, self._damage.append)
        types = {topic: kind for one in self._recordings for topic, kind in one.types.items()}
        self._prefix = choose_topics(str(path), types, namespace)["emotion"].removesuffix("emotion")
        self.about = read_about(path)
        self._check_version(path, types)
        self.exact = EXACT in self.about
        self.said = {role: list(self._read(role)) for role in KINDS}
        if not (self.said["emotion/robot"] or self.said["emotion/cloud"]):
            damage = f" ({self.damage})" if self.damage else ""
            raise SourceError(f"{path} holds no readable estimate: nothing can be replayed{damage}")

    @property
    def damage(self) -> str:
        """What could not be read."""
        return "; ".join(dict.fromkeys(self._damage))

    @property
    def span_ns(self) -> tuple[int, int]:
        """Times of the first and the last word."""
        times = [said.at_ns for messages in self.said.values() for said in messages]
        return min(times), max(times)

    def faces(self) -> Iterator[Said]:
        """The faces, with crops where pictures were recorded; one message at a time, for they are large."""
        return self._read(FACES)

    def _check_version(self, path: Path, types: Mapping[str, str]) -> None:
        told = self.about.get(EXACT, VERSION)
        if told != VERSION:
            raise SourceError(
                f"{path} is a recording of version {told}, not {VERSION}; use the fer_ros that made it"
            )
        definitions = {kind: text for one in self._recordings for kind, text in one.definitions.items()}
        own = own_types()
        for role, kind in {**KINDS, FACES: FACES_KIND}.items():
            if types.get(self._prefix + role) != kind or kind not in definitions or "fer_ros" not in kind:
                continue
            recorded = recorded_types({kind: definitions[kind]}, [kind])
            if recorded.hash_rihs01(kind) != own.hash_rihs01(kind):
                raise SourceError(
                    f"{path} was recorded by another version of fer_ros, whose {kind} differs from this "
                    "one's; replay it with that version"
                )

    def _read(self, role: str) -> Iterator[Said]:
        topic = self._prefix + role
        for recording in self._recordings:
            if topic in recording.types:
                yield from self._messages(recording, topic)

    def _messages(self, recording: Recording, topic: str) -> Iterator[Said]:
        """Every message that can be read; damage ends a file and not the next one."""
        try:
            for at_ns, data in recording.messages(topic):
                yield Said(at_ns, bytes(data))
        except Exception as error:  # the storage layers have errors of their own
            self._damage.append(f"it ends early: {error}")
