"""Finds rules that can never fire: their conditions clash, or rules asked earlier leave them nothing."""

from collections.abc import Sequence

from fer_ros.conversation.conditions import ABSENCE
from fer_ros.conversation.rules import Rule
from fer_ros.conversation.worlds import Box, box, clash, worlds

Boxes = tuple[Box, Box]  # where a rule holds with somebody, and where with nobody
Place = tuple[Rule, Boxes]


def unreachable(rules: Sequence[Rule]) -> dict[str, str]:
    """The names of rules that can never fire, and why.

    The answer is exact as far as conditions go; that a face may never be seen as a rule asks, say
    happy with a low valence, is not known here.

    Args:
        rules: in the order in which they are asked.
    """
    somebody, nobody = worlds(rules)
    places = [(rule, (box(rule, somebody), box(rule, nobody))) for rule in rules]
    found = {}
    for index, (rule, own) in enumerate(places):
        earlier = places[:index]
        if not any(all(mine) for mine in own):
            keys = clash(rule, nobody if ABSENCE in rule.when else somebody)
            if ABSENCE in rule.when:
                keys = [ABSENCE, *(key for key in keys if key != ABSENCE)]
            found[rule.name] = f"{' and '.join(keys)} never hold together; relax or remove one"
        elif not _left(own, earlier):
            found[rule.name] = _shadow(own, earlier)
    return found


def _left(own: Boxes, earlier: Sequence[Place]) -> bool:
    """Whether earlier rules leave something of a rule, in either world."""
    return any(_remains(mine, [boxes[w] for _, boxes in earlier]) for w, mine in enumerate(own))


def _shadow(own: Boxes, earlier: Sequence[Place]) -> str:
    """Which of the earlier rules it takes to leave nothing of a rule."""
    needed = list(earlier)
    for place in earlier:
        fewer = [other for other in needed if other is not place]
        if not _left(own, fewer):
            needed = fewer
    names = " and ".join(sorted(rule.name for rule, _ in needed))
    return f"{names} always comes first; give this rule a higher priority"


def _remains(place: Box, others: Sequence[Box]) -> bool:
    """Whether a box is not covered by other boxes."""
    if not all(place):
        return False
    if not others:
        return True
    return any(_remains(piece, others[1:]) for piece in _outside(place, others[0]))


def _outside(place: Box, other: Box) -> list[Box]:
    """A box without what it shares with another, as boxes that share nothing with each other."""
    if not all(mine & theirs for mine, theirs in zip(place, other, strict=True)):
        return [place]
    pieces = []
    inside = list(place)
    for axis, theirs in enumerate(other):
        if outside := inside[axis] & ~theirs:
            pieces.append((*inside[:axis], outside, *inside[axis + 1 :]))
        inside[axis] &= theirs
    return pieces
