"""What the page shows: the newest of everything, and the last minute. Times are in s, of one clock."""

from collections import deque
from collections.abc import Sequence
from dataclasses import asdict
from math import isfinite
from typing import Any

from fer_ros.consent.permissions import Permission
from fer_ros.estimators.estimate import Estimate
from fer_ros.web.actions import MODES
from fer_ros.web.seen import CueSeen, HealthSeen, LinkSeen, ModeSeen, NoticeSeen

SAMPLE_EVERY_S = 0.2
HISTORY_S = 60.0
GONE_AFTER_S = 1.0  # a face of which nothing newer is known
LARGER = 1.2  # than whom the page is about a face must be to take that place: nobody's bars swap at random
STALE_AFTER_S = 3.5  # a node that said how it is once a second
RATE_OVER_S = 1.0
CUES = 20
LONGEST = 2000  # characters of any text: a notice is shorter
DIGITS = 5  # that a number on the page has

Json = dict[str, Any]


class PageState:
    """Keeps what the page shows; not safe for several threads at once."""

    def __init__(self, profiles: Sequence[str]) -> None:
        """Begin with nothing.

        Args:
            profiles: names of the link's profiles.
        """
        self._profiles = list(profiles)
        self._labels: tuple[str, ...] = ()
        self._people: dict[str, tuple[Estimate, str]] = {}
        self._attended = ""  # id of the face that the page is about
        self._mode: ModeSeen | None = None
        self._link: LinkSeen | None = None
        self._permission: Permission | None = None
        self._notice: NoticeSeen | None = None
        self._cues: deque[CueSeen] = deque(maxlen=CUES)
        self._health: dict[str, tuple[HealthSeen, float]] = {}
        self._pictures: deque[float] = deque(maxlen=200)
        self._history: deque[Json] = deque(maxlen=round(HISTORY_S / SAMPLE_EVERY_S))

    @property
    def is_cut(self) -> bool:
        """Whether the link is known to be cut on purpose."""
        return self._link is not None and self._link.cut

    def see_estimate(self, estimate: Estimate, source: str) -> None:
        """Take an estimate of a face, or the word that there was none.

        Args:
            estimate: as it was published.
            source: robot, cloud or both.
        """
        if not estimate.face_id:
            newer = {name: seen for name, seen in self._people.items() if seen[0].stamp > estimate.stamp}
            self._people = newer
            return
        self._labels = estimate.labels or self._labels
        self._people[estimate.face_id] = (estimate, source)

    def see_mode(self, mode: ModeSeen) -> None:
        """Take who is in charge."""
        self._mode = mode

    def see_link(self, link: LinkSeen) -> None:
        """Take how the link is."""
        self._link = link

    def see_permission(self, permission: Permission) -> None:
        """Take what is allowed; where nothing is, nobody is shown any more."""
        self._permission = permission
        if permission.why_not:
            self._people.clear()

    def see_notice(self, notice: NoticeSeen) -> None:
        """Take what people are told."""
        self._notice = notice

    def see_cue(self, cue: CueSeen) -> None:
        """Take a cue; the oldest is forgotten."""
        self._cues.append(cue)

    def see_health(self, health: HealthSeen, now: float) -> None:
        """Take how a node is."""
        self._health[health.name] = (health, now)

    def see_picture(self, now: float) -> None:
        """Count a picture of the overlay."""
        self._pictures.append(now)

    def sample(self, now: float) -> None:
        """Keep what is so now; to be called every SAMPLE_EVERY_S."""
        if self._history and now < self._history[-1]["t"]:  # time began anew
            self._history.clear()
        attended = next((seen for seen, _ in self._present(now)), None)
        mode, link = self._mode, self._link
        self._history.append(
            {
                "t": round(now, 3),
                "probabilities": _by_label(attended) if attended is not None else None,
                "valence": number(attended.valence) if attended is not None else None,
                "arousal": number(attended.arousal) if attended is not None else None,
                "mode": mode.mode if mode is not None else None,
                "cut": link.cut if link is not None else None,
                "goodput_bps": number(link.goodput_bps) if link is not None else None,
                "payload": text(link.payload) if link is not None else None,
            }
        )

    def hello(self) -> Json:
        """The first message to a page: what there is to choose from, and the last minute."""
        return {
            "type": "hello",
            "profiles": self._profiles,
            "modes": list(MODES),
            "labels": [text(label) for label in self._labels],
            "history": list(self._history),
        }

    def now(self, now: float) -> Json:
        """What is so now; null is what is not known or not measured."""
        return {
            "type": "state",
            "t": round(now, 3),
            "images_hz": self._images_hz(now),
            "people": [_person(seen, source, now) for seen, source in self._present(now)],
            "mode": _plain(self._mode),
            "link": _plain(self._link),
            "permission": _allowed(self._permission),
            "notice": _plain(self._notice),
            "cues": [_plain(cue) for cue in reversed(self._cues)],
            "health": [_node(health, now - at) for health, at in self._health.values()],
        }

    def _images_hz(self, now: float) -> float:
        return sum(0 <= now - at < RATE_OVER_S for at in self._pictures) / RATE_OVER_S

    def _present(self, now: float) -> list[tuple[Estimate, str]]:
        """The newest estimate of everybody who is still there; first whom the minute is about."""
        self._people = {
            name: seen for name, seen in self._people.items() if abs(now - seen[0].stamp) <= GONE_AFTER_S
        }
        self._attended = self._largest()
        return sorted(self._people.values(), key=lambda seen: seen[0].face_id != self._attended)

    def _largest(self) -> str:
        """The largest face, the first of several as large; empty: nobody is there."""
        sizes = {name: number(seen.face_size_px) or 0.0 for name, (seen, _) in self._people.items()}
        largest = max(sizes, key=lambda name: sizes[name], default="")
        stays = self._attended in sizes and sizes[largest] <= LARGER * sizes[self._attended]
        return self._attended if stays else largest


