"""What every adapter makes of a small tree with its dataset's real names."""

import shutil

import corpora
import pytest

from fer_ros.datasets import catalogue
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


def test_every_dataset_is_tested_here():
    assert {*BUILD, "ferplus"} == set(catalogue.names())


@pytest.mark.parametrize("name", BUILD)
def test_every_class_is_found_and_every_clip_is_told_apart(name, tmp_path):
    clips = corpora.load(name, BUILD[name](tmp_path))
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
        corpora.load(name, tmp_path / "nowhere")
    assert "does not exist" in str(absent.value)
    (tmp_path / "other.txt").touch()
    with pytest.raises(DatasetError) as empty:
        corpora.load(name, tmp_path)
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
        corpora.load(name, tmp_path)


def test_an_empty_class_is_named_with_what_was_found(tmp_path):
    shutil.rmtree(corpora.ck48(tmp_path) / "contempt")
    with pytest.raises(DatasetError, match=r"no clip of contempt \(found angry 3, disgust 3, .*kaggle"):
        corpora.load("ck48", tmp_path)


def test_packed_videos_are_to_be_unpacked(tmp_path):
    packed = corpora.pack(corpora.ravdess(tmp_path / "RAVDESS"))
    with pytest.raises(DatasetError, match="unpack it first"):
        corpora.load("ravdess", packed)
    shutil.rmtree(tmp_path / "RAVDESS")
    with pytest.raises(DatasetError, match=r"holds no Actor_01/.* but RAVDESS\.zip \(unpack the archives\)"):
        corpora.load("ravdess", tmp_path)


def test_two_datasets_in_one_folder_are_not_guessed(tmp_path):
    corpora.jaffe(tmp_path)
    corpora.ck48(tmp_path)
    with pytest.raises(DatasetError, match="files of ck48 and jaffe"):
        catalogue.recognise(tmp_path)


def test_an_unknown_dataset_is_named():
    with pytest.raises(DatasetError, match="dataset 'ck49' is unknown; choose one of afew, "):
        catalogue.adapter("ck49")
