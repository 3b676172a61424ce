"""What is said of a person."""

from math import nan

import pytest

from fer_ros.emotions import FERPLUS
from fer_ros.viewer import icons
from fer_ros.viewer.captions import caption
from fer_ros.viewer.scene import Person
from fer_ros.viewer.words import load_words

BOX = (0.0, 0.0, 9.0, 9.0)
SHARES = (0.05, 0.05, 0.05, 0.5, 0.1, 0.15, 0.05, 0.05)  # happy, then surprise, then sad


def said(*likely, **more):
    base = {"labels": FERPLUS, "probabilities": SHARES, "abstained": False, "source": "robot"}
    return caption(Person("a", BOX, **{**base, "prediction_set": likely, **more}), load_words("en"))


def test_one_likely_label_is_a_name_and_its_probability():
    happy = said("happy")
    assert (happy.title, happy.shown, happy.share, happy.given) == ("happy", ("happy",), 0.5, True)


def test_two_are_a_question_with_two_icons():
    either = said("happy", "surprise")
    assert (either.title, either.short) == ("happy or surprised?", "happy?")
    assert either.shown == ("happy", "surprise")
    assert either.share is None


def test_of_many_the_three_likeliest_are_asked():
    assert said("happy", "surprise", "sad", "angry").title == "happy, surprised or sad?"


def test_without_a_set_the_likeliest_is_told():
    assert said().title == "happy"


def test_abstaining_between_few_tells_which():
    unsure = said("happy", "sad", abstained=True, reason="unsure")
    assert (unsure.title, unsure.detail, unsure.shown) == ("unsure", "happy or sad?", (icons.UNSURE,))
    assert not unsure.given


def test_abstaining_between_many_tells_why():
    assert said(*FERPLUS, abstained=True, reason="unsure").detail == "too close to call"


@pytest.mark.parametrize(
    "probabilities",
    [
        pytest.param((), id="none"),
        pytest.param((nan,) * 8, id="nan"),
        pytest.param((float("inf"),) * 8, id="inf"),
        pytest.param((0.5, 0.5), id="too few"),
    ],
)
def test_without_numbers_there_is_no_estimate(probabilities):
    nothing = said("happy", probabilities=probabilities, reason="not a number")
    assert (nothing.title, nothing.detail) == ("no estimate", "invalid result")
    assert (nothing.shown, nothing.bars, nothing.given) == ((icons.NONE,), (), False)


def test_a_reason_without_a_translation_is_told_as_it_is():
    assert said(probabilities=(), reason="camera covered").detail == "camera covered"


def test_the_best_bars_come_from_the_likeliest_down():
    assert [bar.label for bar in said("happy").best(3)] == ["happy", "surprise", "sad"]
    assert [bar.label for bar in said("happy").bars] == list(FERPLUS)
    assert [bar.label for bar in said("happy", "sad").bars if bar.likely] == ["happy", "sad"]
