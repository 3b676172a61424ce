from math import isnan

import pytest

from fer_ros.evaluate.agreement import Agreement, agreement


def test_labels_are_compared_with_the_newest_of_the_reference():
    found = agreement([0.0, 0.5, 1.2], ["a", "a", "b"], [0.0, 0.4, 1.0, 2.0], ["a", "b", "b", "a"])
    assert found == Agreement(2, 3)
    assert found.share == pytest.approx(2 / 3)


def test_a_missing_label_disagrees_and_a_missing_reference_says_nothing():
    assert agreement([0, 1, 2], ["a", None, "a"], [0, 1, 2], [None, "a", "a"]) == Agreement(1, 2)


def test_nothing_is_compared_before_the_reference_begins():
    assert isnan(agreement([0.0], ["a"], [1.0], ["a"]).share)


def test_stamps_of_one_image_that_differ_in_the_last_digit_are_the_same():
    assert agreement([0.3], ["b"], [0.0, 0.1 + 0.2], ["a", "b"]) == Agreement(1, 1)


def test_clips_add_up():
    assert Agreement(1, 2) + Agreement(3, 4) == Agreement(4, 6)


def test_every_label_needs_its_time():
    with pytest.raises(ValueError, match="1 stamps and 2 labels"):
        agreement([0], ["a"], [0], ["a", "b"])
