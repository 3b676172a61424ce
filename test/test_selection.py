from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fer_ros.mode import Mode, ModeParams, ModeSwitch
from fer_ros.selection import GIVEN, LATE, TOO_OLD, Passed, Selector, Source

ROBOT, CLOUD, BOTH = Source.ROBOT, Source.CLOUD, Source.BOTH
FRAME_S = 1 / 30


def selector(mode="automatic", **params):
    return Selector(ModeSwitch(ModeParams(mode=mode, **params)))


def test_offline_passes_every_robot_estimate_as_it_is_and_nothing_of_the_cloud():
    chosen = selector()
    assert chosen.on_cloud(1.0, "a", "cloud", 1.1).publish == ()
    assert chosen.on_robot(1.1, "a", "robot", 1.12).publish == (Passed(ROBOT, "robot"),)


def test_online_a_robot_estimate_takes_the_clouds_newest_along():
    chosen = selector("online")
    chosen.on_robot(1.0, "a", "then", 1.02)
    assert chosen.on_cloud(1.0, "a", "cloud", 1.15).publish == ()
    for stamp in (1.13, 1.17):
        step = chosen.on_robot(stamp, "a", f"now {stamp}", stamp + 0.02)
        assert step.publish == (Passed(BOTH, f"now {stamp}", "cloud", "then"),)


def test_what_the_robot_said_of_the_clouds_image_goes_with_it():
    chosen = selector("online")
    for stamp in (1.0, 1.033, 1.067, 1.1):
        chosen.on_robot(stamp, "a", stamp, stamp + 0.02)
    chosen.on_cloud(1.067, "a", "cloud", 1.13)
    (passed,) = chosen.on_robot(1.133, "a", 1.133, 1.15).publish
    assert (passed.cloud, passed.then) == ("cloud", 1.067)


@pytest.mark.parametrize(
    ("stamp", "face"),
    [
        pytest.param(1.0, "b", id="of another face"),
        pytest.param(0.77, "a", id="too old when it comes"),
        pytest.param(1.14, "a", id="from the future"),
        pytest.param(0.9, "a", id="of an image of which the robot said nothing"),
    ],
)
def test_cloud_estimates_that_are_not_taken_along(stamp, face):
    chosen = selector("online")
    for known in (0.77, 1.0):
        chosen.on_robot(known, "a", "then", known + 0.02)
    chosen.on_cloud(stamp, face, "cloud", 1.13)
    assert chosen.on_robot(1.13, "a", "now", 1.15).publish == (Passed(ROBOT, "now"),)


def test_a_cloud_estimate_is_no_longer_taken_along_when_it_has_grown_old():
    chosen = selector("online", combine_max_age_s=0.3)
    chosen.on_robot(1.0, "a", "then", 1.02)
    chosen.on_cloud(1.0, "a", "cloud", 1.1)
    assert chosen.on_robot(1.27, "a", "young", 1.299).publish[0].source is BOTH
    assert chosen.on_robot(1.28, "a", "old", 1.301).publish[0].source is ROBOT


def test_an_older_cloud_estimate_that_comes_later_is_not_taken_along():
    chosen = selector("online")
    for stamp in (1.0, 1.03):
        chosen.on_robot(stamp, "a", stamp, stamp + 0.02)
    chosen.on_cloud(1.03, "a", "newer", 1.1)
    chosen.on_cloud(1.0, "a", "overtaken", 1.12)
    assert chosen.on_robot(1.13, "a", "now", 1.15).publish[0].cloud == "newer"


def test_without_a_weight_nothing_is_combined():
    chosen = selector("online", cloud_weight=0.0)
    chosen.on_robot(1.0, "a", "then", 1.02)
    chosen.on_cloud(1.0, "a", "cloud", 1.1)
    assert chosen.on_robot(1.13, "a", "now", 1.15).publish == (Passed(ROBOT, "now"),)


