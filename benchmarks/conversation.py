"""The conversation's figures: `python -m benchmarks.conversation` prints them as one JSON line.

- eight_hours: simulated conversation with one person at 30 estimates a second, as fast as it goes; growth of
  memory is from the first half hour to the end.
- estimate_to_cue_ms: from an estimate to the cue that it makes due: in the core, in the node's callback
  with the publishing of the cue, and from publishing an estimate to hearing its cue through DDS.
- twenty_faces: share of one core at 20 faces and 30 images a second, of mode and conversation: the core
  alone, and the two real nodes in one process, fed by another.

Figures over ROS are null where rclpy or the interfaces are missing. Close other programs first.
"""

import argparse
import gc
import json
import random
import subprocess
import sys
import time
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from fer_ros.conversation.manager import ConversationManager, Cue
from fer_ros.conversation.observation import Observation
from fer_ros.conversation.params import ConversationParams
from fer_ros.conversation.policy import Policy, load_policy, policy_path
from fer_ros.conversation.rules import CUES, Rule
from fer_ros.conversation.turns import Turn, TurnState
from fer_ros.emotions import FERPLUS, valence_arousal
from fer_ros.mode import ModeParams, ModeSwitch
from fer_ros.selection import Selector

Figures = dict[str, Any]

HOURS, RATE_HZ, FACES = 8.0, 30, 20
TURN_S, SPOKEN_S = 20, 7  # a turn begins this often, and is spoken for so long
MOOD_S, VISIT_S, AWAY_S = 30, 900, 60  # a visitor's moods; visitors, and how long nobody is there after each
# One emotion for each cue, and parameters with which every estimate makes another cue due.
TOLD = dict(zip(FERPLUS, CUES, strict=False))
HASTY = {"smoothing_s": 0.05, "min_hold_s": 0.0}
STEP_S = 0.1
REPEATS = 300


def eight_hours(hours: float) -> Figures:
    """Wall time and memory of a day's conversation."""
    manager = ConversationManager(ConversationParams(), load_policy(policy_path("care_home")))
    noise = random.Random(1)
    moods = [[estimate(emotion, noise.gauss(0.8, 0.1)) for _ in range(50)] for emotion in FERPLUS]
    frames, warm_kb, said = round(hours * 3600 * RATE_HZ), 0, 0
    began, began_cpu = time.perf_counter(), time.process_time()
    for frame in range(frames):
        if frame == frames // 16:
            warm_kb = resident_kb()
        said += _live(manager, frame, moods[frame // RATE_HZ // MOOD_S % len(moods)][frame % 50])
    wall_s, cpu_s = time.perf_counter() - began, time.process_time() - began_cpu
    return {
        "hours": hours,
        "estimates": frames,
        "cues_and_reactions": said,
        "wall_s": round(wall_s, 1),
        "cpu_s": round(cpu_s, 1),
        "memory_growth_kb": resident_kb() - warm_kb,
    }


def _live(manager: ConversationManager, frame: int, seen: tuple[Any, ...]) -> int:
    """One frame; how many cues and reactions it led to."""
    now, second = 1000.0 + frame / RATE_HZ, frame // RATE_HZ
    said = 0
    if frame % RATE_HZ == 0 and second % TURN_S in (0, SPOKEN_S):
        state = TurnState.SPEAKING if second % TURN_S == 0 else TurnState.LISTENING
        said += len(manager.on_turn(Turn(now, f"t{second // TURN_S}", "weather", state), now))
    away = second % VISIT_S >= VISIT_S - AWAY_S
    visitor = Observation(now, "") if away else Observation(now, f"face_{second // VISIT_S}", *seen)
    said += len(manager.on_estimate(visitor, now))
    return said + (len(manager.tick(now)) if frame % 3 == 0 else 0)


def core_ms() -> Figures:
    """Time of the core for an estimate that makes a cue due."""
    policy = Policy(
        tuple(Rule(cue, cue, {"emotion": (name,)}, refractory_s=0.5) for name, cue in TOLD.items())
    )
    manager = ConversationManager(ConversationParams(**HASTY), policy)
    times = []
    for step in range(REPEATS):
        seen = estimate(list(TOLD)[step % len(TOLD)], 0.97)
        now = 1000.0 + STEP_S * step
        began = time.perf_counter()
        said = manager.on_estimate(Observation(now, "face_1", *seen), now)
        if any(isinstance(output, Cue) for output in said):
            times.append(1e3 * (time.perf_counter() - began))
    return percentiles(times)


def twenty_faces_core() -> float:
    """Share of one core for switch, selection and conversation, without ROS."""
    selector: Selector[Observation] = Selector(ModeSwitch(ModeParams(mode="offline")))
    manager = ConversationManager(ConversationParams(), load_policy(policy_path("museum_guide")))
    faces = [estimate(FERPLUS[face % len(FERPLUS)], 0.85) for face in range(FACES)]
    seconds = 20
    began = time.process_time()
    for frame in range(seconds * RATE_HZ):
        now = 1000.0 + frame / RATE_HZ
        for face, seen in enumerate(faces):
            told = Observation(now, f"face_{face}", *seen)
            for passed in selector.on_robot(now, told.face_id, told, now).publish:
                manager.on_estimate(passed.estimate, now)
        if frame % 3 == 0:
            manager.tick(now)
    return round((time.process_time() - began) / seconds, 4)


def over_ros() -> Figures:
    """What benchmarks/conversation_nodes.py measures, in a process of its own."""
    if find_spec("rclpy") is None or find_spec("fer_ros.msg") is None:
        return {}
    command = [sys.executable, "-m", "benchmarks.conversation_nodes"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"the nodes did not run: {done.stderr[-800:]}")
    figures: Figures = json.loads(done.stdout.splitlines()[-1])
    return figures


def estimate(emotion: str, probability: float) -> tuple[Any, ...]:
    """The fields of an Observation from `labels` on, for one emotion."""
    best = min(0.98, max(0.3, probability))
    probabilities = [best if label == emotion else (1.0 - best) / (len(FERPLUS) - 1) for label in FERPLUS]
    place = valence_arousal(FERPLUS, np.array(probabilities, np.float32))
    return (FERPLUS, probabilities, (emotion,), False, *place, 100.0)


def percentiles(times_ms: Sequence[float]) -> Figures:
    """Median, 99th percentile and the longest."""
    p50, p99 = np.percentile(times_ms, [50, 99])
    longest = max(times_ms)
    return {
        "p50": round(float(p50), 3),
        "p99": round(float(p99), 3),
        "max": round(longest, 3),
        "n": len(times_ms),
    }


def resident_kb() -> int:
    """Memory that this process holds."""
    gc.collect()
    return 4 * int(Path("/proc/self/statm").read_text().split()[1])


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.conversation", description=__doc__)
    parser.add_argument("--hours", type=float, default=HOURS, help="simulated (default 8)")
    args = parser.parse_args(arguments)
    day, core, share, ros = eight_hours(args.hours), core_ms(), twenty_faces_core(), over_ros()
    print(
        json.dumps(
            {
                "eight_hours": day,
                "estimate_to_cue_ms": {"core": core, "callback": ros.get("callback"), "dds": ros.get("dds")},
                "twenty_faces": {"core_share": share, "nodes": ros.get("twenty_faces")},
            }
        )
    )


if __name__ == "__main__":
    main()
