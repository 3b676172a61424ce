# ruff: noqa: E402 -- imports that need torch follow the check that it is there
"""A clip network from labelled videos to a row of the grid: trained, exported and asked."""

import json

import acted
import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: training is optional")
pytest.importorskip("onnxscript", reason="onnxscript is not installed: export is optional")

from fer_ros.cli.main import main
from fer_ros.datasets import catalogue
from fer_ros.emotions import RAVDESS
from fer_ros.estimators.card import CLIP, load_card
from fer_ros.evaluate.answers import NETWORK
from fer_ros.evaluate.clip_network import data_of
from fer_ros.evaluate.grid import ANSWERED
from fer_ros.sources.schedule import apex_of
from fer_ros.train.augment import Augment
from fer_ros.train.data import stills
from fer_ros.train.recipe import Optimizer, Recipe
from fer_ros.train.run import train

WORN = dict.fromkeys(RAVDESS, "neutral") | {"happy": "happy", "sad": "sad"}  # on the built-in face
TAKES = {"neutral": 2, "happy": 2, "sad": 2}
HAAR = ("--faces.finder", "haar", "--faces.reader", "none", "--faces.student", "false")
TINY = Recipe(
    name="lstm",
    summary="a CNN-LSTM for tests",
    network="maclean_lstm",
    options={"width": 8, "blocks": [1, 1], "units": 16, "dense": 16},
    data="sequences",
    split="subject",
    heads=("3class",),
    epochs=20,
    batch=3,
    optimizer=Optimizer("adam", rate=0.003),
    class_weights=1.0,
    augment=Augment(rotate_rad=0.0, scale=0.0, shift=0.0, shear=0.0, gamma=0.0, degrade=0.0, erase=0.0),
)


@pytest.fixture(scope="module")
def ravdess(tmp_path_factory):
    """RAVDESS in its layout: short clips of three actors, of every emotion at least one."""
    root = tmp_path_factory.mktemp("data") / "RAVDESS"
    for actor in (1, 2, 3):
        for code, label in enumerate(RAVDESS, 1):
            for take in range(1, 1 + TAKES.get(label, int(actor == 3))):
                path = root / f"Actor_{actor:02}" / f"01-01-{code:02}-01-01-{take:02}-{actor:02}.mp4"
                acted.clip(path, 4, begin_s=apex_of(WORN[label]) + 0.1 * (2 * actor + take - 6))
    return root


@pytest.fixture(scope="module")
def trained(ravdess, tmp_path_factory):
    out = tmp_path_factory.mktemp("models") / "lstm"
    train(TINY, ravdess, out, out / "kept", threads=1, device="cpu")
    return out


@pytest.fixture(scope="module")
def told(ravdess, trained, tmp_path_factory):
    """What the grid says of a neutral, a happy and a sad clip of somebody it has not learned from."""
    folder = tmp_path_factory.mktemp("grid")
    tested = stills.chosen(catalogue.adapter("ravdess").load(ravdess), TINY, "test")
    paths = {clip.label: clip.frames.path.relative_to(ravdess) for clip in tested if clip.label in TAKES}
    lines = ["clip,label", *(f"{path},{label}" for label, path in paths.items())]
    (folder / "labels.csv").write_text("\n".join(lines))
    options = ["--data", str(ravdess), "--labels", str(folder / "labels.csv"), "--out", str(folder / "out")]
    assert main(["grid", str(trained), *options, *HAAR]) == 0
    return json.loads((folder / "out" / "grid.json").read_text())


def test_its_card_says_what_clips_it_reads_and_how_they_are_cut(trained):
    card = load_card(trained)
    assert card.input(CLIP).shape == (30, 48, 48)
    assert data_of(card) == "sequences"
    assert card.training["device"] == "cpu"


def test_it_has_a_cell_for_every_resolution_and_frame_rate(told):
    assert (told["n"], list(told["models"])) == (3, ["lstm"])
    for shares in told["models"]["lstm"].values():
        assert np.shape(shares) == (3, 3)
    assert told["models"]["lstm"][ANSWERED] == [[1.0] * 3] * 3


def test_what_it_has_learned_is_seen_in_the_grid(told):
    assert told["models"]["lstm"][NETWORK][0][0] >= 0.66  # of three; chance is one


def test_it_is_evaluated_on_the_videos_at_three_frame_rates(ravdess, trained, capsys):
    options = ["--dataset", "ravdess", "--data", str(ravdess), "--labels", "3class", "--split", "test"]
    assert main(["evaluate", str(trained), *options, "--json", *HAAR]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["n"], found["detected"]) == (23, 23)
    assert found["accuracy"] > 0.5
    assert list(found["by_frame_rate"]) == ["30.0", "15.0", "5.0"]
