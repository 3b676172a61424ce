"""A recorded run of the graph, as columns of numbers: modes, link, and the estimates of both machines."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from fer_ros.bags.about import read_about
from fer_ros.bags.columns import ESTIMATE, NEEDED, Columns, EstimateAt, LinkAt, ModeAt
from fer_ros.errors import SourceError
from fer_ros.mode import ModeParams
from fer_ros.sources.recording import Recording, open_recordings

Raw: TypeAlias = tuple[int, str, bytes]  # time of recording in ns, topic's name in the graph, serialised

THRESHOLD = "mode.offline_after_s"  # as `fer_ros run --record` names it in a bag


@dataclass(frozen=True, eq=False)
class RecordedRun:
    """What a bag tells of a run; each list is in the order in which it was received.

    Attributes:
        name: of the bag.
        span_s: s, from the first message to the last.
        offline_after_s: age of the newest cloud result that ended ONLINE.
        damage: what could not be read, in a clause; empty where everything could.
    """

    name: str
    span_s: float
    offline_after_s: float
    modes: list[ModeAt]
    link: list[LinkAt]
    emotion: list[EstimateAt]
    robot: list[EstimateAt]
    cloud: list[EstimateAt]
    damage: str

    @property
    def main_face(self) -> str:
        """The face with most estimates; empty where no face was seen."""
        seen = Counter(e.face_id for e in self.emotion if e.face_id)
        return seen.most_common(1)[0][0] if seen else ""

    @property
    def faces(self) -> int:
        """How many names faces had."""
        return len({e.face_id for e in self.emotion if e.face_id})


def read_run(path: Path, namespace: str = "") -> RecordedRun:
    """Read a run.

    Args:
        path: a rosbag2 folder, or an .mcap or .db3 file, whole or damaged.
        namespace: of the robot, where the bag holds several.

    Raises:
        SourceError: no readable bag, not the topics of a run, or several robots to choose from.
    """
    damage: list[str] = []
    recordings = open_recordings(path, damage.append)
    try:
        return _read(path, recordings, namespace, damage)
    except SourceError as error:
        raise SourceError(f"{error} ({'; '.join(damage)})" if damage else str(error)) from error


def _read(path: Path, recordings: list[Recording], namespace: str, damage: list[str]) -> RecordedRun:
    types = {name: kind for recording in recordings for name, kind in recording.types.items()}
    topics = choose_topics(str(path), types, namespace)
    raw = sorted(_raw(recordings, topics, damage), key=lambda message: message[0])
    columns = Columns({t: d for recording in recordings for t, d in recording.definitions.items()})
    for at_ns, role, data in raw:
        columns.take((at_ns - raw[0][0]) / 1e9, at_ns / 1e9, role, data)
    if not columns.estimates["emotion"]:
        raise SourceError(f"{path} holds no readable message on {topics['emotion']}: no estimate came out")
    if columns.unreadable:
        damage.append(f"{columns.unreadable} messages of {path} cannot be read")
    return RecordedRun(
        name=path.name,
        span_s=(raw[-1][0] - raw[0][0]) / 1e9,
        offline_after_s=_threshold_s(path),
        modes=columns.modes,
        link=columns.link,
        emotion=columns.estimates["emotion"],
        robot=columns.estimates["emotion/robot"],
        cloud=columns.estimates["emotion/cloud"],
        damage="; ".join(dict.fromkeys(damage)),
    )


def choose_topics(name: str, types: Mapping[str, str], namespace: str) -> dict[str, str]:
    """The topics of one robot by their names in the graph; SourceError where they are not clear."""
    robots = sorted(
        topic.removesuffix("emotion")
        for topic, kind in types.items()
        if kind == ESTIMATE and topic.endswith("/emotion")
    )
    if not namespace and len(robots) > 1:
        raise SourceError(f"{name} holds the robots {', '.join(robots)}; choose one with --namespace")
    prefix = f"/{namespace.strip('/')}/".replace("//", "/") if namespace or not robots else robots[0]
    missing = [f"{prefix}{role}" for role, kind in NEEDED.items() if types.get(f"{prefix}{role}") != kind]
    if missing:
        raise SourceError(
            f"{name} is no recording of a run: it holds no {', '.join(missing)}; "
            "make one with `fer_ros run --record`"
        )
    return {role: f"{prefix}{role}" for role in NEEDED}


def _raw(recordings: list[Recording], topics: Mapping[str, str], damage: list[str]) -> Iterator[Raw]:
    """Every message that can be read of a topic; damage ends a file and not the next one."""
    for recording in recordings:
        for role, topic in topics.items():
            if topic not in recording.types:
                continue
            try:
                for at_ns, data in recording.messages(topic):
                    yield at_ns, role, data
            except Exception as error:  # the storage layers have errors of their own
                damage.append(f"it ends early: {error}")


def _threshold_s(path: Path) -> float:
    """What ended ONLINE: as the recorder wrote it down, or the default."""
    try:
        return float(read_about(path)[THRESHOLD])
    except (KeyError, ValueError):
        return ModeParams().offline_after_s
