import numpy as np
import pytest

from fer_ros.evaluate.aggregate import mean_of_scores, mode_of_classes

# One frame is sure of the first label; two lean towards the second.
FRAMES = np.array([[0.9, 0.1, 0.0], [0.4, 0.6, 0.0], [0.4, 0.6, 0.0]], np.float32)


def test_mean_and_mode_may_disagree():
    assert mean_of_scores(FRAMES).argmax() == 0
    assert mode_of_classes(FRAMES).argmax() == 1
    assert mode_of_classes(FRAMES) == pytest.approx([1 / 3, 2 / 3, 0])


@pytest.mark.parametrize("combine", [mean_of_scores, mode_of_classes])
def test_a_batch_of_sequences_is_combined_one_by_one(combine):
    batch = np.stack([FRAMES, FRAMES[:, ::-1]])
    combined = combine(batch)
    assert combined.shape == (2, 3)
    assert combined.dtype == np.float32
    assert np.array_equal(combined[1], combine(FRAMES)[::-1])
    assert combined.sum(axis=1) == pytest.approx([1, 1])


@pytest.mark.parametrize("combine", [mean_of_scores, mode_of_classes])
@pytest.mark.parametrize("shape", [(3,), (0, 3), (2, 0, 3), (4, 0)])
def test_no_frames_have_no_mean_and_no_mode(combine, shape):
    with pytest.raises(ValueError, match="frames, labels"):
        combine(np.zeros(shape, np.float32))