def test_every_face_of_an_image_passes_with_its_own_cloud_estimate():
    chosen = selector("online")
    for face in "ab":
        chosen.on_robot(1.0, face, face, 1.02)
        chosen.on_cloud(1.0, face, face.upper(), 1.1)
    passed = [chosen.on_robot(1.13, face, "now", 1.15).publish[0] for face in "abc"]
    assert [(one.source, one.cloud) for one in passed] == [(BOTH, "A"), (BOTH, "B"), (ROBOT, None)]


def test_the_word_that_nobody_is_there_passes_alone():
    chosen = selector("online")
    chosen.on_robot(1.0, "", "nobody", 1.02)
    chosen.on_cloud(0.9, "a", "cloud", 1.03)
    assert chosen.on_robot(1.03, "", "nobody", 1.05).publish == (Passed(ROBOT, "nobody"),)


def test_leaving_online_changes_only_what_is_taken_along():
    chosen = selector("online")
    chosen.on_robot(1.0, "a", "then", 1.02)
    chosen.on_cloud(1.0, "a", "cloud", 1.1)
    step = chosen.force(Mode.OFFLINE, 1.12)
    assert (step.change.mode, step.publish) == (Mode.OFFLINE, ())
    assert chosen.on_robot(1.13, "a", "now", 1.15).publish == (Passed(ROBOT, "now"),)


@pytest.mark.parametrize(
    ("stamp", "now", "reason"),
    [
        pytest.param(1.0, 1.03, GIVEN, id="a second time"),
        pytest.param(0.95, 1.03, LATE, id="of an older image"),
        pytest.param(1.0, 1.2, TOO_OLD, id="that waited too long"),
    ],
)
def test_robot_estimates_that_do_not_pass_are_counted_with_the_reason(stamp, now, reason):
    chosen = selector()
    chosen.on_robot(1.0, "a", "first", 1.02)
    assert chosen.on_robot(stamp, "a", "again", now).publish == ()
    assert chosen.dropped == {reason: 1}


def silent_robot(chosen, until=1.0):
    chosen.on_robot(until - FRAME_S, "a", "robot", until)
    return chosen


def test_where_the_robot_is_silent_the_clouds_estimates_pass_in_order():
    chosen = silent_robot(selector("online"))
    assert chosen.on_cloud(0.99, "a", "soon", 1.06).publish == ()
    assert chosen.tick(1.08).publish == (Passed(CLOUD, "soon"),)
    assert chosen.on_cloud(1.05, "a", "next", 1.15).publish == (Passed(CLOUD, "next"),)
    assert chosen.on_cloud(1.02, "b", "overtaken", 1.16).publish == ()
    assert chosen.tick(1.17).publish == ()


def test_a_robot_without_an_estimator_lives_on_the_clouds():
    chosen = selector("online")
    chosen.tick(1.0)  # from here on the robot could have spoken
    passed = [
        chosen.on_cloud(stamp, face, face, stamp + 0.15).publish for stamp in (1.0, 1.1) for face in "ab"
    ]
    assert [one[0].estimate for one in passed] == ["a", "b", "a", "b"]


@pytest.mark.parametrize("mode", ["offline", "automatic"])
def test_unless_online_nothing_stands_in_for_the_robot(mode):
    assert silent_robot(selector(mode)).on_cloud(1.05, "a", "cloud", 1.15).publish == ()


def test_a_cloud_estimate_that_is_too_old_does_not_stand_in_for_the_robot():
    assert silent_robot(selector("online")).on_cloud(1.0, "a", "old", 1.24).publish == ()


def test_one_image_is_not_given_twice_by_two_machines():
    chosen = silent_robot(selector("online"))
    chosen.on_cloud(1.05, "a", "cloud", 1.15)
    assert chosen.on_robot(1.05, "a", "robot", 1.15).publish == ()
    assert chosen.on_robot(1.1, "a", "robot", 1.15).publish[0].estimate == "robot"
    assert chosen.dropped == {GIVEN: 1}


