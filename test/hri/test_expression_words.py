"""Estimates in REP-155's words."""

from math import dist, isnan

import pytest

from fer_ros.emotions import LABEL_SPACES, VALENCE_AROUSAL
from fer_ros.hri.expression import WORDS, to_word

# The string constants of hri_msgs/Expression.
REP_155 = """
    neutral angry sad happy surprised disgusted scared pleading vulnerable despaired guilty disappointed
    embarrassed horrified skeptical annoyed furious suspicious rejected bored tired asleep confused amazed
    excited
"""
FERPLUS = LABEL_SPACES["ferplus"]


def certain(label, space=FERPLUS, probability=0.9):
    rest = (1 - probability) / (len(space) - 1)
    return [probability if name == label else rest for name in space]


@pytest.mark.parametrize("word", sorted(set(WORDS.values())))
def test_every_word_is_one_of_the_rep(word):
    assert word in REP_155.split()


@pytest.mark.parametrize("label", sorted({label for space in LABEL_SPACES.values() for label in space}))
def test_every_label_has_a_word_but_unknown(label):
    assert (label in WORDS) == (label != "unknown")


def test_contempt_becomes_the_nearest_expression_that_has_a_word():
    others = [label for label in FERPLUS if label != "contempt"]
    place = VALENCE_AROUSAL["contempt"]
    nearest = min(others, key=lambda label: dist(VALENCE_AROUSAL[label], place))
    assert WORDS["contempt"] == WORDS[nearest] == "disgusted"


def test_labels_that_share_a_word_are_one_expression():
    probabilities = [0.0] * len(FERPLUS)
    for label, probability in {"angry": 0.4, "disgust": 0.3, "contempt": 0.3}.items():
        probabilities[FERPLUS.index(label)] = probability
    assert to_word(FERPLUS, probabilities, abstained=False) == ("disgusted", pytest.approx(0.6))


def test_confidence_is_the_probability_of_the_word():
    assert to_word(FERPLUS, certain("fear"), abstained=False) == ("scared", pytest.approx(0.9))


@pytest.mark.parametrize(
    ("labels", "probabilities", "abstained"),
    [
        pytest.param(FERPLUS, certain("happy"), True, id="abstained"),
        pytest.param(FERPLUS, [], False, id="nothing estimated"),
        pytest.param(LABEL_SPACES["3class"], certain("unknown", LABEL_SPACES["3class"]), False, id="unknown"),
    ],
)
def test_what_is_not_known_has_no_word_and_no_confidence(labels, probabilities, abstained):
    word, confidence = to_word(labels, probabilities, abstained=abstained)
    assert word == ""
    assert isnan(confidence)
