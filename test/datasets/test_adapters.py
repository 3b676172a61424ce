"""What each adapter makes of a small tree with its dataset's real names."""

import os
import shutil
from collections import Counter
from pathlib import Path

import corpora
import numpy as np
import pytest

from fer_ros.datasets import catalogue
from fer_ros.datasets.adapters import ckplus
from fer_ros.datasets.clip import read_frames
from fer_ros.emotions import LABEL_SPACES
from fer_ros.errors import DatasetError

BUILD = {
    "afew": corpora.afew,
    "baum1": corpora.baum1,
    "ck48": corpora.ck48,
    "ckplus": corpora.ckplus,
    "enterface05": corpora.enterface05,
    "fer2013": corpora.fer2013,
    "isafe": corpora.isafe,
    "jaffe": corpora.jaffe,
    "kdef_dyn": corpora.kdef_dyn,
    "mmi": corpora.mmi,
    "ravdess": corpora.ravdess,
}


def load(name, path):
    return catalogue.adapter(name).load(path)


def of(clips, label):
    return [clip.id for clip in clips if clip.label == label]


def test_every_dataset_is_tested_here():
    assert {*BUILD, "ferplus"} == set(catalogue.names())


@pytest.mark.parametrize("name", BUILD)
def test_every_class_is_found_and_every_clip_is_told_apart(name, tmp_path):
    clips = load(name, BUILD[name](tmp_path))
    assert {clip.label for clip in clips} == set(LABEL_SPACES[catalogue.adapter(name).SPACE])
    assert len({clip.id for clip in clips}) == len(clips)
    assert {clip.dataset for clip in clips} == {name}
    assert [clip.id for clip in clips] == sorted(clip.id for clip in clips)


@pytest.mark.parametrize("name", BUILD)
def test_a_dataset_is_recognised_by_its_files(name, tmp_path):
    BUILD[name](tmp_path)
    assert catalogue.recognise(tmp_path) == name


@pytest.mark.parametrize("name", catalogue.names())
def test_an_absent_dataset_says_where_to_ask(name, tmp_path):
    source = catalogue.adapter(name).SOURCE
    with pytest.raises(DatasetError) as absent:
        load(name, tmp_path / "nowhere")
    assert "does not exist" in str(absent.value)
    (tmp_path / "other.txt").touch()
    with pytest.raises(DatasetError) as empty:
        load(name, tmp_path)
    assert source in str(absent.value)
    assert source in str(empty.value)


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("afew", "Val_AFEW"),
        ("baum1", "BAUM1s_MP4 - All"),
        ("ck48", "CK+48/contempt"),
        ("ckplus", "Emotion"),
        ("ckplus", "cohn-kanade-images/S011"),
        ("enterface05", "enterface database/subject 1/fear"),
        ("isafe", "Annotations"),
        ("isafe", "Database/S001"),
        ("kdef_dyn", "I. KDEF-dyn I/S4 Stimuli (Video-clips)/Sadness"),
        ("mmi", "Sessions/3"),
    ],
)
def test_half_a_dataset_is_refused(name, folder, tmp_path):
    BUILD[name](tmp_path)
    shutil.rmtree(tmp_path / folder)
    if name == "enterface05":
        shutil.rmtree(tmp_path / "enterface database/subject 6")
    with pytest.raises(DatasetError, match=r"; (ask for|get) "):
        load(name, tmp_path)


def test_an_empty_class_is_named_with_what_was_found(tmp_path):
    shutil.rmtree(corpora.ck48(tmp_path) / "contempt")
    with pytest.raises(DatasetError, match=r"no clip of contempt \(found angry 3, disgust 3, .*kaggle"):
        load("ck48", tmp_path)


def test_packed_videos_are_to_be_unpacked(tmp_path):
    packed = corpora.pack(corpora.ravdess(tmp_path / "RAVDESS"))
    with pytest.raises(DatasetError, match="unpack it first"):
        load("ravdess", packed)
    shutil.rmtree(tmp_path / "RAVDESS")
    with pytest.raises(DatasetError, match=r"holds no Actor_01/.* but RAVDESS\.zip \(unpack the archives\)"):
        load("ravdess", tmp_path)


def test_ckplus_takes_labelled_sequences_in_order(tmp_path):
    clips = load("ckplus", corpora.ckplus(tmp_path))
    assert [(clip.subject, clip.label) for clip in clips][:2] == [("S010", "angry"), ("S011", "contempt")]
    assert [round(float(frame.mean())) for frame in read_frames(clips[0])] == [101, 102, 103, 104, 105, 106]