def number(value: float) -> float | None:
    """A number of few digits for JSON; None where it was not measured."""
    return float(f"{value:.{DIGITS}g}") if isfinite(value) else None


def text(value: str) -> str:
    """A text that does not fill the page, whoever sent it."""
    return value if len(value) <= LONGEST else f"{value[: LONGEST - 1]}\N{HORIZONTAL ELLIPSIS}"


def _plain(seen: ModeSeen | LinkSeen | NoticeSeen | CueSeen | None) -> Json | None:
    return None if seen is None else {name: _value(name, value) for name, value in asdict(seen).items()}


def _value(name: str, value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 3) if name in ("t", "since") else number(value)
    if isinstance(value, str):
        return text(value)
    return [text(each) for each in value] if isinstance(value, (list, tuple)) else value


def _by_label(estimate: Estimate) -> dict[str, float | None] | None:
    """Label → probability; None where nothing could be estimated."""
    if not estimate.probabilities.size:
        return None
    return {
        text(label): number(p)
        for label, p in zip(estimate.labels, estimate.probabilities.tolist(), strict=True)
    }


def _person(estimate: Estimate, source: str, now: float) -> Json:
    return {
        "id": text(estimate.face_id),
        "labels": [text(label) for label in estimate.labels],
        "probabilities": [number(p) for p in estimate.probabilities.tolist()],
        "set": [text(label) for label in estimate.prediction_set],
        "abstained": estimate.abstained,
        "reason": text(estimate.reason),
        "source": source,
        "valence": number(estimate.valence),
        "arousal": number(estimate.arousal),
        "age_s": number(now - estimate.stamp),
    }


def _allowed(permission: Permission | None) -> Json | None:
    if permission is None:
        return None
    return {
        "permitted": not permission.why_not,
        "reason": text(permission.why_not),
        "enabled": permission.enabled,
        "consent_required": permission.consent_required,
        "consent": permission.consent.name,
    }


def _node(health: HealthSeen, age_s: float) -> Json:
    return {
        "name": text(health.name),
        "level": "STALE" if age_s > STALE_AFTER_S else health.level,
        "message": text(health.message),
        "values": {text(key): text(value) for key, value in health.values.items()},
        "age_s": number(age_s),
    }
