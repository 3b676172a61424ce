"""Blendshapes in few bits: how far off they may be, and that the network hardly notices."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from fer_ros.estimators.model import load_model
from fer_ros.faces.blendshapes import COUNT, NAMES
from fer_ros.link.shapes_codec import read_shapes, write_shapes
from fer_ros.resources import own_model

WORST = {True: 1 - (62.5 / 63) ** 3, False: 1 - (65534.5 / 65535) ** 3}  # half of the step below 1
ANY = arrays(np.float32, COUNT, elements=st.floats(0, 1, width=32))
BOTH = pytest.mark.parametrize("quantised", [True, False], ids=["quantised", "plain"])


def there_and_back(scores, quantised):
    return read_shapes(write_shapes(scores, quantised), quantised)


@BOTH
@given(ANY)
def test_no_score_is_further_off_than_half_a_step(quantised, scores):
    back = there_and_back(scores, quantised)
    assert (back.shape, back.dtype) == ((COUNT,), np.float32)
    assert np.abs(back - scores).max() <= WORST[quantised] + 1e-6


@BOTH
@given(ANY)
def test_what_came_back_is_sent_without_a_change(quantised, scores):
    sent = write_shapes(scores, quantised)
    assert write_shapes(read_shapes(sent, quantised), quantised) == sent


@BOTH
def test_nothing_and_everything_come_back_exactly(quantised):
    ends = np.array([0.0, 1.0] * (COUNT // 2), np.float32)
    assert (there_and_back(ends, quantised) == ends).all()


def test_small_scores_are_told_apart_where_large_ones_are_not():
    small = np.linspace(0.0, 0.01, COUNT, dtype=np.float32)
    assert len(np.unique(there_and_back(small, True))) > 10
    assert len(np.unique(there_and_back(small + 0.98, True))) <= 2


@pytest.mark.parametrize(("quantised", "size"), [(True, 39), (False, 104)])
def test_a_face_takes_as_many_bytes_as_it_says(quantised, size):
    assert len(write_shapes(np.zeros(COUNT, np.float32), quantised)) == size


def performance(seed, steps=40):
    """(steps, 52): a face that moves from rest into an expression, and trembles."""
    random = np.random.default_rng(seed)
    rest = random.random(COUNT) ** 6
    moved = random.choice([i for i, name in enumerate(NAMES) if name != "_neutral"], 10, replace=False)
    full = rest.copy()
    full[moved] = random.uniform(0.2, 0.9, len(moved))
    share = np.linspace(0, 1, steps)[:, None]
    trembling = random.normal(0, 0.01, (steps, COUNT))
    return np.clip(rest + share * (full - rest) + trembling, 0, 1).astype(np.float32)


def labels_of(model, frames):
    """What the streaming model says of each frame."""
    state, said = model.blank_states(1), []
    for index, scores in enumerate(frames):
        since = np.full((1, 1), 1 / 30 if index else 0.0, np.float32)
        inputs = {"blendshapes": scores[None], "interval_s": since}
        logits, state = model.step(inputs, state, "ferplus")
        said.append(int(logits.argmax()))
    return said


@pytest.mark.parametrize(("quantised", "least"), [(True, 0.95), (False, 0.999)])
def test_the_model_of_blendshapes_says_the_same(quantised, least):
    model = load_model(own_model("blendshape"))
    same = []
    for seed in range(20):
        frames = performance(seed)
        heard = [there_and_back(scores, quantised) for scores in frames]
        same += [a == b for a, b in zip(labels_of(model, frames), labels_of(model, heard), strict=True)]
    assert np.mean(same) >= least
