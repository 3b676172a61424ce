"""What was asked of the nodes while they were recorded is asked again: forced modes, turns, both machines."""

import json

import pytest
from fer_ros.msg import EmotionEstimate, OperatingMode, Reaction, Turn
from fer_ros.srv import SetMode
from std_msgs.msg import Header

from fer_ros.bags.about import about_run
from fer_ros.bags.words import Words
from fer_ros.nodes.messages import to_time
from fer_ros.nodes.qos import LATCHED
from fer_ros.nodes.recorder import Recorder

from .people import an_estimate, nobody
from .program import fer_ros

MODE = {
    "robot_max_age_s": 5.0,
    "offline_after_s": 2.0,
    "return_below_s": 2.0,
    "healthy_s": 0.3,
    "dwell_s": 0.0,
}
TALK = {"before_s": 0.5, "after_s": 0.5, "seen_s": 0.1, "smoothing_s": 0.2}
RATE_HZ = 60
POLICY = "rules:\n  - {name: any, cue: keep_going, refractory_s: 0.5}\n"


class Stage:
    """A mode node and a conversation, recorded as they decide, and somebody who talks to them."""

    def __init__(self, bench, folder):
        self.bench, self.path = bench, folder / "bag"
        policy = folder / "any.yaml"
        policy.write_text(POLICY)
        values = {"mode": MODE, "conversation": {**TALK, "policy": str(policy)}}
        nodes = [bench.start(name, parameters) for name, parameters in values.items()]
        self._recorder = Recorder(self.path, about_run(values, POLICY), deciders=nodes)
        bench.take(self._recorder)
        self._voices = [bench.publisher(EmotionEstimate, f"emotion/{name}") for name in ("robot", "cloud")]
        self._turn = bench.publisher(Turn, "turn")
        self.reactions = bench.listen(Reaction, "reaction")
        self.modes = bench.listen(OperatingMode, "mode", LATCHED)
        self._count = 0
        bench.probe.create_timer(1 / RATE_HZ, self._see)

    def _see(self):
        self._count += 1
        label = "happy" if self._count // 40 % 2 else "sad"
        now = self.bench.now()
        robot, cloud = self._voices
        robot.publish(nobody(now) if self._count % 97 == 0 else an_estimate(now, label))
        if self._count % 3 == 0:
            cloud.publish(an_estimate(now - 0.1, label, 0.7, face_id="face_7", cloud=True))

    def ask(self, mode):
        assert self.bench.call(SetMode, "set_mode", SetMode.Request(mode=mode)).success
        self.bench.spin_for(0.5)

    def announce(self, state):
        self._turn.publish(
            Turn(header=Header(stamp=to_time(self.bench.now())), id="t1", topic="tea", state=state)
        )
        self.bench.spin_for(0.7)

    def end(self):
        self.bench.stop(self._recorder)
        return self.path


@pytest.fixture
def eventful(bench, tmp_path):
    stage = Stage(bench, tmp_path)
    bench.until(lambda: OperatingMode.ONLINE in [m.mode for m in stage.modes], "ONLINE")
    for word in ("offline", "online", "automatic"):
        stage.ask(word)
    stage.announce(Turn.SPEAKING)
    stage.announce(Turn.ENDED)
    bench.until(lambda: stage.reactions, "a reaction")
    return stage.end()


def test_everything_that_was_asked_is_asked_again(eventful, programs):
    said = Words(eventful).said
    assert [len(said[topic]) for topic in ("set_mode/asked", "turn")] == [3, 2]
    ended = programs(fer_ros("replay", eventful, "--json")).end()
    found = json.loads(ended.last_line)
    assert (ended.status, ended.err) == (0, ""), found
    assert all(topic["recorded"] == topic["equal"] > 0 for topic in found["topics"].values())


def test_times_in_a_recording_are_in_the_order_of_the_decisions(eventful):
    said = Words(eventful).said
    for topics in (("emotion/robot", "emotion/cloud", "set_mode/asked"), ("emotion", "mode", "turn")):
        times = [one.at_ns for topic in topics for one in said[topic]]
        assert len(times) == len(set(times))
    for messages in said.values():
        times = [one.at_ns for one in messages]
        assert times == sorted(times)
