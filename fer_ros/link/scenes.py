"""Places and ways that traces are made of: how good a radio link is over time, and what it then carries.

Signal over noise falls with distance and walls, wanders slowly (shadows of things) and quickly (echoes),
and carries Shannon's rate of it, up to the fastest that the radio has. Nothing here was recorded.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import exp, log2, log10, sqrt
from random import Random

from fer_ros.errors import ParameterError
from fer_ros.link.traces import Step, Trace, trace_of

STEP_S = 0.1


@dataclass(frozen=True)
class Scene:
    """A radio link over time.

    Attributes:
        duration_s: s.
        mean_db: signal over noise without shadows and echoes, dB, at a time in s.
        shadow: standard deviation, dB, and time over which it wanders, s.
        echo: the same of the quick part.
        bandwidth_khz: how many kbit/s there are for each bit that a symbol carries.
        highest_kbps: kbit/s of the fastest coding.
    """

    duration_s: float
    mean_db: Callable[[float], float]
    shadow: tuple[float, float]
    echo: tuple[float, float]
    bandwidth_khz: float
    highest_kbps: float


def scene_trace(name: str, seed: int = 1) -> Trace:
    """The trace of a scene; the one that is shipped has seed 1.

    Raises:
        ParameterError: there is no such scene.
    """
    if name not in SCENES:
        raise ParameterError(f"there is no scene {name!r}; choose one of {', '.join(SCENES)}")
    scene = SCENES[name]
    return trace_of(name, _rates(scene, Random(f"{name} {seed}")), scene.duration_s)  # noqa: S311


def _rates(scene: Scene, random: Random) -> list[Step]:
    steps = round(scene.duration_s / STEP_S)
    wandering = [_wandering(*part, steps, random) for part in (scene.shadow, scene.echo)]
    return [
        (at, _kbps(scene, scene.mean_db(at) + slow + quick))
        for at, slow, quick in zip((k * STEP_S for k in range(steps)), *wandering, strict=True)
    ]


def _kbps(scene: Scene, snr_db: float) -> float:
    return min(scene.highest_kbps, scene.bandwidth_khz * log2(1.0 + 10.0 ** (snr_db / 10.0)))


def _wandering(deviation: float, over_s: float, steps: int, random: Random) -> Sequence[float]:
    """A normal number that forgets itself exponentially (an Ornstein-Uhlenbeck process)."""
    keep = exp(-STEP_S / over_s)
    values = [random.gauss(0.0, deviation)]
    while len(values) < steps:
        values.append(keep * values[-1] + sqrt(1.0 - keep * keep) * random.gauss(0.0, deviation))
    return values


def _walk_db(t: float) -> float:
    """Away from the access point at 1.4 m/s, and back; a wall after 12 m and one after 25 m."""
    metres = 2.0 + 1.4 * min(t, 60.0 - t)
    walls = (metres > 12.0) + (metres > 25.0)
    return 46.0 - 30.0 * log10(metres) - 6.0 * walls


def _drive_db(t: float) -> float:
    """Past masts, and through two underpasses."""
    return 15.0 - 30.0 * (42.0 <= t < 45.0) - 40.0 * (86.0 <= t < 91.0) - 6.0 * (55.0 <= t < 70.0)


def _elevator_db(t: float) -> float:
    """Doors shut from 14 s to 24 s and from 28 s to 42 s; they take a second and a half."""
    shut = max(_ramp(t, 14.0, 24.0), _ramp(t, 28.0, 42.0))
    return 20.0 - 55.0 * shut


def _ramp(t: float, begin: float, end: float, door_s: float = 1.5) -> float:
    """0..1: how far the doors are shut."""
    return max(0.0, min(1.0, (t - begin) / door_s, (end + door_s - t) / door_s))


SCENES = {
    "walk": Scene(60.0, _walk_db, (4.0, 3.0), (2.0, 0.2), 2500.0, 24_000.0),
    "drive": Scene(120.0, _drive_db, (5.0, 6.0), (4.0, 0.3), 500.0, 6_000.0),
    "elevator": Scene(60.0, _elevator_db, (2.0, 4.0), (2.0, 0.3), 750.0, 8_000.0),
}
