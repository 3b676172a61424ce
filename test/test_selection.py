from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from fer_ros.mode import Mode, ModeParams, ModeSwitch
from fer_ros.selection import Selector, Source


def selector(mode="automatic"):
    return Selector(ModeSwitch(ModeParams(mode=mode)))


def test_offline_passes_the_robots_and_holds_back_the_clouds():
    chosen = selector()
    assert chosen.on_robot(1.0, "robot", 1.01).publish == ("robot",)
    assert chosen.on_cloud(1.1, "cloud", 1.2).publish == ()


def test_online_passes_the_clouds_and_holds_back_the_robots():
    chosen = selector("online")
    assert chosen.on_robot(1.0, "robot", 1.01).publish == ()
    assert chosen.on_cloud(1.0, "cloud", 1.2).publish == ("cloud",)


def test_every_face_of_an_image_passes():
    chosen = selector()
    assert [chosen.on_robot(1.0, face, 1.01).publish for face in "abc"] == [("a",), ("b",), ("c",)]


def test_an_older_image_never_passes():
    chosen = selector("online")
    chosen.on_cloud(1.2, "new", 1.3)
    assert chosen.on_cloud(1.1, "late", 1.3).publish == ()


def test_a_robot_estimate_that_waited_too_long_never_passes():
    chosen = selector()
    assert chosen.on_robot(1.0, "late", 1.2).publish == ()
    assert chosen.on_robot(1.15, "fresh", 1.2).publish == ("fresh",)


def test_a_cloud_result_that_is_too_old_never_passes():
    assert selector("online").on_cloud(1.0, "old", 1.5).publish == ()


def test_one_image_is_not_given_twice_by_two_machines():
    chosen = selector("online")
    chosen.on_cloud(1.0, "cloud", 1.1)
    chosen.force(Mode.OFFLINE, 1.15)
    assert chosen.on_robot(1.0, "robot", 1.16).publish == ()
    assert chosen.on_robot(1.1, "robot", 1.16).publish == ("robot",)


def test_leaving_online_brings_the_robots_newest_faces_in_the_same_step():
    chosen = selector("online")
    chosen.on_cloud(1.0, "cloud", 1.1)
    for face in ("older", "left", "right"):
        chosen.on_robot(1.1 if face == "older" else 1.2, face, 1.21)
    step = chosen.force(Mode.OFFLINE, 1.22)
    assert step.change.mode is Mode.OFFLINE
    assert step.publish == ("left", "right")
    assert chosen.on_robot(1.2, "third", 1.23).publish == ("third",)


def test_silence_of_the_cloud_brings_the_robots_newest():
    chosen = selector()
    for index in range(30):
        stamp = 1 + index / 30
        chosen.on_robot(stamp, "robot", stamp + 0.01)
        chosen.on_cloud(stamp - 0.1, "cloud", stamp + 0.02)
    steps = [chosen.on_robot(2 + index / 30, index, 2 + index / 30) for index in range(30)]
    first = next(step for step in steps if step.publish)
    assert first.change.mode is Mode.OFFLINE
    assert all(step.publish for step in steps[steps.index(first) :])


def test_a_source_that_begins_anew_is_not_held_back():
    chosen = Selector(ModeSwitch(ModeParams(robot_max_age_s=0.0)))
    chosen.on_robot(100.0, "last", 200.0)
    assert chosen.on_robot(1.0, "first", 200.1).publish == ("first",)


events = st.lists(
    st.tuples(
        st.sampled_from(["robot", "cloud", "tick", "online", "offline", "automatic"]),
        st.floats(0.0, 0.1),
        st.floats(0.0, 0.6),
    ),
    max_size=150,
)


@settings(max_examples=150, deadline=None)
@given(events)
def test_no_estimate_passes_twice_or_out_of_order_or_too_old(sequence):
    switch = ModeSwitch(ModeParams(dwell_s=0.1, probes_needed=2))
    chosen, now, passed = Selector(switch), 0.0, []
    modes = {"online": Mode.ONLINE, "offline": Mode.OFFLINE, "automatic": None}
    for offered, (kind, gap, delay) in enumerate(sequence):
        now += gap
        if kind == "robot":
            step = chosen.on_robot(now, (now, Source.ROBOT, offered), now)
        elif kind == "cloud":
            step = chosen.on_cloud(now - delay, (now - delay, Source.CLOUD, offered), now)
        elif kind == "tick":
            step = chosen.tick(now)
        else:
            step = chosen.force(modes[kind], now)
        assert all(source is Source.ROBOT or now - stamp <= 0.4 for stamp, source, _ in step.publish)
        if step.publish:
            assert step.publish[-1][1] == (Source.CLOUD if switch.mode is Mode.ONLINE else Source.ROBOT)
        passed += step.publish
    assert len(set(passed)) == len(passed)
    for before, after in pairwise(passed):
        assert after[0] > before[0] or (after[0] == before[0] and after[1] is before[1])


def test_the_robots_stream_has_no_gap_while_the_cloud_is_away():
    chosen = selector()
    frames = [index / 30 for index in range(900)]
    assert all(chosen.on_robot(stamp, "robot", stamp + 0.015).publish for stamp in frames)
