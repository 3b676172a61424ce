# ruff: noqa: E402 -- imports that need torch follow the check that it is there
"""What networks are given of these datasets."""

from functools import partial

import corpora
import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: training is optional")

from fer_ros.datasets import lee
from fer_ros.datasets.adapters import ckplus
from fer_ros.datasets.builder import Protocol, build
from fer_ros.emotions import LABEL_SPACES
from fer_ros.errors import DatasetError, ParameterError
from fer_ros.faces.haar import HaarFinder
from fer_ros.train import data
from fer_ros.train.recipe import Recipe

SPLITS = ("train", "validation", "test")


def recipe(kind, head, split="subject", smoothing=0.0):
    return Recipe(
        name="test",
        summary="",
        network="",
        data=kind,
        heads=(head,),
        epochs=1,
        split=split,
        smoothing=smoothing,
    )


def sizes(wanted, path, kept):
    return [len(data.load(wanted, path, split, kept)) for split in SPLITS]


@pytest.fixture
def build_of_six(tmp_path):
    clips = ckplus.load(corpora.ckplus(tmp_path / "CK+", 7, lambda i: corpora.picture(i % 8)))
    cut = partial(lee.bigfacex, finder=HaarFinder())
    build(Protocol("bigfacex", ("ckplus",), 0), clips, cut, tmp_path / "built", lambda done, total: None)
    return tmp_path / "built"


def test_windows_are_clips_of_five(build_of_six, tmp_path):
    examples = data.load(recipe("windows", "basic"), build_of_six, "test", tmp_path)
    assert examples.inputs["clip"].shape[1:] == (1, 5, 48, 48)
    assert examples.inputs["clip"].dtype == torch.uint8
    assert examples.targets["basic"].shape == (len(examples), 6)


@pytest.mark.parametrize(("split", "expected"), [("window", [13, 1, 4]), ("70/30", [13, 5, 5])])
def test_windows_are_split_as_the_recipe_says(split, expected, build_of_six, tmp_path):
    assert sizes(recipe("windows", "basic", split), build_of_six, tmp_path) == expected


def test_a_label_with_no_example_to_learn_from_is_named(build_of_six, tmp_path):
    with pytest.raises(DatasetError, match="no example of neutral for the head fer2013"):
        data.load(recipe("windows", "fer2013", "window"), build_of_six, "train", tmp_path)


def test_an_unknown_split_is_named(build_of_six, tmp_path):
    with pytest.raises(ParameterError, match=r"split is 'clip'; windows take subject, window or 70/30"):
        data.load(recipe("windows", "basic", "clip"), build_of_six, "train", tmp_path)
    with pytest.raises(ParameterError, match=r"split is 'clip'; choose official"):
        data.load(recipe("stills", "ckplus", "clip"), corpora.ck48(tmp_path), "train", tmp_path)


def test_stills_keep_people_apart(tmp_path):
    root = corpora.ck48(tmp_path)
    assert sizes(recipe("stills", "ckplus"), root, tmp_path) == [7, 7, 7]  # three people


def test_stills_of_jains_split(tmp_path):
    root = corpora.ck48(tmp_path)
    train, validation, test = (
        data.load(recipe("stills", "basic", "70/30"), root, split, tmp_path) for split in SPLITS
    )
    assert (len(train), len(validation)) == (15, 6)
    assert torch.equal(validation.inputs["face"], test.inputs["face"])


def test_a_label_outside_the_head_is_a_row_of_zeros(tmp_path):
    examples = data.load(recipe("stills", "basic"), corpora.ck48(tmp_path), "test", tmp_path)
    assert sorted(examples.targets["basic"].sum(1).tolist()) == [0, 1, 1, 1, 1, 1, 1]


def test_faces_are_cut_out_of_photographs_once(tmp_path):
    root = corpora.jaffe(tmp_path, corpora.picture())
    examples = data.load(recipe("stills", "fer2013"), root, "train", tmp_path / "kept")
    assert examples.inputs["face"].shape == (7, 1, 48, 48)
    for path in root.glob("*.tiff"):
        path.write_bytes(b"gone")
    again = data.load(recipe("stills", "fer2013"), root, "train", tmp_path / "kept")
    assert torch.equal(examples.inputs["face"], again.inputs["face"])


def test_photographs_without_any_face_are_an_error(tmp_path):
    root = corpora.jaffe(tmp_path)
    with pytest.raises(DatasetError, match="no face is found in any of 7 images"):
        data.load(recipe("stills", "fer2013"), root, "train", tmp_path / "kept")


def test_fer2013_has_its_own_split(tmp_path):
    path = corpora.fer2013(tmp_path)
    assert sizes(recipe("stills", "fer2013", "official"), tmp_path, tmp_path) == [7, 7, 7]
    path.unlink()
    corpora.fer2013_folders(tmp_path)
    assert sizes(recipe("stills", "3class", "official"), tmp_path, tmp_path) == [126, 14, 7]


def test_only_what_is_learned_from_is_smoothed(tmp_path):
    root = corpora.ck48(tmp_path)
    train, test = (
        data.load(recipe("stills", "ckplus", smoothing=0.1), root, split, tmp_path)
        for split in ("train", "test")
    )
    assert train.targets["ckplus"].max() < 1
    assert test.targets["ckplus"].max() == 1


def test_sequences_are_clips_of_thirty(tmp_path):
    for subject in ("01", "02", "03"):
        for emotion in range(1, 9):
            name = f"Actor_{subject}/01-01-{emotion:02}-01-01-01-{subject}.mp4"
            corpora.video(tmp_path / "R" / name, 3, lambda i, last=subject: i != 1 or last != "03")
    wanted = recipe("sequences", "ravdess")
    examples = [data.load(wanted, tmp_path / "R", split, tmp_path / "kept") for split in SPLITS]
    for found in examples:
        assert found.inputs["clip"].shape == (8, 1, 30, 48, 48)
        assert found.targets["ravdess"].argmax(1).tolist() == list(range(8))
    clip = examples[0].inputs["clip"][0, 0].numpy()
    assert len(np.unique(clip, axis=0)) in (2, 3)


def test_every_head_can_be_asked_for(tmp_path):
    root = corpora.ck48(tmp_path)
    for head in LABEL_SPACES:
        assert len(data.load(recipe("stills", head), root, "test", tmp_path)) == 7