def test_ckplus_stills_are_the_last_three_frames(tmp_path):
    stills = ckplus.stills(corpora.ckplus(tmp_path))
    assert len(stills) == 3 * len(corpora.CKPLUS_CODES)
    assert [round(float(read_frames(clip)[0].mean())) for clip in stills[:3]] == [104, 105, 106]


def test_ckplus_is_read_from_its_two_archives(tmp_path):
    corpora.ckplus(tmp_path)
    unpacked = load("ckplus", tmp_path)
    frames = read_frames(unpacked[0])
    corpora.pack(tmp_path / "cohn-kanade-images", "extended-cohn-kanade-images.zip")
    corpora.pack(tmp_path / "Emotion", "Emotion_labels.zip")
    shutil.rmtree(tmp_path / "cohn-kanade-images")
    shutil.rmtree(tmp_path / "Emotion")
    packed = load("ckplus", tmp_path)
    assert [(c.id, c.label) for c in packed] == [(c.id, c.label) for c in unpacked]
    np.testing.assert_array_equal(read_frames(packed[0]), frames)


@pytest.mark.parametrize("text", [b"", b"seven", b"   9.0000000e+00"])
def test_a_label_of_ckplus_that_is_none_is_named(text, tmp_path):
    corpora.put(corpora.ckplus(tmp_path) / "Emotion/S010/001/S010_001_00000006_emotion.txt", text)
    with pytest.raises(DatasetError, match=r"S010_001_00000006_emotion\.txt says .* it takes 0 to 7"):
        load("ckplus", tmp_path)


@pytest.mark.parametrize("packed", [False, True])
def test_ck48_names_subjects(packed, tmp_path):
    root = corpora.ck48(tmp_path)
    clips = load("ck48", corpora.pack(root) if packed else root)
    assert Counter(clip.subject for clip in clips) == {"S010": 7, "S011": 7, "S014": 7}
    assert of(clips, "angry")[0] == "S010_001_00000017"


def test_jaffe_is_read_packed_and_unpacked(tmp_path):
    root = corpora.jaffe(tmp_path)
    clips = load("jaffe", root)
    frames = read_frames(clips[0])
    corpora.pack(root)
    shutil.rmtree(root)
    packed = load("jaffe", tmp_path)
    assert [c.id for c in packed] == [c.id for c in clips]
    assert (packed[0].id, packed[0].subject, packed[0].label) == ("KA.AN1.1", "KA", "angry")
    np.testing.assert_array_equal(read_frames(packed[0]), frames)


def test_ravdess_takes_every_spoken_take_once(tmp_path):
    clips = load("ravdess", corpora.ravdess(tmp_path))
    assert len(clips) == 16
    assert Path(clips[2].frames.path).name == "01-01-02-01-01-01-01.mp4"
    assert [clip.subject for clip in clips if clip.label == "calm"] == ["01", "02"]


def test_mmi_leaves_out_what_is_none_of_the_six(tmp_path):
    clips = load("mmi", corpora.mmi(tmp_path))
    assert [(c.id, c.subject, c.label) for c in clips][3] == ("4/S034-001", "S034", "happy")
    assert len(clips) == 6


def test_mmi_without_a_description_or_with_a_damaged_one_is_named(tmp_path):
    corpora.mmi(tmp_path)
    (tmp_path / "Sessions/2/S032-001.xml").write_text("<Recording><Meta")
    with pytest.raises(DatasetError, match=r"S032-001\.xml is not readable XML"):
        load("mmi", tmp_path)
    (tmp_path / "Sessions/2/S032-001.xml").unlink()
    (tmp_path / "Sessions/2/session.xml").unlink()
    with pytest.raises(DatasetError, match=r"holds Sessions/2/S032-001\.avi without its \.xml"):
        load("mmi", tmp_path)


def test_enterface_goes_by_its_folders(tmp_path):
    clips = load("enterface05", corpora.enterface05(tmp_path))
    assert Counter(clip.subject for clip in clips) == {"1": 6, "6": 6}
    assert of(clips, "sad")[0] == "subject 1/sadness/sentence 1/s1_sa_1"


def test_afew_keeps_its_sets(tmp_path):
    clips = load("afew", corpora.afew(tmp_path))
    assert Counter(clip.part for clip in clips) == {"train": 7, "validation": 7}
    assert {clip.person for clip in clips} == {"afew/Train", "afew/Val"}


def test_kdef_dyn_reads_who_from_the_file_and_what_from_the_folder(tmp_path):
    clips = load("kdef_dyn", corpora.kdef_dyn(tmp_path))
    assert Counter((clip.subject, clip.label) for clip in clips)["M10", "surprise"] == 1
    assert len(clips) == 12


