from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fer_ros.datasets.splits import SEVENTY_THIRTY, THESIS, by_item, by_subject, folds
from fer_ros.errors import DatasetError

SUBJECTS = st.lists(st.integers(1, 20), min_size=3, max_size=40).map(
    lambda counts: [f"S{i:03}" for i, count in enumerate(counts) for _ in range(count)]
)


def test_items_are_dealt_out_in_their_shares():
    assert Counter(by_item(100, THESIS, 0).tolist()) == {"train": 70, "validation": 10, "test": 20}
    assert Counter(by_item(10, SEVENTY_THIRTY, 0).tolist()) == {"train": 7, "test": 3}


@given(st.integers(0, 500))
def test_every_item_is_in_one_part(count):
    found = Counter(by_item(count, THESIS, 3).tolist())
    assert sum(found.values()) == count
    assert all(abs(found[part] - share * count) <= 1 for part, share in THESIS.items())


@given(SUBJECTS, st.integers(0, 9))
def test_nobody_is_on_two_sides(subjects, seed):
    parts = by_subject(subjects, THESIS, seed)
    assert len(set(zip(subjects, parts.tolist(), strict=True))) == len(set(subjects))
    assert set(parts.tolist()) == set(THESIS)


def test_whole_subjects_meet_the_shares_nearly():
    subjects = [f"S{i // 10}" for i in range(1000)]
    found = Counter(by_subject(subjects, THESIS, 0).tolist())
    assert found == {"train": 700, "validation": 100, "test": 200}


@pytest.mark.parametrize(
    "split", [lambda seed: by_item(50, THESIS, seed), lambda seed: folds(range(50), 10, seed)]
)
def test_a_split_is_its_seeds(split):
    assert split(1).tolist() == split(1).tolist()
    assert split(1).tolist() != split(2).tolist()


def test_folds_test_every_subject_once():
    subjects = [f"S{i:03}" for i in range(118) for _ in range(3 * (1 + i % 4))]
    found = folds(subjects)
    assert set(found.tolist()) == set(range(10))
    assert len(set(zip(subjects, found.tolist(), strict=True))) == len(set(subjects))
    sizes = np.bincount(found)
    assert sizes.max() - sizes.min() <= 12


def test_too_few_people_cannot_be_kept_apart():
    with pytest.raises(DatasetError, match="2 subjects cannot be divided into 3 parts"):
        by_subject(["a", "b", "a"], THESIS, 0)
    with pytest.raises(DatasetError, match="9 subjects cannot be divided into 10 parts"):
        folds([str(i) for i in range(9)])
