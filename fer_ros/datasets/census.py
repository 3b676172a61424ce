"""How many clips there are of what, and whether that can be right."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from fer_ros.datasets.clip import Clip
from fer_ros.emotions import LABEL_SPACES
from fer_ros.errors import DatasetError

MISSING_SHARE = 0.1  # of what a dataset's own lists name; releases lack a few files, half copies many
NAMED = 3  # examples in a message


@dataclass(frozen=True)
class Census:
    """Clips of a dataset, counted.

    Attributes:
        labels: label → clips, in the order of the label space.
        subjects: subject → clips, in order; "" counts the clips of nobody known.
        parts: the publisher's split → clips; empty where there is none.
    """

    labels: Mapping[str, int]
    subjects: Mapping[str, int]
    parts: Mapping[str, int]


def census(clips: Sequence[Clip], space: str) -> Census:
    """Count clips by label, subject and part."""
    labels = Counter(clip.label for clip in clips)
    return Census(
        {label: labels[label] for label in LABEL_SPACES[space]},
        dict(sorted(Counter(clip.subject for clip in clips).items())),
        dict(Counter(clip.part for clip in clips if clip.part)),
    )


def checked(clips: Sequence[Clip], space: str, path: Path, looked_for: str, source: str) -> tuple[Clip, ...]:
    """The clips in the order of their ids, if there is at least one of every class.

    Args:
        clips: what an adapter found.
        space: the dataset's label space.
        path: where it looked.
        looked_for: what a file of the dataset is called, for the error.
        source: where to ask for the dataset.

    Raises:
        DatasetError: there are none, or a class is empty.
    """
    if not clips:
        raise DatasetError(f"{path} holds no {looked_for}, but {_found(path)}; {source}")
    found = census(clips, space).labels
    empty = [label for label, count in found.items() if not count]
    if empty:
        counted = ", ".join(f"{label} {count}" for label, count in found.items() if count)
        raise DatasetError(f"{path}: no clip of {', '.join(empty)} (found {counted}); {source}")
    return tuple(sorted(clips, key=lambda clip: clip.id))


def nearly_all_there(absent: Sequence[str], listed: int, path: Path, by: str, source: str) -> None:
    """Refuse a half copy.

    Args:
        absent: files that the dataset's own list names and that are not there.
        listed: how many it names.
        path: where they should be.
        by: name of the list.
        source: where to ask for the dataset.

    Raises:
        DatasetError: more than MISSING_SHARE are absent.
    """
    if len(absent) > MISSING_SHARE * listed:
        some = ", ".join(absent[:NAMED])
        raise DatasetError(
            f"{path} lacks {len(absent)} of the {listed} clips that {by} names ({some}, …); {source}"
        )


def _found(path: Path) -> str:
    if path.is_file():
        return "other files"
    names = sorted(p.name + ("/" if p.is_dir() else "") for p in path.iterdir())
    if not names:
        return "nothing"
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    packed = " (unpack the archives)" if any(name.endswith((".zip", ".rar", ".gz")) for name in names) else ""
    return ", ".join(names[:NAMED]) + more + packed