def test_a_source_that_begins_anew_is_not_held_back():
    chosen = selector(robot_max_age_s=0.0)
    chosen.on_robot(100.0, "a", "last", 200.0)
    assert chosen.on_robot(1.0, "a", "first", 200.1).publish == (Passed(ROBOT, "first"),)


def test_a_clock_that_begins_anew_holds_nothing_back():
    chosen = silent_robot(selector("online"), until=100.0)
    chosen.tick(0.9)
    assert chosen.on_cloud(1.0, "a", "first", 1.1).publish == (Passed(CLOUD, "first"),)


def test_a_robot_is_not_silent_before_it_could_speak():
    assert selector("online").on_cloud(1.0, "a", "cloud", 1.0).publish == ()


def test_faces_that_are_gone_are_forgotten():
    chosen = selector("online")
    for number in range(3000):
        now = 1.0 + number * FRAME_S
        chosen.on_robot(now, f"face_{number}", "robot", now + 0.02)
        chosen.on_cloud(now - 0.1, f"face_{number}", "cloud", now + 0.02)
    assert max(len(chosen._own), len(chosen._cloud)) < 60


events = st.lists(
    st.tuples(
        st.sampled_from(["robot", "robot", "cloud", "tick", "online", "offline", "automatic"]),
        st.floats(0.0, 0.1),
        st.floats(0.0, 0.6),
        st.sampled_from(["", "a", "b"]),
    ),
    max_size=150,
)


@settings(max_examples=200)
@given(events)
def test_whatever_comes_nothing_is_lost_given_twice_out_of_order_or_too_old(sequence):
    chosen = selector(dwell_s=0.1, healthy_s=0.1, probes_needed=2)
    modes = {"online": Mode.ONLINE, "offline": Mode.OFFLINE, "automatic": None}
    now, passed, offered = 0.0, [], 0
    for serial, (kind, gap, delay, face) in enumerate(sequence):
        now += gap
        token = (now - delay, face, serial)
        if kind == "robot":
            step = chosen.on_robot(now - delay, face, token, now)
            offered += 1
        elif kind == "cloud":
            step = chosen.on_cloud(now - delay, face, token, now)
        else:
            step = chosen.tick(now) if kind == "tick" else chosen.force(modes[kind], now)
        for one in step.publish:
            stamp = one.estimate[0]
            assert now - stamp <= (0.23 if one.source is CLOUD else 0.1)
            assert one.source is not BOTH or 0 <= now - one.cloud[0] <= 0.25
            assert one.source is not BOTH or abs(one.then[0] - one.cloud[0]) <= 0.05
        passed += step.publish
    assert all(b.estimate[0] >= a.estimate[0] for a, b in pairwise(passed))
    assert len({one.estimate for one in passed}) == len(passed)
    assert len({one.estimate[:2] for one in passed}) == len(passed)
    assert offered == sum(one.source is not CLOUD for one in passed) + sum(chosen.dropped.values())


clouds = st.lists(st.tuples(st.floats(0.0, 0.3), st.floats(0.0, 1.0), st.booleans()), max_size=80)


@settings(max_examples=60)
@given(clouds)
def test_whatever_the_cloud_does_every_image_of_the_robot_passes_at_once(answers):
    chosen, arrivals, at = selector(healthy_s=0.1, dwell_s=0.1, probes_needed=2), [], 0.0
    for gap, age_s, forced in answers:
        at += gap
        arrivals.append((at, age_s, forced))
    for number in range(int(at / FRAME_S) + 30):
        now = number * FRAME_S + 0.02
        while arrivals and arrivals[0][0] <= now:
            at, age_s, forced = arrivals.pop(0)
            if forced:
                chosen.force(Mode.ONLINE, at)
            assert chosen.on_cloud(at - age_s, "a", at, at).publish == ()
        (one,) = chosen.on_robot(now - 0.02, "a", number, now).publish
        assert (one.estimate, one.source is CLOUD) == (number, False)
