"""How steady a model's streaming estimate is on clips, against the same model frame by frame."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import nan

from fer_ros.evaluate.agreement import Agreement, agreement
from fer_ros.evaluate.clips import Changes
from fer_ros.evaluate.flicker import Delay, Flicker, delay, flicker
from fer_ros.evaluate.watch import Watched

Shown = Sequence[str | None]

SOON_S = 0.5  # a robot that reacts later seems not to have noticed


@dataclass(frozen=True)
class Steadiness:
    """Figures of one stream of labels.

    Attributes:
        flicker: its changes.
        delay: of known changes.
        right: images with the label given by hand.
    """

    flicker: Flicker
    delay: Delay
    right: Agreement

    def __add__(self, other: "Steadiness") -> "Steadiness":
        return Steadiness(
            self.flicker + other.flicker,
            Delay(self.delay.each_s + other.delay.each_s),
            self.right + other.right,
        )

    def as_dict(self) -> dict[str, float | int]:
        """For JSON; NaN and infinity are what cannot be said."""
        return {
            "changes": self.flicker.changes,
            "shown_s": self.flicker.shown_s,
            "changes_per_minute": self.flicker.per_minute,
            "known_changes": len(self.delay.each_s),
            "missed": self.delay.missed,
            "within_half_a_second": self.delay.within(SOON_S),
            "delay_median_s": self.delay.median_s,
            "delay_p95_s": self.delay.p95_s,
            "labelled_images": self.right.compared,
            "accuracy": self.right.share,
        }


@dataclass(frozen=True)
class Compared:
    """The two streams of one model.

    Attributes:
        images: watched.
        with_label: for which the streaming estimate had a label.
        streaming: the estimate with memory.
        single: the same model on each image alone.
    """

    images: int
    with_label: int
    streaming: Steadiness
    single: Steadiness

    @property
    def ratio(self) -> float:
        """How many times fewer changes the streaming estimate shows; infinite or NaN where it shows none."""
        steady, restless = self.streaming.flicker.per_minute, self.single.flicker.per_minute
        if steady == 0:
            return nan if restless == 0 else float("inf")
        return restless / steady

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        return {
            "images": self.images,
            "with_label": self.with_label,
            "ratio": self.ratio,
            "streaming": self.streaming.as_dict(),
            "frame_by_frame": self.single.as_dict(),
        }


def compare(watched: Watched, by_hand: Changes = ()) -> Compared:
    """Figures of a clip.

    Args:
        watched: what a model gave.
        by_hand: (time in s, label) from which on it is the true one; "" where none is known.
    """
    shown = watched.shown
    return Compared(
        images=len(shown),
        with_label=sum(label is not None for label in shown),
        streaming=_figures(watched, shown, by_hand),
        single=_figures(watched, watched.shown_singly, by_hand),
    )


def total(compared: Iterable[Compared]) -> Compared:
    """Figures of several clips together; ValueError without any."""
    first, *others = compared
    for one in others:
        first = Compared(
            first.images + one.images,
            first.with_label + one.with_label,
            first.streaming + one.streaming,
            first.single + one.single,
        )
    return first


def known_changes(by_hand: Changes, begin_s: float) -> Changes:
    """The labels given by hand that are changes of a known one, and the ends of knowledge.

    What is shown from the beginning on, or after a time of which nothing is known, is no change: nobody
    knows since when it is there. A list that begins later than the clip begins with a change.

    Args:
        by_hand: (time in s, label), ascending; "" where nothing is known.
        begin_s: of the clip.
    """
    changes: list[tuple[float, str]] = []
    before: str | None = None  # nothing was said yet
    for time_s, label in by_hand:
        unknown_since = before == "" or (before is None and time_s <= begin_s)
        if label != before:
            changes.append((time_s, "" if unknown_since else label))
        before = label
    return tuple(changes)


def _figures(watched: Watched, shown: Shown, by_hand: Changes) -> Steadiness:
    stamps = watched.stamps.tolist()
    times = [time_s for time_s, _ in by_hand]
    truth = [label or None for _, label in by_hand]
    changes = known_changes(by_hand, stamps[0] if stamps else 0.0)
    return Steadiness(
        flicker(stamps, shown), delay(stamps, shown, changes), agreement(stamps, shown, times, truth)
    )
