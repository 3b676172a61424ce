"""The thesis's windows, counted by hand."""

import corpora
import numpy as np
import pytest

from fer_ros.datasets.clip import Clip, Pixels
from fer_ros.datasets.crops import cut, cut_tight, follow
from fer_ros.datasets.lee import bigfacex, bigfacex_starts, faceparty, faceparty_starts, is_wanted
from fer_ros.emotions import BIGFACEX
from fer_ros.faces.face import Detection
from fer_ros.faces.haar import BOTTOM as DOWN
from fer_ros.faces.haar import LEFT, RIGHT, TOP, HaarFinder


@pytest.fixture(scope="module")
def finder():
    return HaarFinder()


def clip(dataset, label="happy"):
    return Clip(dataset, "1", "S1", label, Pixels(np.zeros((4, 4), np.uint8)))


def frames(count, without=()):
    return [corpora.picture(i % 8, i not in without) for i in range(count)]


def detection(x, y, side):
    """What a finder says of a Haar box."""
    return Detection((x + LEFT * side, y + TOP * side, x + RIGHT * side, y + DOWN * side), 1.0)


@pytest.mark.parametrize(
    ("dataset", "count", "starts"),
    [
        pytest.param("ckplus", 8, [0, 1, 2, 3], id="stride 1"),
        pytest.param("ckplus", 5, [0], id="one window"),
        pytest.param("ckplus", 4, [], id="too short"),
        pytest.param("baum1", 15, [5, 7, 9], id="stride 2 after five frames"),
        pytest.param("enterface05", 10, [5], id="just enough"),
        pytest.param("enterface05", 9, [], id="nothing left"),
    ],
)
def test_windows_of_bigfacex(dataset, count, starts):
    assert list(bigfacex_starts(dataset, count)) == starts


@pytest.mark.parametrize(
    ("ends", "count", "starts"),
    [
        pytest.param([9, 8, 7], 10, [3, 4, 5], id="the end"),
        pytest.param([20, 6, 12], 30, [2, 8, 16], id="three peaks"),
        pytest.param([1, 2, 8], 9, [0, 4], id="too early for four frames before"),
        pytest.param([-1, 0, 1], 2, [], id="shorter than a window"),
    ],
)
def test_windows_of_faceparty(ends, count, starts):
    assert faceparty_starts(ends, count) == starts


def test_a_window_holds_the_crops_of_its_frames(finder):
    windows = bigfacex(clip("ckplus"), frames(6), finder)
    assert windows.images.shape == (2, 5, 48, 48)
    assert windows.images.dtype == np.uint8
    assert windows.labels == ("happy", "happy")
    np.testing.assert_array_equal(windows.images[0, 1:], windows.images[1, :4])
    seen = finder.find(corpora.picture(0))[0]
    np.testing.assert_array_equal(windows.images[0, 0], cut(corpora.picture(0), seen, 0.1))


def test_a_window_without_all_its_faces_is_left_out(finder):
    windows = bigfacex(clip("ckplus"), frames(9, without={4}), finder)
    assert windows.starts.tolist() == []
    assert bigfacex(clip("ckplus"), frames(10, without={4}), finder).starts.tolist() == [5]


def test_a_face_is_followed_and_found_again(finder):
    seen = follow(frames(4, without={1}), finder)
    assert [face is not None for face in seen] == [True, False, True, True]


def test_ckplus_peaks_at_its_end(finder):
    windows = faceparty(clip("ckplus"), frames(9), finder, scorer=None)
    assert windows.starts.tolist() == [2, 3, 4]


def test_kdef_dyn_begins_neutral(finder):
    windows = faceparty(clip("kdef_dyn", "sad"), frames(10), finder, scorer=None)
    assert list(zip(windows.starts.tolist(), windows.labels, strict=True)) == [
        (0, "neutral"),
        (3, "sad"),
        (4, "sad"),
        (5, "sad"),
    ]


def test_elsewhere_the_classifier_says_where_the_peaks_are(finder):
    def scorer(faces):
        """Frames 6, 2 and 9 look most angry, and all of them very happy."""
        scores = np.zeros((len(faces), 7), np.float32)
        scores[:, BIGFACEX.index("happy")] = 1
        scores[[6, 2, 9], BIGFACEX.index("angry")] = 0.9, 0.8, 0.7
        return scores

    windows = faceparty(clip("afew", "angry"), frames(12), finder, scorer)
    assert windows.starts.tolist() == [0, 2, 5]


def test_the_two_datasets_cut_as_the_thesis_says():
    """On an image whose brightness is its column, and one whose brightness is its row, the edges show."""
    columns = np.repeat(np.arange(200, dtype=np.uint8)[None], 200, 0)
    rows = columns.T.copy()
    seen = detection(50, 40, 100)  # a Haar box of 100 px at (50, 40)
    ends = lambda grey, axis: np.moveaxis(grey, axis, 0)[[0, -1]].mean(1)  # noqa: E731
    bgr = lambda grey: np.dstack([grey] * 3)  # noqa: E731
    np.testing.assert_allclose(ends(cut(bgr(columns), seen, 0.1), 1), (40, 160), atol=3)
    np.testing.assert_allclose(ends(cut(bgr(rows), seen, 0.1), 0), (30, 150), atol=3)
    np.testing.assert_allclose(ends(cut_tight(bgr(columns), seen), 1), (60, 140), atol=3)
    np.testing.assert_allclose(ends(cut_tight(bgr(rows), seen), 0), (60, 140), atol=3)


def test_contempt_is_none_of_the_seven():
    assert not is_wanted(clip("ckplus", "contempt"))
    assert is_wanted(clip("baum1", "neutral"))
