"""`fer_ros evaluate` and `calibrate`, as they are typed."""

import csv
import json

import ferplus_tree
import pytest
import tiny_model

from fer_ros.cli.main import main
from fer_ros.estimators.card import load_card


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return ferplus_tree.build(tmp_path_factory.mktemp("data"), count=40)


@pytest.fixture
def model(tmp_path):
    return tiny_model.build(tmp_path / "tiny").folder


def test_figures_for_programs_at_every_face_size(model, data, capsys):
    assert (
        main(["evaluate", str(model), "--data", str(data), "--labels", "fer2013", "--sizes", "--json"]) == 0
    )
    found = json.loads(capsys.readouterr().out)
    assert (found["model"], found["n"], found["detected"]) == ("tiny", 40, 40)
    assert list(found["by_face_size"]) == ["48.0", "32.0", "24.0", "16.0", "12.0"]
    assert found["by_face_size"]["48.0"] == pytest.approx(found["accuracy"], abs=1e-4)


def test_a_report_has_figures_text_and_plots(model, data, tmp_path, capsys):
    options = ["--data", str(data), "--split", "test", "--sizes", "--report", str(tmp_path / "results")]
    assert main(["evaluate", str(model), *options]) == 0
    folder = tmp_path / "results" / "tiny" / "ferplus-ferplus-test"
    assert {"report.json", "report.md", "confusion.png", "face_size.png"} <= {
        f.name for f in folder.iterdir()
    }
    report = json.loads((folder / "report.json").read_text())
    assert report["command"] == ("fer_ros evaluate tiny --data FERPlus --labels ferplus --split test --sizes")
    assert "surest 80 %" in capsys.readouterr().out


def test_figures_are_recorded_in_the_card(model, data):
    assert main(["evaluate", str(model), "--data", str(data), "--split", "test", "--record"]) == 0
    (figure,) = load_card(model).figures
    assert (figure.labels, figure.split, figure.n) == ("ferplus", "test", 40)
    assert figure.command == "fer_ros evaluate tiny --data FERPlus --labels ferplus --split test"


def test_rows_of_blendshapes_are_evaluated_without_faces(tmp_path, capsys):
    folder = tiny_model.build_blendshapes(tmp_path / "shapes").folder
    with (tmp_path / "blends_test_full_set.csv").open("w", newline="") as file:
        csv.writer(file).writerows([[0.5] * 52 + [label] for label in (0, 1, 2, 0)])
    options = ["--dataset", "blendfer", "--data", str(tmp_path), "--labels", "3class", "--split", "test"]
    assert main(["evaluate", str(folder), *options, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["n"] == 3


def test_calibrate_writes_a_band_for_every_face_size(model, data, capsys):
    assert main(["calibrate", str(model), "--data", str(data)]) == 0
    heads = load_card(model).heads
    assert [len(head.bands) for head in heads.values()] == [5, 5]
    assert "from 39.2 px" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "says"),
    [
        pytest.param(["--dataset", "dreams"], "dataset 'dreams' is unknown", id="dataset"),
        pytest.param(["--labels", "ravdess"], "'ravdess' cannot be evaluated", id="labels"),
        pytest.param(["--dataset", "recipe"], "keeps no recipe", id="recipe"),
    ],
)
def test_what_cannot_be_evaluated_is_named(model, data, capsys, options, says):
    assert main(["evaluate", str(model), "--data", str(data), *options]) == 1
    assert says in capsys.readouterr().err
