"""mode: whose estimates reach emotion, who may say so, and how the switch is told."""

import random
from math import isnan, nan

import pytest
from fer_ros.msg import EmotionEstimate, OperatingMode
from fer_ros.srv import SetMode

from fer_ros.nodes.qos import LATCHED

from .people import NOWHERE, an_estimate, nobody

# Thresholds that a busy machine keeps; their own values are tested with the core.
PATIENT = {
    "offline_after_s": 4.0,
    "return_below_s": 4.0,
    "dwell_s": 0.0,
    "healthy_s": 0.0,
    "probes_needed": 3,
    "robot_max_age_s": 20.0,
    "robot_silence_s": 10.0,
    "combine_max_age_s": 10.0,
    "cloud_max_age_s": 10.0,
}
ALONE = {"robot_silence_s": 0.0}  # the robot counts as silent as soon as it has said something
LEFT, RIGHT = (0.1, 0.2, 0.3, 0.5), (0.6, 0.2, 0.8, 0.5)


class Switch:
    """A mode node between a robot and a cloud that the test speaks for."""

    def __init__(self, bench, **parameters):
        self.bench = bench
        bench.start("mode", {**PATIENT, **parameters})
        self.modes = bench.listen(OperatingMode, "mode", LATCHED)
        self.emotion = bench.listen(EmotionEstimate, "emotion")
        self.robot = bench.publisher(EmotionEstimate, "emotion/robot")
        self.cloud = bench.publisher(EmotionEstimate, "emotion/cloud")
        bench.until(lambda: self.modes, "a mode")

    def force(self, mode):
        before = len(self.modes)
        response = self.bench.call(SetMode, "set_mode", SetMode.Request(mode=mode))
        self.bench.until(
            lambda: not response.success or response.message in [m.reason for m in self.modes[before:]],
            f"a mode that is {response.message}",
        )
        return response

    def say(self, estimate):
        (self.robot if estimate.source == EmotionEstimate.ROBOT else self.cloud).publish(estimate)

    def passes(self, *estimates):
        """What has come out once all of these have been offered, and the present mode's machine once more."""
        before = len(self.emotion)
        for estimate in estimates:
            self.say(estimate)
        self.bench.until(lambda: len(self.emotion) > before, "an estimate on emotion")
        return self.emotion[before:]

    def go_online(self):
        def fresh():
            self.say(an_estimate(self.bench.now(), cloud=True))
            return self.modes[-1].mode == OperatingMode.ONLINE

        self.bench.until(fresh, "ONLINE")


@pytest.fixture
def switch(bench):
    return Switch(bench)


def test_a_late_listener_hears_the_present_mode(bench):
    bench.start("mode")
    heard = bench.listen(OperatingMode, "mode", LATCHED)
    (mode,) = bench.until(lambda: heard, "the latched mode")
    assert (mode.mode, mode.forced, mode.reason) == (OperatingMode.OFFLINE, False, "automatic at start")
    assert isnan(mode.cloud_age_s)


@pytest.mark.parametrize(
    ("word", "mode"), [("online", OperatingMode.ONLINE), ("offline", OperatingMode.OFFLINE)]
)
def test_a_mode_can_be_forced_and_given_back(switch, word, mode):
    assert switch.force(word).success
    assert (switch.modes[-1].mode, switch.modes[-1].forced) == (mode, True)
    assert switch.force("automatic").success
    assert not switch.modes[-1].forced


@pytest.mark.parametrize("word", ["banana", "", "probing", "ONLINE"])
def test_nonsense_is_refused_with_the_choices(switch, word):
    response = switch.force(word)
    assert not response.success
    assert response.message == f"mode is {word!r}; choose one of online, offline, automatic"
    assert len(switch.modes) == 1


def test_a_mode_can_be_forced_from_the_start(bench):
    switch = Switch(bench, mode="online")
    assert (switch.modes[0].mode, switch.modes[0].forced) == (OperatingMode.ONLINE, True)


def test_fresh_results_of_the_cloud_lead_online_and_their_end_leads_back(bench, switch):
    switch.go_online()
    assert [m.mode for m in switch.modes] == [
        OperatingMode.OFFLINE,
        OperatingMode.PROBING,
        OperatingMode.ONLINE,
    ]
    assert "fresh cloud results in" in switch.modes[-1].reason
    bench.until(lambda: switch.modes[-1].mode == OperatingMode.OFFLINE, "OFFLINE")
    assert "the newest cloud result is" in switch.modes[-1].reason
    assert switch.modes[-1].cloud_age_s > 4.0


def test_the_robot_speaks_while_offline(bench, switch):
    now = bench.now()
    passed = switch.passes(an_estimate(now, "sad", cloud=True), an_estimate(now, "happy"))
    assert [(e.source, e.header.frame_id) for e in passed] == [(EmotionEstimate.ROBOT, "left_eye")]


def say_both(switch, now, **cloud):
    """One image, of which the robot and the cloud have something to say."""
    switch.say(an_estimate(now))
    switch.say(an_estimate(now, "sad", cloud=True, **cloud))


