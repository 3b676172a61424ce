"""What the adapters of photographs and image sequences make of trees with their datasets' real names."""

import os
import shutil
from collections import Counter
from pathlib import Path

import corpora
import numpy as np
import pytest

from fer_ros.datasets.adapters import ckplus
from fer_ros.datasets.clip import read_frames
from fer_ros.errors import DatasetError


def test_ckplus_takes_labelled_sequences_in_order(tmp_path):
    clips = corpora.load("ckplus", corpora.ckplus(tmp_path))
    assert [(clip.subject, clip.label) for clip in clips][:2] == [("S010", "angry"), ("S011", "contempt")]
    assert [round(float(frame.mean())) for frame in read_frames(clips[0])] == [101, 102, 103, 104, 105, 106]


def test_ckplus_stills_are_the_last_three_frames(tmp_path):
    stills = ckplus.stills(corpora.ckplus(tmp_path))
    assert len(stills) == 3 * len(corpora.CKPLUS_CODES)
    assert [round(float(read_frames(clip)[0].mean())) for clip in stills[:3]] == [104, 105, 106]


def test_ckplus_is_read_from_its_two_archives(tmp_path):
    corpora.ckplus(tmp_path)
    unpacked = corpora.load("ckplus", tmp_path)
    frames = read_frames(unpacked[0])
    corpora.pack(tmp_path / "cohn-kanade-images", "extended-cohn-kanade-images.zip")
    corpora.pack(tmp_path / "Emotion", "Emotion_labels.zip")
    shutil.rmtree(tmp_path / "cohn-kanade-images")
    shutil.rmtree(tmp_path / "Emotion")
    packed = corpora.load("ckplus", tmp_path)
    assert [(c.id, c.label) for c in packed] == [(c.id, c.label) for c in unpacked]
    np.testing.assert_array_equal(read_frames(packed[0]), frames)


@pytest.mark.parametrize("text", [b"", b"seven", b"   9.0000000e+00"])
def test_a_label_of_ckplus_that_is_none_is_named(text, tmp_path):
    corpora.put(corpora.ckplus(tmp_path) / "Emotion/S010/001/S010_001_00000006_emotion.txt", text)
    with pytest.raises(DatasetError, match=r"S010_001_00000006_emotion\.txt says .* it takes 0 to 7"):
        corpora.load("ckplus", tmp_path)


@pytest.mark.parametrize("packed", [False, True])
def test_ck48_names_subjects(packed, tmp_path):
    root = corpora.ck48(tmp_path)
    clips = corpora.load("ck48", corpora.pack(root) if packed else root)
    assert Counter(clip.subject for clip in clips) == {"S010": 7, "S011": 7, "S014": 7}
    assert corpora.labelled(clips, "angry")[0] == "S010_001_00000017"


def test_jaffe_is_read_packed_and_unpacked(tmp_path):
    root = corpora.jaffe(tmp_path)
    clips = corpora.load("jaffe", root)
    frames = read_frames(clips[0])
    corpora.pack(root)
    shutil.rmtree(root)
    packed = corpora.load("jaffe", tmp_path)
    assert [c.id for c in packed] == [c.id for c in clips]
    assert (packed[0].id, packed[0].subject, packed[0].label) == ("KA.AN1.1", "KA", "angry")
    np.testing.assert_array_equal(read_frames(packed[0]), frames)


@pytest.mark.parametrize(
    ("name", "spaced"),
    [pytest.param("fer2013.csv", False, id="original"), pytest.param("icml_face_data.csv", True, id="icml")],
)
def test_fer2013_tables_have_two_headers(name, spaced, tmp_path):
    path = corpora.fer2013(tmp_path, name, spaced)
    clips = corpora.load("fer2013", path)
    assert Counter(clip.part for clip in clips) == {"train": 7, "validation": 7, "test": 7}
    assert read_frames(clips[-1])[0].shape == (48, 48, 3)
    assert (clips[-1].label, int(read_frames(clips[-1])[0][0, 0, 0])) == ("neutral", 60)
    assert len(corpora.load("fer2013", tmp_path)) == len(clips)


def test_fer2013_folders_are_a_split_in_two(tmp_path):
    clips = corpora.load("fer2013", corpora.fer2013_folders(tmp_path))
    assert Counter(clip.part for clip in clips) == {"train": 140, "test": 7}


@pytest.mark.parametrize(
    ("row", "message"),
    [
        pytest.param("7,0 0,Training", "has the emotion '7'; it takes 0 to 6", id="emotion"),
        pytest.param("0,0 0 0,Training", "has 3 pixels, not 2304; it is cut off", id="pixels"),
        pytest.param(f"0,{'256 ' * 2304},Training", "pixels that are not 0 to 255", id="too bright"),
        pytest.param("0,0 0,Test", "has the Usage 'Test'", id="usage"),
        pytest.param("3", "line 23", id="cut off"),
    ],
)
def test_a_damaged_row_of_fer2013_is_named(row, message, tmp_path):
    path = corpora.fer2013(tmp_path)
    with path.open("a") as file:
        file.write(row)
    with pytest.raises(DatasetError, match=message):
        corpora.load("fer2013", path)


def test_fer2013_without_its_columns_is_named(tmp_path):
    corpora.put(tmp_path / "fer2013.csv", b"label,image\n")
    with pytest.raises(DatasetError, match="has no column emotion, pixels, Usage"):
        corpora.load("fer2013", tmp_path)


def test_the_real_ck48_has_its_known_counts():
    folders = os.environ.get("FER_ROS_DATA_PATH", "").split(os.pathsep)
    path = next((Path(f) / "CK+48.zip" for f in folders if f and (Path(f) / "CK+48.zip").is_file()), None)
    if path is None:
        pytest.skip("no folder in FER_ROS_DATA_PATH holds CK+48.zip")
    clips = corpora.load("ck48", path)
    assert Counter(clip.label for clip in clips) == {
        "angry": 135,
        "contempt": 54,
        "disgust": 177,
        "fear": 75,
        "happy": 207,
        "sad": 84,
        "surprise": 249,
    }
    assert len({clip.subject for clip in clips}) == 118
    assert read_frames(clips[0])[0].shape == (48, 48, 3)
