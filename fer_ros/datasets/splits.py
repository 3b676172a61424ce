"""Who is learned from, who is validated with and who is tested on: numbers in, numbers out.

Three ways, because papers differ and figures can only be compared within one:

- `by_subject`: nobody is on two sides. It measures what a robot meets: people it has never seen.
- `by_item`: windows (or images) are dealt out one by one, as Lee's thesis does with BigFaceX (70/10/20)
  and Jain with JAFFE and MMI (70/30). Windows of one clip share up to four of their five frames, so
  nearly every tested window has a twin that was learned from. Such figures are much higher, and say
  little about new faces: the thesis's 0.979 is one of them.
- `folds`: every subject is tested on once, as in the CK+ protocol of the thesis's EmotionNet Nano.
"""

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from fer_ros.errors import DatasetError

Part = TypeVar("Part", bound=Hashable)

PARTS = ("train", "validation", "test")
THESIS: Mapping[str, float] = {"train": 0.7, "validation": 0.1, "test": 0.2}
SEVENTY_THIRTY: Mapping[str, float] = {"train": 0.7, "test": 0.3}


def by_item(count: int, shares: Mapping[str, float], seed: int) -> NDArray[np.str_]:
    """Deal items out one by one.

    Args:
        count: of the items.
        shares: part → share of the items, summing to 1.
        seed: of the order.

    Returns:
        (count,) str, the part of each item. Parts differ from their shares by less than one item.
    """
    ends = np.round(np.cumsum(list(shares.values())) * count).astype(int)
    dealt = np.array(list(shares))[np.searchsorted(ends, np.arange(count), side="right")]
    parts = np.empty(count, dealt.dtype)
    parts[np.random.default_rng(seed).permutation(count)] = dealt
    return parts


def by_subject(subjects: Sequence[str], shares: Mapping[str, float], seed: int) -> NDArray[np.str_]:
    """Deal subjects out, each to the part that lacks most of its share.

    Args:
        subjects: of N items.
        shares: part → share of the items, summing to 1; met as well as whole subjects allow.
        seed: of the order.

    Returns:
        (N,) str, the part of each item.

    Raises:
        DatasetError: there are fewer subjects than parts.
    """
    sizes = {part: share * len(subjects) for part, share in shares.items()}
    part_of = _dealt(subjects, sizes, seed)
    return np.array([part_of[subject] for subject in subjects])


def folds(subjects: Sequence[str], count: int = 10, seed: int = 0) -> NDArray[np.int64]:
    """Subject-independent folds of nearly the same size.

    Args:
        subjects: of N items.
        count: of the folds.
        seed: of the order.

    Returns:
        (N,) int64 in 0..count-1: the fold in which each item is tested; it is learned from in the others.

    Raises:
        DatasetError: there are fewer subjects than folds.
    """
    sizes = dict.fromkeys(range(count), len(subjects) / count)
    fold_of = _dealt(subjects, sizes, seed)
    return np.array([fold_of[subject] for subject in subjects], np.int64)


def _dealt(subjects: Sequence[str], sizes: Mapping[Part, float], seed: int) -> dict[str, Part]:
    """Subject → part; every part gets someone."""
    counts = Counter(subjects)
    if len(counts) < len(sizes):
        raise DatasetError(
            f"{len(counts)} subjects cannot be divided into {len(sizes)} parts without one on two sides; "
            "add recordings of other people"
        )
    order = np.random.default_rng(seed).permutation(sorted(counts))
    left = dict(sizes)
    dealt: dict[str, Part] = {}
    for place, subject in enumerate(order.tolist()):
        vacant = [part for part in sizes if part not in dealt.values()]
        must_fill = len(order) - place <= len(vacant)
        part = max(vacant if must_fill else sizes, key=left.__getitem__)
        dealt[subject] = part
        left[part] -= counts[subject]
    return dealt