def test_online_the_robots_estimates_are_combined_with_the_clouds(bench):
    switch = Switch(bench, cloud_weight=0.5)
    switch.force("online")

    def combined():
        say_both(switch, bench.now())
        return [e for e in switch.emotion if e.source == EmotionEstimate.BOTH]

    found = bench.until(combined, "a combined estimate")[0]
    assert (found.model, found.face_id, found.header.frame_id) == ("told@1+told@1", "face_1", "left_eye")
    assert found.prediction_set[0] in ("happy", "sad")
    assert sorted(found.probabilities)[-2:] == pytest.approx([0.38, 0.38], abs=0.05)
    assert sum(found.probabilities) == pytest.approx(1.0, abs=1e-5)
    assert 0.0 < found.latency_s < 10.0


def test_the_robots_estimates_pass_in_every_mode(bench, switch):
    for word in ("online", "offline", "automatic"):
        switch.force(word)
        newest = an_estimate(bench.now())
        passed = switch.passes(newest)[-1]
        assert (passed.header, passed.source) == (newest.header, EmotionEstimate.ROBOT)


def test_other_labels_are_not_combined_which_is_said_once(bench, switch):
    switch.force("online")

    def told():
        strange = an_estimate(bench.now(), cloud=True)
        strange.labels = [*strange.labels[1:], strange.labels[0]]
        switch.say(an_estimate(bench.now()))
        switch.cloud.publish(strange)
        return bench.complaints("cannot be combined with ours")

    bench.until(told, "a warning")
    before = len(switch.emotion)
    bench.until(lambda: told() and len(switch.emotion) > before + 5, "more estimates")
    assert len(bench.complaints("cannot be combined with ours")) == 1
    assert {e.source for e in switch.emotion} == {EmotionEstimate.ROBOT}


@pytest.mark.parametrize("cloud", [False, True])
def test_what_is_no_estimate_is_dropped_and_the_node_lives_on(bench, switch, cloud):
    switch.force("online")
    broken = an_estimate(bench.now(), cloud=cloud)
    broken.probabilities = [0.5]
    switch.say(broken)
    bench.until(lambda: bench.complaints("an estimate of told@1 was dropped"), "a warning")
    assert switch.passes(an_estimate(bench.now()))[-1].face_id == "face_1"


def test_estimates_leave_in_the_order_of_their_stamps(bench, switch):
    start, order = bench.now() - 1.0, random.Random(0)
    for i in range(60):
        late = order.choice([0.0, 0.05, 0.2])
        switch.say(an_estimate(start + i / 60 - late, cloud=order.random() < 0.5))
        if i % 15 == 14:
            switch.force(order.choice(["online", "offline", "automatic"]))
    switch.force("offline")
    switch.passes(an_estimate(bench.now()))
    stamps = [(e.header.stamp.sec, e.header.stamp.nanosec) for e in switch.emotion]
    assert len(stamps) > 5
    assert stamps == sorted(stamps)


def test_every_face_of_an_image_passes(bench, switch):
    now = bench.now()
    for name, box in (("face_1", LEFT), ("face_2", RIGHT)):
        switch.robot.publish(an_estimate(now, face_id=name, box=box))
    bench.until(lambda: [e.face_id for e in switch.emotion] == ["face_1", "face_2"])


def test_the_word_that_nobody_is_there_passes(bench, switch):
    assert [e.reason for e in switch.passes(nobody(bench.now()))] == ["no face"]


def test_where_the_robot_is_silent_the_cloud_speaks_of_its_faces_by_the_robots_names(bench):
    switch = Switch(bench, **ALONE)
    switch.force("online")
    now = bench.now()
    for name, box in (("face_1", LEFT), ("face_2", RIGHT)):
        switch.robot.publish(an_estimate(now - 0.05, face_id=name, box=box))
    bench.until(lambda: len(switch.emotion) == 2, "two estimates of the robot")
    for name, box in (("face_8", RIGHT), ("face_9", LEFT), ("face_5", (0.4, 0.8, 0.5, 0.9))):
        switch.cloud.publish(an_estimate(now - 0.04, face_id=name, box=box, cloud=True))
    bench.until(lambda: len(switch.emotion) == 5, "three estimates of the cloud")
    assert {e.source for e in switch.emotion[2:]} == {EmotionEstimate.CLOUD}
    assert [e.face_id for e in switch.emotion[2:]] == ["face_2", "face_1", "cloud_face_5"]


def test_old_estimates_of_the_robot_do_not_pass(bench):
    switch = Switch(bench, robot_max_age_s=10.0)
    passed = switch.passes(an_estimate(bench.now() - 60.0), an_estimate(bench.now(), "sad"))
    assert [e.prediction_set for e in passed] == [["sad"]]


def test_estimates_from_the_future_do_not_lead_online(bench, switch):
    for i in range(10):
        switch.say(an_estimate(bench.now() + 3600.0 + i, cloud=True))
    switch.passes(an_estimate(bench.now()))
    assert [m.mode for m in switch.modes] == [OperatingMode.OFFLINE]


@pytest.mark.parametrize("box", [NOWHERE, (nan, 0.0, 1.0, 1.0), (0.5, 0.5, 0.1, 0.1)])
def test_a_box_that_is_none_does_no_harm(bench, box):
    switch = Switch(bench, **ALONE)
    switch.force("online")
    now = bench.now()
    assert switch.passes(an_estimate(now - 0.05, box=box))[0].face_id == "face_1"
    (passed,) = switch.passes(an_estimate(now - 0.04, face_id="face_3", box=box, cloud=True))
    assert passed.face_id == "cloud_face_3"
