"""What the adapters of videos make of small trees with their datasets' real names."""

from collections import Counter
from pathlib import Path

import corpora
import pytest

from fer_ros.errors import DatasetError


def test_ravdess_takes_every_spoken_take_once(tmp_path):
    clips = corpora.load("ravdess", corpora.ravdess(tmp_path))
    assert len(clips) == 16
    assert Path(clips[2].frames.path).name == "01-01-02-01-01-01-01.mp4"
    assert [clip.subject for clip in clips if clip.label == "calm"] == ["01", "02"]


def test_mmi_leaves_out_what_is_none_of_the_six(tmp_path):
    clips = corpora.load("mmi", corpora.mmi(tmp_path))
    assert [(c.id, c.subject, c.label) for c in clips][3] == ("4/S034-001", "S034", "happy")
    assert len(clips) == 6


def test_mmi_without_a_description_or_with_a_damaged_one_is_named(tmp_path):
    corpora.mmi(tmp_path)
    (tmp_path / "Sessions/2/S032-001.xml").write_text("<Recording><Meta")
    with pytest.raises(DatasetError, match=r"S032-001\.xml is not readable XML"):
        corpora.load("mmi", tmp_path)
    (tmp_path / "Sessions/2/S032-001.xml").unlink()
    (tmp_path / "Sessions/2/session.xml").unlink()
    with pytest.raises(DatasetError, match=r"holds Sessions/2/S032-001\.avi without its \.xml"):
        corpora.load("mmi", tmp_path)


def test_enterface_goes_by_its_folders(tmp_path):
    clips = corpora.load("enterface05", corpora.enterface05(tmp_path))
    assert Counter(clip.subject for clip in clips) == {"1": 6, "6": 6}
    assert corpora.labelled(clips, "sad")[0] == "subject 1/sadness/sentence 1/s1_sa_1"


def test_afew_keeps_its_sets(tmp_path):
    clips = corpora.load("afew", corpora.afew(tmp_path))
    assert Counter(clip.part for clip in clips) == {"train": 7, "validation": 7}
    assert {clip.person for clip in clips} == {"afew/Train", "afew/Val"}


def test_kdef_dyn_reads_who_from_the_file_and_what_from_the_folder(tmp_path):
    clips = corpora.load("kdef_dyn", corpora.kdef_dyn(tmp_path))
    assert Counter((clip.subject, clip.label) for clip in clips)["M10", "surprise"] == 1
    assert len(clips) == 12


def test_isafe_leaves_out_what_the_psychologist_doubted(tmp_path):
    clips = corpora.load("isafe", corpora.isafe(tmp_path))
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
        corpora.load("isafe", tmp_path)


def test_baum1_tells_its_halves_apart_and_leaves_out_states(tmp_path):
    clips = corpora.load("baum1", corpora.baum1(tmp_path))
    assert corpora.labelled(clips, "happy") == ["a/S001_004", "s/S001_004"]
    assert len(clips) == 6 + 3
    assert {clip.subject for clip in clips} == {"S001", "S002"}


def test_baum1_takes_annotations_saved_as_csv(tmp_path):
    corpora.baum1(tmp_path)
    before = [(clip.id, clip.label) for clip in corpora.load("baum1", tmp_path)]
    (tmp_path / "Annotations_BAUM1s.xlsx").unlink()
    rows = "1,S002_001,Neutral,9\n2,S001_002,Contempt,5\n3,S002_003,Thinking,12\n4,S001_004,Happiness,8\n"
    (tmp_path / "Annotations_BAUM1s.csv").write_text(f"no,Clip name,Emotion,code\n{rows}")
    assert [(clip.id, clip.label) for clip in corpora.load("baum1", tmp_path)] == before


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
        corpora.load("baum1", tmp_path)


def test_an_unknown_emotion_of_baum1_is_named(tmp_path):
    rows = [["Clip name", "Emotion"], ["S001_001", "Joyful"]]
    corpora.workbook(corpora.baum1(tmp_path) / "Annotations_BAUM1a.xlsx", rows)
    with pytest.raises(DatasetError, match=r"S001_001 has the emotions \[\]; it takes one of anger"):
        corpora.load("baum1", tmp_path)
