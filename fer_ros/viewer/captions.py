"""What is said of one person, in the words of a language; where it is drawn does not matter here."""

from dataclasses import dataclass
from math import isfinite

from fer_ros.viewer import icons
from fer_ros.viewer.scene import Person
from fer_ros.viewer.words import Words

ASKED = 3  # a question names so many labels, at most


@dataclass(frozen=True)
class Bar:
    """The probability of one label.

    Attributes:
        label: as in emotions.py.
        name: in the chosen language.
        share: 0..1.
        likely: it is in the prediction set.
    """

    label: str
    name: str
    share: float
    likely: bool


@dataclass(frozen=True)
class Caption:
    """What is said of one person.

    Attributes:
        title: a name, a question, or that there is none.
        shown: what icons show, one or two: labels, icons.UNSURE or icons.NONE.
        detail: what the title leaves open; may be empty.
        share: probability of the title, 0..1; None where it is no single name.
        source: robot, cloud, both; may be empty.
        bars: of every label, in the label space's order.
        given: there is an answer that somebody may act on.
        short: the title where there is less room; empty: the same.
    """

    title: str
    shown: tuple[str, ...]
    detail: str
    share: float | None
    source: str
    bars: tuple[Bar, ...]
    given: bool
    short: str = ""

    def best(self, count: int) -> tuple[Bar, ...]:
        """The likeliest bars, from the likeliest."""
        return tuple(sorted(self.bars, key=lambda bar: -bar.share)[:count])


def caption(person: Person, words: Words) -> Caption:
    """What is said of one person."""
    bars = _bars(person, words)
    if not bars:
        why = words.reasons.get(person.reason, person.reason)
        return Caption(words.no_estimate, (icons.NONE,), why, None, person.source, (), given=False)
    likely = _likely(person, bars)
    source = person.source
    if person.abstained:
        doubt = _doubt(person, likely, words)
        return Caption(words.unsure, (icons.UNSURE,), doubt, None, source, bars, given=False)
    if len(likely) > 1:
        title, short = words.question(likely[:ASKED]), words.question(likely[:1])
        return Caption(title, likely[:2], "", None, source, bars, given=True, short=short)
    share = next(bar.share for bar in bars if bar.label == likely[0])
    return Caption(words.name(likely[0]), likely, "", share, source, bars, given=True)


def _bars(person: Person, words: Words) -> tuple[Bar, ...]:
    """One for each label; none where something is missing or not a number."""
    shares = [float(share) for share in person.probabilities]
    if len(shares) != len(person.labels) or not all(map(isfinite, shares)):
        return ()
    return tuple(
        Bar(label, words.name(label), min(max(share, 0.0), 1.0), label in person.prediction_set)
        for label, share in zip(person.labels, shares, strict=True)
    )


def _likely(person: Person, bars: tuple[Bar, ...]) -> tuple[str, ...]:
    """The prediction set; the likeliest label where the model makes no sets."""
    known = {bar.label for bar in bars}
    members = tuple(dict.fromkeys(label for label in person.prediction_set if label in known))
    return members or (max(bars, key=lambda bar: bar.share).label,)


def _doubt(person: Person, likely: tuple[str, ...], words: Words) -> str:
    """Between which labels it is undecided, where few; else the reason."""
    if person.reason == icons.UNSURE and 1 < len(likely) <= ASKED:
        return words.question(likely)
    return words.reasons.get(person.reason, person.reason)
