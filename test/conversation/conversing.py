"""What the tests of the conversation share: estimates of an expression, and a talk shown frame by frame."""

from pathlib import Path

import numpy as np

from fer_ros.conversation.manager import ConversationManager, Cue
from fer_ros.conversation.observation import Observation
from fer_ros.conversation.params import ConversationParams
from fer_ros.conversation.policy import load_policy
from fer_ros.conversation.rules import Rule
from fer_ros.conversation.turns import Turn, TurnState
from fer_ros.emotions import FERPLUS, valence_arousal

POLICIES = Path(__file__).parents[2] / "config" / "policies"
SHIPPED = sorted(path.stem for path in POLICIES.glob("*.yaml"))


def estimate(stamp, emotion="happy", p=0.9, face_id="face_1", size_px=100.0, **more):
    """An estimate that gives `p` to one expression and the rest evenly to the others."""
    probabilities = [(1 - p) / 7] * 8
    probabilities[FERPLUS.index(emotion)] = p
    valence, arousal = valence_arousal(FERPLUS, np.array(probabilities, np.float32))
    fields = {"prediction_set": (emotion,), "valence": valence, "arousal": arousal, **more}
    return Observation(stamp, face_id, FERPLUS, probabilities, face_size_px=size_px, **fields)


def shipped(name):
    return load_policy(POLICIES / f"{name}.yaml")


def always(cue, name="only", refractory_s=10.0, **when):
    return Rule(name, cue, when, 0, refractory_s)


class Talk:
    """A manager that is shown a face 30 times a second and asked 10 times a second.

    Attributes:
        said: (s since the begin, cue or reaction) in order.
    """

    BEGIN = 50.0

    def __init__(self, policy=None, **params):
        self.manager = ConversationManager(ConversationParams(**params), policy or shipped("default"))
        self.now = self.BEGIN
        self.said = []

    def show(self, seconds, emotion=None, face_id="face_1", others=(), **more):
        """Show a face for some seconds; without an emotion: an empty room. Others: keyword arguments."""
        for index in range(round(seconds * 30)):
            self.now += 1 / 30
            faces = [{"emotion": emotion, "face_id": face_id, **more}, *others] if emotion else others
            for face in faces:
                self._hear(self.manager.on_estimate(estimate(self.now, **face), self.now))
            if not faces:
                self._hear(self.manager.on_estimate(Observation(self.now, ""), self.now))
            if index % 3 == 0:
                self.ask()
        return self

    def silence(self, seconds):
        """No estimate at all."""
        for _ in range(round(seconds * 10)):
            self.now += 0.1
            self.ask()
        return self

    def turn(self, turn_id, state="SPEAKING", topic="", stamp=None):
        turn = Turn(self.now if stamp is None else stamp, turn_id, topic, TurnState[state])
        self._hear(self.manager.on_turn(turn, self.now))
        return self

    def ask(self):
        self._hear(self.manager.tick(self.now))

    def _hear(self, outputs):
        self.said += [(round(self.now - self.BEGIN, 2), output) for output in outputs]

    @property
    def cues(self):
        return [(at, said) for at, said in self.said if isinstance(said, Cue)]

    @property
    def names(self):
        return [cue.cue for _, cue in self.cues]

    @property
    def reactions(self):
        return [said for _, said in self.said if not isinstance(said, Cue)]
