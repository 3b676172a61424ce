from itertools import pairwise
from pathlib import Path

import pytest
from conversing import always, shipped
from talk_bags import START_S, TalkBag, times, write_talk

from fer_ros.conversation.manager import ConversationManager, Cue
from fer_ros.conversation.observation import Observation
from fer_ros.conversation.params import ConversationParams
from fer_ros.conversation.policy import Policy
from fer_ros.conversation.recorded import ConversationBag
from fer_ros.conversation.replay import Replay
from fer_ros.conversation.turns import Turn
from fer_ros.mode import Mode


def dry_run(folder, policy):
    replay = Replay(ConversationParams(), policy, sampled=True)
    return replay, list(replay.run(ConversationBag(Path(folder), print)))


def test_a_recorded_talk_is_judged_as_it_was_lived(tmp_path):
    """The same messages, given by hand to a manager that is asked at its own rate, lead to the same words."""
    folder = write_talk(tmp_path / "talk")
    _, events = dry_run(folder, shipped("museum_guide"))
    manager = ConversationManager(ConversationParams(), shipped("museum_guide"))
    lived, tick = [], START_S
    for now, what in ConversationBag(folder, print):
        while tick <= now:
            lived += manager.tick(tick)
            tick += 0.1
        if isinstance(what, Observation):
            lived += manager.on_estimate(what, now)
        elif isinstance(what, Turn):
            lived += manager.on_turn(what, now)
        else:
            manager.on_mode(what)
    assert [event.output.explanation for event in events] == [output.explanation for output in lived]
    assert [event.output.cue for event in events if isinstance(event.output, Cue)] == [
        "keep_going",
        "change_topic",
    ]
    assert [event.output.reaction for event in events if not isinstance(event.output, Cue)] == ["upset"]


def test_it_says_what_the_conditions_found(tmp_path):
    _, events = dry_run(write_talk(tmp_path / "talk"), shipped("museum_guide"))
    event = next(e for e in events if isinstance(e.output, Cue) and e.output.cue == "change_topic")
    assert event.at_s == pytest.approx(7.2, abs=0.3)
    found = {finding.condition: finding.found for finding in event.findings}
    assert found["emotion"] == "angry"
    assert found["certain"] is True
    assert found["min_confidence"] > 0.6
    assert all(finding.holds for finding in event.findings)


def test_it_says_why_the_others_did_not_fire(tmp_path):
    policy = Policy(
        (
            always("celebrate", "happy", emotion=("happy",)),
            always("wait", "offline", mode=("offline",)),
            always("check_in", "behind", emotion=("neutral", "angry")),
            always("wait", "absent", absent_s=100.0),
        )
    )
    replay, _ = dry_run(write_talk(tmp_path / "talk"), policy)
    tallies = replay.tallies
    assert (tallies["happy"].fired, tallies["happy"].in_charge) == (0, 0)
    assert set(tallies["happy"].stopped) == {"emotion"}
    assert tallies["offline"].fired == 2
    assert tallies["behind"].behind["offline"] > 50
    assert set(tallies["absent"].stopped) == {"absent_s"}
    for tally in tallies.values():
        assert tally.in_charge + sum(tally.behind.values()) + sum(tally.stopped.values()) == replay.asks
    assert (replay.estimates, replay.turns) == (240, 2)
    assert replay.span_s == pytest.approx(16.0, abs=0.1)


def test_silence_in_a_recording_is_lived_through(tmp_path):
    with TalkBag(tmp_path / "talk") as bag:
        for at_s in [*times(0.0, 3.0), *times(10.0, 11.0)]:
            bag.emotion(at_s, "happy")
    _, events = dry_run(tmp_path / "talk", shipped("default"))
    waits = [event.at_s for event in events if event.output.cue == "wait"]
    assert waits == [pytest.approx(4.9, abs=0.2)]


def test_a_pause_of_days_is_not(tmp_path):
    with TalkBag(tmp_path / "talk") as bag:
        for day in range(3):
            for at_s in times(86_400.0 * day, 86_400.0 * day + 5.0):
                bag.emotion(at_s, "sad")
    replay, events = dry_run(tmp_path / "talk", shipped("default"))
    assert replay.asks < 1000
    assert [event.output.cue for event in events] == ["comfort", "wait", "comfort", "wait", "comfort"]
    assert events[-1].at_s == pytest.approx(2 * 86_400 + 2.6, abs=0.3)


def test_a_recording_whose_clock_begins_anew_goes_on():
    def frames(begin):
        for at in times(begin, begin + 5.0):
            yield (
                at,
                Observation(
                    at, "face_1", ("happy", "sad"), (0.05, 0.95), ("sad",), valence=-0.6, face_size_px=50.0
                ),
            )

    replay = Replay(ConversationParams(), shipped("default"))
    heard = [*frames(1000.0), (1005.0, Mode.OFFLINE), *frames(10.0)]
    events = list(replay.run(heard))
    assert [event.output.cue for event in events] == ["comfort", "comfort"]
    assert replay.span_s == pytest.approx(10.0, abs=0.2)
    assert [event.at_s for event in events] == sorted(event.at_s for event in events)


def test_estimates_from_the_future_are_counted(tmp_path):
    with TalkBag(tmp_path / "talk") as bag:
        bag.emotion(0.0, "sad")
        bag.emotion(1.0, "sad", stamp_s=9.0)
    replay, _ = dry_run(tmp_path / "talk", shipped("default"))
    assert (replay.estimates, replay.skipped) == (2, 1)


def test_samples_are_what_the_policy_saw(tmp_path):
    replay, _ = dry_run(write_talk(tmp_path / "talk"), shipped("default"))
    assert {sample.emotion for sample in replay.samples} == {"uncertain", "neutral", "angry", ""}
    assert {(sample.turn, sample.topic) for sample in replay.samples} == {
        ("none", ""),
        ("speaking", "lunch"),
        ("listening", "lunch"),
    }
    gaps = [b.at_s - a.at_s for a, b in pairwise(replay.samples)]
    assert 0.099 < min(gaps) < max(gaps) < 0.21
