"""Two robots on one network, each in its namespace, and a robot in simulated time."""

import pytest
from fer_ros.msg import ConversationCue, EmotionEstimate, OperatingMode
from rosgraph_msgs.msg import Clock

from fer_ros.nodes.messages import seconds, to_time
from fer_ros.nodes.qos import LATCHED

from .program import fer_ros
from .running import BUILTIN, LIGHT

TO_THE_END = 60.0
START_S, STEP_S = 1000.0, 0.02


def test_two_robots_on_one_network_do_not_mix(bench, programs):
    heard = {name: bench.listen(EmotionEstimate, f"/{name}/emotion") for name in ("left", "right")}
    for name in heard:
        options = ("--namespace", f"/{name}/", "--camera.frame_id", f"{name}_eye", "--duration", 90)
        programs(fer_ros("run", "--json", *options, *BUILTIN, *LIGHT))
    bench.until(lambda: all(len(estimates) >= 20 for estimates in heard.values()), "both", TO_THE_END)
    for name, estimates in heard.items():
        assert {e.header.frame_id for e in estimates} == {f"{name}_eye"}
    ours = [t for t, kinds in bench.probe.get_topic_names_and_types() if kinds[0].startswith("fer_ros/")]
    assert {topic.split("/")[1] for topic in ours} == set(heard)


@pytest.fixture
def clock(bench):
    """A simulator's clock: it starts at 1000 s."""
    publisher = bench.probe.create_publisher(Clock, "/clock", 10)
    ticks = []

    def tick():
        ticks.append(START_S + len(ticks) * STEP_S)
        publisher.publish(Clock(clock=to_time(ticks[-1])))

    bench.probe.create_timer(STEP_S, tick)
    return ticks


def test_in_simulated_time_everything_is_stamped_by_the_clock(bench, programs, clock):
    emotion = bench.listen(EmotionEstimate, "emotion")
    modes = bench.listen(OperatingMode, "mode", LATCHED)
    cues = bench.listen(ConversationCue, "cue")
    programs(fer_ros("run", "--json", "--duration", 90, "--use-sim-time", *BUILTIN, *LIGHT))
    bench.until(lambda: len(emotion) >= 20 and modes and cues, "estimates, a mode and a cue", TO_THE_END)
    stamps = [seconds(m.header.stamp) for m in (*emotion, *cues)]
    assert START_S <= min(stamps) <= max(stamps) <= clock[-1] + STEP_S
    assert all(0 <= e.latency_s < 2.0 for e in emotion)
    assert seconds(modes[-1].header.stamp) <= clock[-1]
