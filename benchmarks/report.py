"""Figures against their targets, for a terminal and for benchmarks/results.md."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

Figures = dict[str, Any]

OF_SPEED = ("ms", "s", "%", "/s")


@dataclass(frozen=True)
class Target:
    """One figure that the project promises."""

    what: str
    value: float
    limit: float
    unit: str = "ms"
    at_least: bool = False
    slowness: float = 1.0

    @property
    def at_reference(self) -> float:
        """The figure at the speed of the machine on which the targets were set, where it is one of speed."""
        if self.unit not in OF_SPEED:
            return self.value
        return self.value * self.slowness if self.at_least else self.value / self.slowness

    @property
    def met(self) -> bool:
        """Whether the promise is kept."""
        return self.at_reference >= self.limit if self.at_least else self.at_reference <= self.limit

    def row(self) -> str:
        """One line of a table."""
        sign = ">=" if self.at_least else "<="
        verdict = "met" if self.met else "MISSED"
        figures = f"{self.value:8.2f} {self.at_reference:8.2f} {sign} {self.limit:g}"
        return f"{self.what:<58} {figures} {self.unit:<6} {verdict}"


def check(results: Figures) -> list[Target]:
    """The targets of every part that was measured."""
    return [
        replace(target, slowness=results["slowness"][part])
        for part, make in MAKERS.items()
        if part in results
        for target in make(results[part])
    ]


def table(targets: Sequence[Target]) -> str:
    """All targets, a line each."""
    head = f"{'':<58} measured  at the reference's speed"
    return "\n".join([head, *(target.row() for target in targets)])


def to_markdown(results: Figures, targets: Sequence[Target]) -> str:
    """The report that is committed."""
    low, high = min(results["slowness"].values()), max(results["slowness"].values())
    parts: dict[str, list[str]] = {}
    for part, machine in results["machines"].items():
        parts.setdefault(machine, []).append(part)
    lines = [
        "# Figures",
        "",
        "Printed by `make bench`:",
        *(f"- {', '.join(names)}: on {machine}" for machine, names in parts.items()),
        "",
        "The targets were set on a machine where MediaPipe takes 5.0 ms for a face. Here, in these runs, it "
        f"took {low:.2f} to {high:.2f} times that; the second column is divided by it, part by part.",
        "",
        "| figure | measured | at the reference's speed | target | at that speed |",
        "|---|---|---|---|---|",
        *(_line(target) for target in targets),
    ]
    for name in ("online", "separate_default"):
        if name in results:
            lines += ["", *_plain(name, results[name])]
    if "models" in results:
        lines += ["", "Every model on one core, batch 1, in one run:", "", *_costs(results["models"])]
    for name, rows in results.get("found", {}).items():
        lines += ["", f"Faces found by width, {name}:", "", *_sizes(rows)]
    return "\n".join(lines) + "\n"


def _line(target: Target) -> str:
    figures = (f"{value:.2f} {target.unit}".strip() for value in (target.value, target.at_reference))
    sign = "≥" if target.at_least else "≤"
    verdict = "met" if target.met else "**missed**"
    return f"| {target.what} | {' | '.join(figures)} | {sign} {target.limit:g} | {verdict} |"


def _plain(name: str, figures: Figures) -> list[str]:
    if name == "online":
        every = figures["latency_ms"]["all"]
        latency = f"p50 {every['p50']} ms, p99 {every['p99']} ms from acquisition stamp to `emotion`"
        shares = ", ".join(f"{number} {who}" for who, number in figures["emotion"].items())
        number = f"{shares} in {figures['duration_s']:.0f} s"
        return [f"With the cloud's estimates behind wifi (40 ms each way): {latency}; {number}."]
    return [
        f"Separate processes with Fast DDS's own settings: {figures['answered']} of {figures['images']} "
        "images answered; the profile in config/fastdds.xml is what makes them arrive."
    ]


def _sizes(rows: Sequence[Figures]) -> list[str]:
    head = "| px | " + " | ".join(str(row["width_px"]) for row in rows) + " |"
    rule = "|---" * (len(rows) + 1) + "|"
    found = "| found | " + " | ".join(f"{row['found']:.2f}" for row in rows) + " |"
    cost = "| ms a frame | " + " | ".join(f"{row['ms']:.1f}" for row in rows) + " |"
    return [head, rule, found, cost]


def _costs(figures: Figures) -> list[str]:
    rows = sorted(figures.items(), key=lambda item: float(item[1]["ms"]))
    return [
        "| model | ms a face | parameters | file |",
        "|---|---|---|---|",
        *(
            f"| {name} | {one['ms']:.3f} | {one.get('parameters', '')} | {_kilobytes(one)} |"
            for name, one in rows
        ),
    ]


def _kilobytes(figures: Figures) -> str:
    return f"{figures['file_kb']} kB" if "file_kb" in figures else ""


def _composed(figures: Figures) -> list[Target]:
    latency = figures["latency_ms"]["robot"]
    return [
        Target("composed, yunet + mediapipe: stamp to emotion, p50", latency["p50"], 15),
        Target("composed: stamp to emotion, p99", latency["p99"], 40),
        Target("composed: oldest estimate published", figures["oldest_ms"], 100),
        Target("composed: processor", figures["cpu_percent_of_a_core"], 70, "%"),
        Target("composed: memory", figures["max_rss_mb"], 500, "MB"),
        Target("first estimate after the command", figures["first_estimate_s"], 5, "s"),
    ]


def _haar(figures: Figures) -> list[Target]:
    return [Target("composed, haar: stamp to emotion, p50", figures["latency_ms"]["robot"]["p50"], 30)]


def _separate(figures: Figures) -> list[Target]:
    return [
        Target(
            "separate processes: images lost before faces", figures["images"] - figures["answered"], 0, ""
        ),
        Target("separate processes: stamp to emotion, p50", figures["p50_ms"], 20),
    ]


def _own_code(figures: Figures) -> list[Target]:
    return [Target("our own code, a frame", figures["mean_ms"], 3)]


def _video(figures: Figures) -> list[Target]:
    return [
        Target("fer_ros video, 720p, yunet + mediapipe", figures["images_per_s"], 100, "/s", at_least=True)
    ]


def _faces(figures: Figures) -> list[Target]:
    one, five = figures["yunet+mediapipe"]
    return [
        Target("one face, yunet + mediapipe, a frame", one["mean_ms"], 8),
        Target("five faces, yunet + mediapipe, a frame", five["mean_ms"], 20),
    ]


def _found(figures: Figures) -> list[Target]:
    targets = []
    for name, from_px in (("yunet+none", 32), ("yunet+mediapipe", 32), ("haar+none", 56)):
        worst = min(row["found"] for row in figures[name] if row["width_px"] >= from_px)
        targets.append(Target(f"{name}: worst found share from {from_px} px", worst, 0.95, "", at_least=True))
    return targets


def _models(figures: Figures) -> list[Target]:
    robot = figures["robot"]["ms"]
    return [
        Target("robot model, one face", robot, 0.5),
        Target(
            "robot model: times faster than VGG13",
            figures["vgg13 (peer)"]["ms"] / robot,
            13,
            "",
            at_least=True,
        ),
        Target("student, one face", figures["student"]["ms"], 0.3),
    ]


MAKERS = {
    "composed": _composed,
    "haar": _haar,
    "separate": _separate,
    "own_code": _own_code,
    "video": _video,
    "faces": _faces,
    "found": _found,
    "models": _models,
}
