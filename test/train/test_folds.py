# ruff: noqa: E402 -- imports that need torch follow the check that it is there
import re
from dataclasses import replace

import cv2
import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: training is optional")

from fer_ros.cli.main import main
from fer_ros.datasets.adapters.ck48 import FOLDERS
from fer_ros.errors import ParameterError
from fer_ros.train import data
from fer_ros.train import folds as folds_module
from fer_ros.train.folds import train_folds
from fer_ros.train.recipe import Recipe

TINY = Recipe(
    "tiny", "for tests", "facenet", "stills", ("ckplus",), 1, options={"widths": [4], "blocks": [1]}, batch=8
)


@pytest.fixture(scope="module")
def faces(tmp_path_factory):
    """CK+48 in its layout: four people, an image of each class."""
    root = tmp_path_factory.mktemp("data") / "CK+48"
    random = np.random.default_rng(0)
    for folder in FOLDERS:
        (root / folder).mkdir(parents=True)
        for subject in ("S010", "S011", "S014", "S022"):
            image = random.integers(0, 256, (48, 48), np.uint8)
            cv2.imwrite(str(root / folder / f"{subject}_001_00000010.png"), image)
    return root


def test_everybody_is_tested_on_once_and_never_learned_from(faces, tmp_path):
    seen = []
    for fold in (1, 2, 3):
        recipe = replace(TINY, split=f"fold {fold}/3")
        learned, tested = (data.load(recipe, faces, part, tmp_path) for part in ("train", "test"))
        assert len(learned) + len(tested) == 28
        pairs = {bytes(face.numpy()) for face in learned.inputs["face"]}
        assert not any(bytes(face.numpy()) in pairs for face in tested.inputs["face"])
        seen += [bytes(face.numpy()) for face in tested.inputs["face"]]
    assert len(set(seen)) == 28


def test_what_is_finished_is_not_done_again(faces, tmp_path, monkeypatch):
    first = train_folds(TINY, faces, tmp_path / "out", tmp_path, 2, threads=1)
    monkeypatch.setattr(folds_module, "fit", lambda *_: pytest.fail("trained again"))
    again = train_folds(TINY, faces, tmp_path / "out", tmp_path, 2, threads=1)
    assert again.accuracies == first.accuracies
    assert sum(len(truth) for truth in again.truth) == 28


@pytest.mark.parametrize(("count", "heads"), [(1, ("ckplus",)), (2, ("ckplus", "basic"))])
def test_folds_that_cannot_be_are_named(faces, tmp_path, count, heads):
    with pytest.raises(ParameterError, match="give 2 folds or more, and one head"):
        train_folds(replace(TINY, heads=heads), faces, tmp_path, tmp_path, count)


def test_the_command_prints_every_fold_and_all_of_them(faces, tmp_path, capsys):
    recipe = tmp_path / "mine.yaml"
    recipe.write_text(
        "summary: s\nnetwork: facenet\noptions: {widths: [4], blocks: [1]}\n"
        "data: stills\nheads: [ckplus]\nepochs: 1\nbatch: 8\n"
    )
    options = ["--data", str(faces), "--folds", "2", "--out", str(tmp_path / "out"), "--threads", "1"]
    assert main(["train", str(recipe), *options]) == 0
    printed = capsys.readouterr().out
    assert re.search(r"fold 2: accuracy [01]\.\d{4}", printed)
    assert re.search(r"mine: accuracy [01]\.\d{4} \+- [01]\.\d{4} over 2 folds, n = 28", printed)