def test_isafe_leaves_out_what_the_psychologist_doubted(tmp_path):
    clips = load("isafe", corpora.isafe(tmp_path))
    assert [clip.label for clip in clips] == [
        "happy",
        "sad",
        "surprise",
        "disgust",
        "fear",
        "angry",
        "neutral",
    ]


def test_a_wrong_emotion_of_isafe_is_named(tmp_path):
    (corpora.isafe(tmp_path) / "Annotations/psy-annotation.csv").write_text("S001/01,11\n")
    with pytest.raises(DatasetError, match="gives S001/01 the emotion '11'; it takes 1 to 8"):
        load("isafe", tmp_path)


def test_baum1_tells_its_halves_apart_and_leaves_out_states(tmp_path):
    clips = load("baum1", corpora.baum1(tmp_path))
    assert of(clips, "happy") == ["a/S001_004", "s/S001_004"]
    assert len(clips) == 6 + 3
    assert {clip.subject for clip in clips} == {"S001", "S002"}


def test_baum1_takes_annotations_saved_as_csv(tmp_path):
    corpora.baum1(tmp_path)
    before = [(clip.id, clip.label) for clip in load("baum1", tmp_path)]
    (tmp_path / "Annotations_BAUM1s.xlsx").unlink()
    rows = "1,S002_001,Neutral,9\n2,S001_002,Contempt,5\n3,S002_003,Thinking,12\n4,S001_004,Happiness,8\n"
    (tmp_path / "Annotations_BAUM1s.csv").write_text(f"no,Clip name,Emotion,code\n{rows}")
    assert [(clip.id, clip.label) for clip in load("baum1", tmp_path)] == before


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"no workbook", "not a readable .xlsx"), (None, "holds no Annotations_BAUM1a.xlsx")],
)
def test_annotations_of_baum1_that_cannot_be_read_are_named(content, message, tmp_path):
    path = corpora.baum1(tmp_path) / "Annotations_BAUM1a.xlsx"
    path.unlink()
    if content:
        path.write_bytes(content)
    with pytest.raises(DatasetError, match=message):
        load("baum1", tmp_path)


def test_an_unknown_emotion_of_baum1_is_named(tmp_path):
    rows = [["Clip name", "Emotion"], ["S001_001", "Joyful"]]
    corpora.workbook(corpora.baum1(tmp_path) / "Annotations_BAUM1a.xlsx", rows)
    with pytest.raises(DatasetError, match=r"S001_001 has the emotions \[\]; it takes one of anger"):
        load("baum1", tmp_path)


@pytest.mark.parametrize(
    ("name", "spaced"),
    [pytest.param("fer2013.csv", False, id="original"), pytest.param("icml_face_data.csv", True, id="icml")],
)
def test_fer2013_tables_have_two_headers(name, spaced, tmp_path):
    path = corpora.fer2013(tmp_path, name, spaced)
    clips = load("fer2013", path)
    assert Counter(clip.part for clip in clips) == {"train": 7, "validation": 7, "test": 7}
    assert read_frames(clips[-1])[0].shape == (48, 48, 3)
    assert (clips[-1].label, int(read_frames(clips[-1])[0][0, 0, 0])) == ("neutral", 60)
    assert len(load("fer2013", tmp_path)) == len(clips)


def test_fer2013_folders_are_a_split_in_two(tmp_path):
    clips = load("fer2013", corpora.fer2013_folders(tmp_path))
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
        load("fer2013", path)


def test_fer2013_without_its_columns_is_named(tmp_path):
    corpora.put(tmp_path / "fer2013.csv", b"label,image\n")
    with pytest.raises(DatasetError, match="has no column emotion, pixels, Usage"):
        load("fer2013", tmp_path)


def test_two_datasets_in_one_folder_are_not_guessed(tmp_path):
    corpora.jaffe(tmp_path)
    corpora.ck48(tmp_path)
    with pytest.raises(DatasetError, match="files of ck48 and jaffe"):
        catalogue.recognise(tmp_path)


def test_an_unknown_dataset_is_named():
    with pytest.raises(DatasetError, match="dataset 'ck49' is unknown; choose one of afew, "):
        catalogue.adapter("ck49")


def test_the_real_ck48_has_its_known_counts():
    folders = os.environ.get("FER_ROS_DATA_PATH", "").split(os.pathsep)
    path = next((Path(f) / "CK+48.zip" for f in folders if f and (Path(f) / "CK+48.zip").is_file()), None)
    if path is None:
        pytest.skip("no folder in FER_ROS_DATA_PATH holds CK+48.zip")
    clips = load("ck48", path)
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
