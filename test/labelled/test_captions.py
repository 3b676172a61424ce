"""Captions: what is shown for how long, and a .srt file that players read."""

import re

import numpy as np
import pytest

from fer_ros.estimators.estimate import Estimate
from fer_ros.labelled.captions import LEAST_S, Caption, captions_of, srt
from fer_ros.viewer.words import load_words

LABELS = ("happy", "sad")
TIME = r"(\d\d):(\d\d):(\d\d),(\d\d\d)"


def estimate(at_s, label="", *, face="face_1", unsure=False):
    """Of one face; without a label, the word that the image held none."""
    if not label:
        return Estimate(at_s, "model")
    likely = np.array([0.9 if name == label else 0.1 for name in LABELS], np.float32)
    return Estimate(at_s, "model", face, labels=LABELS, probabilities=likely, abstained=unsure, reason="")


def told(labels, rate_hz=10.0, **given):
    return [estimate(k / rate_hz, label, **given) for k, label in enumerate(labels)]


def shown(estimates, language="en"):
    captions = captions_of(estimates, load_words(language))
    return [(c.text, round(c.begin_s, 3), round(c.end_s, 3)) for c in captions]


def parsed(text):
    """(number, begin in s, end in s, lines) of each caption, as a player reads them."""
    found = []
    for block in text.strip().split("\n\n"):
        number, times, *lines = block.split("\n")
        assert re.fullmatch(f"{TIME} --> {TIME}", times)
        begin, end = (
            int(h) * 3600 + int(m) * 60 + int(s) + int(ms) / 1000 for h, m, s, ms in re.findall(TIME, times)
        )
        found.append((int(number), begin, end, lines))
    return found


def test_a_label_that_stays_is_one_caption():
    assert shown(told(["happy"] * 20)) == [("happy", 0.0, 2.0)]


def test_a_label_that_changes_is_two():
    assert shown(told(["happy"] * 20 + ["sad"] * 10)) == [("happy", 0.0, 2.0), ("sad", 2.0, 3.0)]


def test_what_is_too_short_to_be_read_is_left_out():
    assert shown(told(["happy"] * 20 + ["sad"] * 3 + ["happy"] * 10)) == [("happy", 0.0, 3.3)]


def test_what_is_too_short_at_the_beginning_belongs_to_what_follows():
    assert shown(told(["sad"] * 3 + ["happy"] * 10)) == [("happy", 0.0, 1.3)]


def test_nothing_that_changes_is_shorter_than_can_be_read():
    random = np.random.default_rng(0)
    labels = [LABELS[k] for k in random.integers(0, 2, 300)]
    spans = shown(told(labels))
    assert all(end - begin >= LEAST_S for _, begin, end in spans)
    assert spans[0][1] == 0.0
    assert spans[-1][2] == pytest.approx(30.0)


def test_one_that_abstains_is_unsure_in_the_chosen_language():
    estimates = told(["happy"] * 10, unsure=True)
    assert shown(estimates) == [("unsure", 0.0, 1.0)]
    assert shown(estimates, "de") == [(load_words("de").unsure, 0.0, 1.0)]
    assert shown(told(["happy"] * 10), "ja") == [(load_words("ja").name("happy"), 0.0, 1.0)]


def test_a_blink_out_of_sight_is_bridged_and_an_absence_is_not():
    blink = told(["happy"] * 10 + [""] * 3 + ["happy"] * 10)
    assert shown(blink) == [("happy", 0.0, 2.3)]
    gone = told(["happy"] * 10 + [""] * 20 + ["happy"] * 10)
    assert shown(gone) == [("happy", 0.0, 1.0), ("happy", 3.0, 4.0)]


def test_two_faces_are_two_lines_with_their_names():
    both = sorted(
        [*told(["happy"] * 20), *told(["sad"] * 20, face="face_2")], key=lambda estimate: estimate.stamp
    )
    assert shown(both) == [("face_1: happy\nface_2: sad", 0.0, 2.0)]


def test_without_a_face_there_is_no_caption():
    assert shown(told([""] * 20)) == []
    assert shown([]) == []
    assert srt([]) == ""


def test_uneven_images_are_shown_until_the_next_one():
    times = [0.0, 0.4, 0.45, 0.9, 1.0]
    assert shown([estimate(t, "happy") for t in times]) == [("happy", 0.0, 1.25)]


def test_a_player_reads_the_file():
    captions = [Caption(0.0, 1.5, "happy"), Caption(3661.25, 3662.0, "face_1: sad\nface_2: happy")]
    assert parsed(srt(captions)) == [
        (1, 0.0, 1.5, ["happy"]),
        (2, 3661.25, 3662.0, ["face_1: sad", "face_2: happy"]),
    ]


def test_captions_of_pictures_that_begin_later_are_later():
    ((_, begin, end, _),) = parsed(srt([Caption(0.0, 1.0, "happy")], 0.5))
    assert (begin, end) == (0.5, 1.5)
