from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from fer_ros.datasets import catalogue
from fer_ros.datasets.clip import Clip, Pixels
from fer_ros.errors import DatasetError
from fer_ros.evaluate.clips import LabelledClip, labelled, read_changes, unlabelled

TALK, LAUGH = Path("talk.mp4"), Path("laugh.mp4")


def touched(folder, *names):
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    return folder


def written(path, *lines):
    path.write_text("\n".join(lines))
    return path


def test_clips_with_a_table_of_labels(tmp_path):
    touched(tmp_path, "a.mp4", "more/b.avi")
    table = written(tmp_path / "labels.csv", "clip,label", "a.mp4,happy", "more/b.avi, sad")
    assert labelled(tmp_path, str(table), "ferplus") == [
        LabelledClip(tmp_path / "a.mp4", "happy"),
        LabelledClip(tmp_path / "more/b.avi", "sad"),
    ]


def test_ravdess_by_its_file_names_with_calm_as_neutral(tmp_path):
    touched(tmp_path, *(f"Actor_01/01-01-0{code}-01-01-01-01.mp4" for code in range(1, 9)))
    found = {clip.path.name[6:8]: clip.label for clip in labelled(tmp_path, "ravdess", "ferplus")}
    assert found == {
        "01": "neutral",
        "02": "neutral",
        "03": "happy",
        "04": "sad",
        "05": "angry",
        "06": "fear",
        "07": "disgust",
        "08": "surprise",
    }
    assert {clip.label for clip in labelled(tmp_path, "ravdess", "ravdess")} > {"calm", "neutral"}
    assert {clip.label for clip in labelled(tmp_path, "ravdess", "3class")} == {"happy", "sad", "unknown"}


def test_clips_without_labels_are_the_videos_of_a_folder(tmp_path):
    touched(tmp_path, "b/c.MOV", "a.mp4", "notes.txt")
    assert [clip.path.name for clip in unlabelled(tmp_path)] == ["a.mp4", "c.MOV"]
    assert unlabelled(tmp_path / "a.mp4") == [LabelledClip(tmp_path / "a.mp4")]


def test_a_folder_without_videos_is_named(tmp_path):
    with pytest.raises(DatasetError, match=r"holds no video; it takes \.avi"):
        unlabelled(tmp_path)


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        pytest.param(
            ["clip,emotion", "a.mp4,happy"], "no column label; its first line must be clip,label", id="column"
        ),
        pytest.param(["clip,label", "a.mp4,merry"], "'merry' is not in ferplus; it takes angry", id="label"),
        pytest.param(["clip,label", "z.mp4,happy"], r"z\.mp4 and 0 others are not there", id="clip"),
        pytest.param(["clip,label"], "names no clip", id="no rows"),
        pytest.param(["clip,label", "a.mp4"], r"the line \['a.mp4', None\] lacks", id="short line"),
    ],
)
def test_a_table_that_cannot_be_used_is_explained(tmp_path, lines, words):
    touched(tmp_path, "a.mp4")
    with pytest.raises(DatasetError, match=words):
        labelled(tmp_path, str(written(tmp_path / "labels.csv", *lines)), "ferplus")


def test_what_is_neither_a_table_nor_a_dataset_is_explained(tmp_path):
    with pytest.raises(DatasetError, match=r"ravdes is neither a CSV file .* nor one of .*ravdess"):
        labelled(tmp_path, "ravdes", "ferplus")


def test_a_dataset_of_photographs_is_no_video(tmp_path, monkeypatch):
    photograph = Clip("jaffe", "KA.HA1.29", "KA", "happy", Pixels(np.zeros((4, 4), np.uint8)))
    monkeypatch.setattr(catalogue, "adapter", lambda name: SimpleNamespace(load=lambda path: (photograph,)))
    with pytest.raises(DatasetError, match="jaffe holds no videos"):
        labelled(tmp_path, "jaffe", "fer2013")


def test_changes_of_one_clip_need_no_column_for_it(tmp_path):
    path = written(tmp_path / "hand.csv", "t,label", "4.5,sad", "0,neutral", "9,")
    assert read_changes(path, [TALK], "ferplus") == {TALK: ((0, "neutral"), (4.5, "sad"), (9, ""))}


def test_changes_of_several_clips(tmp_path):
    path = written(tmp_path / "hand.csv", "clip,t,label", "talk.mp4,1,sad", "laugh.mp4,2,happy")
    assert read_changes(path, [TALK, LAUGH], "ferplus") == {TALK: ((1, "sad"),), LAUGH: ((2, "happy"),)}


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        pytest.param(["t,label", "1,sad"], "clip None is not one of talk.mp4, laugh.mp4", id="which clip"),
        pytest.param(["clip,t,label", "cry.mp4,1,sad"], r"'cry\.mp4' is not one of", id="no such clip"),
        pytest.param(["clip,t,label", "talk.mp4,soon,sad"], "t is 'soon'; it takes a number", id="no number"),
        pytest.param(["clip,t,label", "talk.mp4,nan,sad"], "t is nan; it takes a finite", id="nan"),
        pytest.param(["clip,t,label", "talk.mp4,1,merry"], "'merry' is not in ferplus", id="label"),
        pytest.param(["clip,label", "talk.mp4,sad"], "no column t", id="column"),
    ],
)
def test_changes_that_cannot_be_used_are_explained(tmp_path, lines, words):
    with pytest.raises(DatasetError, match=words):
        read_changes(written(tmp_path / "hand.csv", *lines), [TALK, LAUGH], "ferplus")
