"""Two robots on one network, each in its namespace, and a robot in simulated time."""

import pytest
from diagnostic_msgs.msg import DiagnosticArray
from fer_ros.msg import ConversationCue, EmotionEstimate, FaceArray, OperatingMode, Payload
from rosgraph_msgs.msg import Clock
from sensor_msgs.msg import Image

from fer_ros.deployment import nodes_of, parameters
from fer_ros.nodes.main import make_nodes, start
from fer_ros.nodes.messages import seconds, to_time
from fer_ros.nodes.qos import ESTIMATES, LATCHED, RESULTS

from .graph_at_work import SMALL
from .program import fer_ros
from .running import BUILTIN, LIGHT

TO_THE_END = 60.0
START_S, STEP_S = 1000.0, 0.02


# What a robot says that has the frame of its own camera: what is seen, judged, sent, and answered.
SAID = {
    "faces": FaceArray,
    "emotion": EmotionEstimate,
    "emotion/cloud": EmotionEstimate,
    "cloud/payload": Payload,
    "cloud/faces": FaceArray,
    "cloud/emotion/cloud": EmotionEstimate,
}


def test_two_robots_on_one_network_do_not_mix(bench, programs):
    heard = {
        (name, topic): bench.listen(kind, f"/{name}/{topic}", ESTIMATES)
        for name in ("left", "right")
        for topic, kind in SAID.items()
    }
    for name in ("left", "right"):
        options = ("--namespace", f"/{name}/", "--camera.frame_id", f"{name}_eye", "--duration", 90)
        programs(fer_ros("run", "--json", *options, *BUILTIN, *LIGHT))
    bench.until(lambda: all(len(messages) >= 20 for messages in heard.values()), "both", TO_THE_END)
    for (name, topic), messages in heard.items():
        frames = {m.header.frame_id for m in messages}
        assert frames - ({""} if topic == "cloud/payload" else set()) == {f"{name}_eye"}, topic  # or a probe
    ours = [t for t, kinds in bench.probe.get_topic_names_and_types() if kinds[0].startswith("fer_ros/")]
    assert {topic.split("/")[1] for topic in ours} == {"left", "right"}
    for topic in ours:
        assert nodes_at(bench, topic) <= {topic.split("/")[1]}, topic


def nodes_at(bench, topic):
    """The robots whose nodes publish or take a topic."""
    ends = [
        *bench.probe.get_publishers_info_by_topic(topic),
        *bench.probe.get_subscriptions_info_by_topic(topic),
    ]
    return {end.node_namespace.split("/")[1] for end in ends if end.node_name != "probe"}


class StoppedClock:
    """A simulator's clock that moves when it is told to; every node of the graph lives by it."""

    def __init__(self, bench):
        self.bench = bench
        specs = nodes_of("both")
        self.names = {f"robot/{spec.path}" for spec in specs}
        self.nodes = make_nodes(specs, parameters([], {"**": {"use_sim_time": True}, **SMALL}), "robot")
        for node in self.nodes:
            bench.take(node)
        start(self.nodes)
        self._publisher = bench.publisher(Clock, "/clock", listeners=len(specs))

    def show(self, now):
        self._publisher.publish(Clock(clock=to_time(now)))
        self.bench.until(lambda: all(abs(node.now() - now) < 1e-6 for node in self.nodes), f"it is {now}")


def test_timers_and_the_camera_stand_still_with_the_clock(bench):
    told = bench.listen(DiagnosticArray, "/diagnostics", ESTIMATES)
    images = bench.listen(Image, "/robot/image_raw", RESULTS)
    clock = StoppedClock(bench)
    clock.show(START_S)
    bench.until(lambda: {s.name for m in told for s in m.status} == clock.names, "a first word of each")
    bench.spin_for(0.5)  # for what was on its way
    told.clear()
    images.clear()
    bench.spin_for(1.5)
    assert (told, images) == ([], [])
    for step in range(1, 76):
        clock.show(START_S + STEP_S * step)
    bench.until(lambda: {s.name for m in told for s in m.status} == clock.names, "another word of each")
    bench.until(lambda: images, "images")
    stamps = [seconds(m.header.stamp) for m in (*told, *images)]
    assert START_S < min(stamps) <= max(stamps) <= START_S + 75 * STEP_S + 1e-6


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
