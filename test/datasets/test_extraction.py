"""Blendshapes of whole datasets, with MediaPipe itself."""

import corpora
import numpy as np
import pytest

from fer_ros.datasets.adapters import jaffe
from fer_ros.datasets.clip import Clip, Pixels
from fer_ros.datasets.extraction import extract
from fer_ros.errors import DatasetError
from fer_ros.faces.haar import HaarFinder
from fer_ros.faces.reader import FILE, LandmarkReader


@pytest.fixture
def open_reader(third_party_model):
    pytest.importorskip("mediapipe", reason="mediapipe is not installed")
    path = third_party_model(FILE)
    return lambda: LandmarkReader(path)


def never():
    raise AssertionError("everything is there already")


def silent(done, total):
    pass


def test_faces_are_read_and_misses_are_nan(tmp_path, open_reader):
    root = corpora.jaffe(tmp_path, corpora.picture())
    corpora.image(root / "KA.AN1.1.tiff", corpora.picture(face=False))
    found = extract(jaffe.load(root), HaarFinder(), open_reader, tmp_path / "kept", silent)
    assert found.blendshapes.shape == (21, 52)
    assert found.blendshapes.dtype == np.float32
    assert found.missed.tolist() == [True] + [False] * 20
    assert found.found.tolist() == [False] + [True] * 20
    assert (found.clip[1], found.subject[1], found.label[1]) == ("KA.DI1.2", "KA", "disgust")


def test_ready_crops_are_read_as_they_are(tmp_path, open_reader):
    blank = Clip("ck48", "a", "S1", "sad", Pixels(np.zeros((48, 48), np.uint8)))
    found = extract([blank], None, open_reader, tmp_path / "kept", silent)
    assert (found.found.tolist(), found.missed.tolist()) == ([True], [True])


def test_what_was_read_is_not_read_again(tmp_path, open_reader):
    clips = [Clip("ck48", f"{i}", "S1", "sad", Pixels(np.full((48, 48), i, np.uint8))) for i in range(60)]

    def stop(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        extract(clips, None, open_reader, tmp_path / "kept", stop)
    seen = []
    extract(clips, None, open_reader, tmp_path / "kept", lambda done, total: seen.append((done, total)))
    assert seen == [(50, 60), (60, 60)]
    again = extract(clips, None, never, tmp_path / "kept", silent)
    assert len(again.frame) == 60


def test_no_clips_are_an_error(tmp_path):
    with pytest.raises(DatasetError, match="no clips"):
        extract([], None, never, tmp_path, silent)


def test_a_saved_file_says_everything(tmp_path, open_reader):
    blank = Clip("ck48", "a", "S1", "sad", Pixels(np.zeros((48, 48), np.uint8)))
    extract([blank], None, open_reader, tmp_path / "kept", silent).save(tmp_path / "out.npz")
    with np.load(tmp_path / "out.npz") as saved:
        assert set(saved) == {
            *("blendshapes", "clip", "frame", "subject", "label", "found", "missed", "names")
        }
        assert saved["names"].shape == (52,)
