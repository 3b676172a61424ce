"""What `fer_ros run` says at its end."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite, nan
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from typing import Any

from fer_ros.nodes.monitor import Tally

PROCESSES = (RUSAGE_SELF, RUSAGE_CHILDREN)  # the largest of them is told


@dataclass(frozen=True)
class Summary:
    """The figures of one run.

    Attributes:
        duration_s: from the command to the end.
        published: images that the camera node gave; None when the images came from elsewhere.
        tally: what went through the graph.
        cpu_share: processor time over the time the nodes ran; 1 is one core. With one process a node that
            of every process, its start included.
        restarts: node path → how often it was started again; None where no node can be.
    """

    duration_s: float
    published: int | None
    tally: Tally
    cpu_share: float
    restarts: Mapping[str, int] | None = None

    @property
    def frames(self) -> int:
        """Images that came in."""
        return self.tally.images if self.published is None else self.published

    @property
    def flowed(self) -> bool:
        """Whether estimates of a face came out."""
        return self.tally.estimates_of_faces > 0

    def why_not(self) -> str:
        """What was missing when nothing came out."""
        if self.frames == 0:
            return "no image came; check the source, or the topic with `ros2 topic hz`"
        if self.tally.forbidden and not self.tally.images_with_faces:
            return f"nothing was inferred: {self.tally.forbidden}"
        if self.tally.images_with_faces == 0:
            return (
                f"no face was seen in {self.tally.images} images; check the light, the distance and --finder"
            )
        return "faces were seen, but no estimate of one came out; look at the nodes' log with --verbose"

    def as_dict(self) -> dict[str, Any]:
        """For JSON; null is what was not measured."""
        tally = self.tally
        return {
            "duration_s": round(self.duration_s, 2),
            "frames": self.frames,
            "frames_with_faces": tally.images_with_faces,
            "faces": len(tally.faces),
            "estimates": {machine: tally.made[machine] for machine in ("robot", "cloud")},
            "emotion": {machine: tally.chosen[machine] for machine in tally.latencies_s},
            "latency_ms": {"all": self._latency(""), **{m: self._latency(m) for m in tally.latencies_s}},
            "oldest_ms": _number(
                1e3 * max((v for vs in tally.latencies_s.values() for v in vs), default=nan)
            ),
            "cpu_percent_of_a_core": _number(100 * self.cpu_share),
            "max_rss_mb": round(max(getrusage(whose).ru_maxrss for whose in PROCESSES) / 1024),
            "first_estimate_s": _number(tally.first_s),
            "mode_changes": [{"t": round(t, 2), "mode": mode, "reason": why} for t, mode, why in tally.modes],
            "cues": [{"t": round(t, 2), "cue": cue, "why": why} for t, cue, why in tally.cues],
            "restarts": self.restarts,
        }

    def text(self) -> str:
        """For people."""
        tally = self.tally
        lines = [
            f"frames in          {self.frames}, {tally.images_with_faces} with a face",
            f"faces              {len(tally.faces)}",
            f"estimates out      robot {tally.made['robot']}, cloud {tally.made['cloud']}",
            "passed to emotion  " + ", ".join(f"{who} {tally.chosen[who]}" for who in tally.latencies_s),
            *(self._latency_line(machine) for machine in tally.latencies_s if tally.chosen[machine]),
            f"first estimate     {tally.first_s:.1f} s after the command" if isfinite(tally.first_s) else "",
            f"processor          {100 * self.cpu_share:.0f} % of a core",
            f"mode changes       {len(tally.modes)}",
            *(f"  {t:5.1f} s  {mode:<8} {why}" for t, mode, why in tally.modes),
            f"cues               {len(tally.cues)}",
            *(f"  {t:5.1f} s  {cue:<12} {why}" for t, cue, why in tally.cues),
            f"restarts           {spoken_restarts(self.restarts)}" if self.restarts is not None else "",
        ]
        return "\n".join(line for line in lines if line)

    def _latency(self, machine: str) -> dict[str, float | None]:
        p50, p99 = self.tally.percentiles_ms(machine)
        return {"p50": _number(p50), "p99": _number(p99)}

    def _latency_line(self, machine: str) -> str:
        p50, p99 = self.tally.percentiles_ms(machine)
        return f"stamp to emotion   {machine}: p50 {p50:.1f} ms, p99 {p99:.1f} ms"


def spoken_restarts(restarts: Mapping[str, int]) -> str:
    """How often nodes were started again, those that were."""
    return ", ".join(f"{path} {count}" for path, count in restarts.items() if count) or "none"


def _number(value: float) -> float | None:
    return round(value, 2) if isfinite(value) else None
