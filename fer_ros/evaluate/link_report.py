"""The sender that chooses beside every rung that does not, on every link: tables, as JSON and Markdown."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean
from typing import Any

from fer_ros.evaluate.link_clip import LinkClip
from fer_ros.evaluate.link_figures import LinkFigures, link_figures
from fer_ros.evaluate.markdown import table
from fer_ros.link.ladder import Step
from fer_ros.link.params import UplinkParams
from fer_ros.link.profiles import DIRECT, LinkProfile
from fer_ros.link.rehearsal import content, rehearse
from fer_ros.link.sender import AUTO, Sender

SETTLED_S = 5.0  # from here on figures are taken: everybody has found a link by then
SEED = 1
NONE_FRESH = 0.02  # chance results of a link that is too slow

Plan = tuple[tuple[float, LinkProfile], ...]  # (s from when on, link), the first from 0


@dataclass(frozen=True)
class LinkCase:
    """One link, or several one after another.

    Attributes:
        name: of the table's row.
        plan: which link from when on.
        changing: whether it changes, by plan or by itself.
    """

    name: str
    plan: Plan
    changing: bool


def measured_ladder(clip: LinkClip, steps: Sequence[Step], duration_s: float) -> tuple[Step, ...]:
    """The ladder with the use and the size that its rungs have for this clip.

    Over a link that carries everything at once: what delay and loss take is the controller's to know.
    """
    found = []
    for step in steps:
        sizes = [shot.sizes[content(step.rung)] for shot in clip.shots]
        figures = _figures(clip, LinkCase("direct", ((0.0, DIRECT),), changing=False), step, duration_s)
        found.append(replace(step, use=round(figures.agreement, 3), size_bytes=round(fmean(sizes))))
    return tuple(sorted(found, key=lambda step: step.bps))


def compare_senders(
    clip: LinkClip,
    cases: Sequence[LinkCase],
    ladder: Sequence[Step],
    allow: str,
    duration_s: float,
    advance: Callable[[], None],
) -> dict[str, dict[str, LinkFigures]]:
    """Case → sender ("auto" or a rung) → its figures. `advance` is called once for each of them."""
    found: dict[str, dict[str, LinkFigures]] = {}
    for case in cases:
        found[case.name] = {}
        for step in (None, *ladder):
            name = AUTO if step is None else str(step.rung)
            found[case.name][name] = _figures(clip, case, step, duration_s, ladder, allow)
            advance()
    return found


def as_json(found: Mapping[str, Mapping[str, LinkFigures]], cases: Sequence[LinkCase]) -> dict[str, Any]:
    """Everything, and what follows for each link."""
    return {
        case.name: {
            "changing": case.changing,
            "best_fixed": best_fixed(found[case.name]),
            "auto_to_best_fixed": round(_ratio(found[case.name]), 3),
            "senders": {name: figures.as_dict() for name, figures in found[case.name].items()},
        }
        for case in cases
    }


def best_fixed(senders: Mapping[str, LinkFigures]) -> str:
    """The rung with the most fresh and right results; of equals, the one that sends least."""

    def merit(name: str) -> tuple[float, ...]:
        figures = senders[name]
        return round(_score(figures), 3), round(figures.agreement, 3), -figures.kbps

    return max((name for name in senders if name != AUTO), key=merit)


def to_markdown(found: Mapping[str, Mapping[str, LinkFigures]], cases: Sequence[LinkCase]) -> str:
    """One table of the constant links and one of the changing ones: auto, and the best fixed rung."""
    parts = []
    for title, changing in (("Constant links", False), ("Links that change", True)):
        rows = [
            row for case in cases if case.changing is changing for row in _rows(case.name, found[case.name])
        ]
        if rows:
            parts += [f"### {title}", table(HEADINGS, rows)]
    return "\n\n".join(parts) + "\n"


HEADINGS = (
    "link",
    "sender",
    "fresh and right",
    "right",
    "age mean, ms",
    "p95, ms",
    "results/s",
    "kbit/s",
    "kbit a result",
    "changes",
)


def _rows(case: str, senders: Mapping[str, LinkFigures]) -> list[list[str]]:
    best = best_fixed(senders)
    named = [(case, AUTO, senders[AUTO]), ("", f"best fixed: {best}", senders[best])]
    return [
        [
            link,
            sender,
            f"{figures.fresh:.3f}",
            f"{figures.agreement:.3f}",
            f"{1000 * figures.age_mean_s:.0f}",
            f"{1000 * figures.age_p95_s:.0f}",
            f"{figures.results_hz:.1f}",
            f"{figures.kbps:.0f}",
            f"{figures.bits_per_result / 1000:.1f}",
            str(figures.switches),
        ]
        for link, sender, figures in named
    ]


def _ratio(senders: Mapping[str, LinkFigures]) -> float:
    """Of fresh and right results; of right ones where the link is too slow for any to be fresh."""
    best = senders[best_fixed(senders)]
    if best.fresh >= NONE_FRESH:
        return senders[AUTO].fresh / best.fresh
    return senders[AUTO].agreement / best.agreement if best.agreement else 1.0


def _score(figures: LinkFigures) -> float:
    return figures.fresh if figures.fresh >= NONE_FRESH else 0.0


def _figures(
    clip: LinkClip,
    case: LinkCase,
    step: Step | None,
    duration_s: float,
    ladder: Sequence[Step] = (),
    allow: str = "frames",
) -> LinkFigures:
    rung = AUTO if step is None else str(step.rung)
    sender = Sender(UplinkParams(allow=allow, rung=rung), ladder)
    record = rehearse(clip.shots, case.plan, sender, seed=SEED, duration_s=duration_s)
    return link_figures(clip, record, duration_s, min(SETTLED_S, duration_s / 2))
