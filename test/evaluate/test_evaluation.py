import json
import os
from pathlib import Path

import ferplus_tree
import numpy as np
import pytest
import tiny_model

from fer_ros.datasets import ferplus
from fer_ros.errors import DatasetError, ModelError
from fer_ros.estimators.card import load_card
from fer_ros.estimators.model import load_model
from fer_ros.evaluate.run import SPACES, evaluate, measure, record

ROBOT = Path(__file__).parents[2] / "models" / "robot"


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return ferplus_tree.build(tmp_path_factory.mktemp("data"))


@pytest.fixture
def folder(tmp_path):
    return tiny_model.build(tmp_path / "tiny").folder


@pytest.mark.parametrize("labels", SPACES)
def test_every_label_space_gives_every_figure(folder, data, labels):
    found = json.loads(json.dumps(evaluate(folder, data, labels, "test").as_dict()))
    assert list(found)[:6] == ["model", "n", "detected", "accuracy", "macro_f1", "ece"]
    assert (found["model"], found["n"], found["detected"]) == ("tiny", 14, 14)
    assert all(0 <= found[key] <= 1 for key in ("accuracy", "macro_f1", "ece", "coverage"))


def test_accuracy_is_that_of_the_most_likely_label(folder, data):
    faces = ferplus.load(data, "test")
    right = load_model(folder).logits(faces.images, "fer2013").argmax(axis=1) == faces.fer2013
    assert evaluate(folder, data, "fer2013", "test").accuracy == pytest.approx(right.mean())


def test_three_classes_are_the_seven_merged(folder, data):
    seven, three = (evaluate(folder, data, labels, "test") for labels in ("fer2013", "3class"))
    assert set(three.recall) == {"happy", "unknown", "sad"}
    assert three.coverage >= seven.coverage  # a set that holds the label holds its class
    assert three.mean_set_size <= seven.mean_set_size


def test_images_without_a_majority_are_left_out(folder, tmp_path):
    root = ferplus_tree.build(tmp_path)
    votes = root / "fer2013new.csv"
    votes.write_text(votes.read_text().replace(",8,", ",2,"))
    with pytest.raises(DatasetError, match="no image of the test split has a ferplus label"):
        evaluate(folder, root, "ferplus", "test")


def test_progress_ends_at_the_number_of_images(folder, data):
    seen = []
    evaluate(folder, data, "ferplus", "validation", lambda done, total: seen.append((done, total)))
    assert seen[-1] == (14, 14)


def test_a_perfect_sure_model_scores_one():
    truth = np.array([0, 1, 2])
    result = measure("m", "3class", "test", truth, np.eye(3, dtype=np.float32), np.eye(3, dtype=bool))
    assert (result.accuracy, result.macro_f1, result.coverage, result.mean_set_size) == (1, 1, 1, 1)
    assert result.ece == pytest.approx(0)


def test_a_recorded_figure_replaces_the_older_one(folder, data):
    for _ in range(2):
        record(folder, evaluate(folder, data, "fer2013", "test"))
    record(folder, evaluate(folder, data, "ferplus", "test"))
    figures = load_card(folder).figures
    assert [figure.labels for figure in figures] == ["fer2013", "ferplus"]
    assert figures[0].command.startswith("fer_ros evaluate tiny --data FERPlus.zip --labels fer2013")


def test_labels_that_cannot_be_evaluated_are_named(folder, data):
    with pytest.raises(ModelError, match="'ravdess' cannot be evaluated; choose one of fer2013"):
        evaluate(folder, data, "ravdess", "test")


def test_the_robot_model_reaches_its_cards_accuracy_on_the_real_data():
    where = os.environ.get("FER_ROS_DATA_PATH")
    if not where or not (Path(where) / "FERPlus.zip").is_file():
        pytest.skip("FER_ROS_DATA_PATH names no folder with FERPlus.zip")
    model = load_model(ROBOT)
    faces = ferplus.load(Path(where), "validation")
    right = model.predict(faces.images[:500], "fer2013").argmax(axis=1) == faces.fer2013[:500]
    stated = next(f for f in model.card.figures if (f.split, f.labels) == ("validation", "fer2013"))
    assert right.mean() == pytest.approx(stated.accuracy, abs=0.06)  # three deviations of 500 draws
