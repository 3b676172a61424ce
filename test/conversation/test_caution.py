"""Caution by construction: whatever a policy says and whatever comes, no strong cue rests on a guess."""

from math import nan

import pytest
from conversing import SHIPPED, estimate, shipped
from hypothesis import given, settings
from hypothesis import strategies as st

from fer_ros.conversation.manager import ConversationManager, Cue
from fer_ros.conversation.observation import Observation
from fer_ros.conversation.params import ConversationParams
from fer_ros.conversation.policy import Policy
from fer_ros.conversation.rules import CUES, STRONG, Rule
from fer_ros.conversation.turns import Turn, TurnState
from fer_ros.mode import Mode

EMOTIONS = ["sad", "happy", "angry", "neutral"]
steps = st.lists(
    st.tuples(
        st.sampled_from(["see", "see", "see", "silence", "turn", "mode", "late", "nobody", "back"]),
        st.sampled_from(EMOTIONS),
        st.floats(0.3, 1.0) | st.just(nan),
        st.sampled_from([None, None, (), ("sad", "happy"), ("angry",), tuple(EMOTIONS)]),
        st.booleans(),
        st.sampled_from("ab"),
        st.integers(1, 60),
    ),
    max_size=25,
)
greedy = st.lists(
    st.tuples(
        st.sampled_from(CUES),
        st.fixed_dictionaries(
            {},
            optional={
                "emotion": st.lists(st.sampled_from(EMOTIONS), min_size=1, max_size=3).map(tuple),
                "certain": st.booleans(),
                "turn": st.just(("speaking",)),
                "reaction": st.just(("pleased", "upset", "surprised", "lost", "none")),
                "absent_s": st.floats(0, 2),
            },
        ),
    ),
    min_size=1,
    max_size=5,
).map(lambda found: tuple(Rule(f"r{i}", c, when, refractory_s=0.5) for i, (c, when) in enumerate(found)))
policies = st.sampled_from(SHIPPED).map(shipped) | st.builds(
    Policy, rules=greedy, max_age_s=st.floats(0.05, 2.0)
)


class Watch:
    """A manager under adverse conditions, whose strong cues are held against the newest estimates."""

    def __init__(self, policy, params):
        self.policy = policy
        self.manager = ConversationManager(params, policy)
        self.now = 100.0
        self.newest = {}

    def step(self, kind, emotion, p, prediction_set, abstained, face, repeats):
        for _ in range(repeats):
            self.now += 1 / 30
            if kind in ("see", "late"):
                stamp = self.now - (0.4 if kind == "late" else 0.02)
                sets = (emotion,) if prediction_set is None else prediction_set
                seen = estimate(stamp, emotion, p, face_id=face, prediction_set=sets, abstained=abstained)
                if stamp > self.newest.get(face, seen).stamp or face not in self.newest:
                    self.newest[face] = seen
                self.check(self.manager.on_estimate(seen, self.now))
            elif kind == "nobody":
                self.check(self.manager.on_estimate(Observation(self.now, ""), self.now))
            self.check(self.manager.tick(self.now))
        if kind == "turn":
            self.check(self.manager.on_turn(Turn(self.now, emotion, face, TurnState(repeats % 3)), self.now))
        elif kind == "mode":
            self.manager.on_mode(Mode(repeats % 3))
        elif kind == "back":
            self.now -= 30.0
            self.newest.clear()
            self.check(self.manager.tick(self.now))

    def check(self, outputs):
        for cue in outputs:
            if isinstance(cue, Cue) and cue.cue in STRONG:
                newest = self.newest[cue.face_id]
                assert tuple(newest.prediction_set) == (cue.emotion,)
                assert not newest.abstained
                assert cue.stamp == newest.stamp
                assert self.now - newest.stamp <= self.policy.max_age_s


@settings(max_examples=150)
@given(
    steps,
    policies,
    st.sampled_from([{}, {"smoothing_s": 0.05, "min_hold_s": 0.0}, {"enter": 0.2, "leave": 0.1}]),
)
def test_no_strong_cue_ever_rests_on_several_emotions_an_abstention_or_an_old_estimate(found, policy, params):
    watch = Watch(policy, ConversationParams(**params))
    for step in found:
        watch.step(*step)


def test_the_property_above_can_fail():
    """A manager whose rules imply nothing is caught: strong cues do occur where they may not."""
    eager = Rule("eager", "comfort", {}, refractory_s=0.5)
    object.__setattr__(eager, "_tests", ())
    watch = Watch(Policy((eager,)), ConversationParams())
    with pytest.raises(AssertionError):
        watch.step("see", "sad", 0.9, ("sad", "happy"), False, "a", 60)
