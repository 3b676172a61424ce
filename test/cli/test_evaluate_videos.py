"""`fer_ros evaluate` on labelled videos, as it is typed."""

import json

import acted
import pytest
import tiny_model

from fer_ros.cli.main import main
from fer_ros.estimators.card import load_card

HAAR = ("--faces.finder", "haar", "--faces.reader", "none", "--faces.student", "false")


@pytest.fixture(scope="module")
def ravdess(tmp_path_factory):
    """RAVDESS in its layout, an actor with a clip of eight images for every emotion."""
    root = tmp_path_factory.mktemp("data") / "RAVDESS"
    for code in range(1, 9):
        acted.clip(root / "Actor_01" / f"01-01-{code:02}-01-01-01-01.mp4", 8, begin_s=code)
    return root


@pytest.fixture
def model(tmp_path):
    return tiny_model.build(tmp_path / "tiny").folder


def on_videos(model, data, *options):
    return main(["evaluate", str(model), "--dataset", "ravdess", "--data", str(data), *options])


def test_a_report_has_the_accuracy_by_frame_rate(model, ravdess, tmp_path, capsys):
    out = tmp_path / "results"
    assert on_videos(model, ravdess, "--split", "test", "--report", str(out), "--json", *HAAR) == 0
    told = json.loads(capsys.readouterr().out)
    folder = out / "tiny" / "ravdess-ferplus-test"
    report = json.loads((folder / "report.json").read_text())
    assert (told["n"], told["detected"], report["n"], report["cases"]) == (8, 8, 8, "clips")
    assert list(told["by_frame_rate"]) == ["30.0", "15.0", "5.0"]
    rates = {c["frame_rate_hz"]: c["all_images"]["accuracy"] for c in report["by_frame_rate"]}
    assert rates == pytest.approx({float(hz): a for hz, a in told["by_frame_rate"].items()}, abs=1e-4)
    assert rates[30.0] == report["all_images"]["accuracy"]
    plots = {"confusion.png", "reliability.png", "risk_coverage.png", "frame_rate.png"}
    assert {path.name for path in folder.iterdir()} == {"report.json", "report.md", *plots}
    assert "## By frame rate" in (folder / "report.md").read_text()
    assert report["command"] == (
        "fer_ros evaluate tiny --data RAVDESS --dataset ravdess --labels ferplus --split test "
        "--faces.finder haar --faces.reader none --faces.student false"
    )


def test_people_read_a_line_a_rate_and_the_card_keeps_the_figures(model, ravdess, tmp_path, capsys):
    table = tmp_path / "labels.csv"
    table.write_text("clip,label\nActor_01/01-01-03-01-01-01-01.mp4,happy\n")
    options = ["--dataset", str(table), "--data", str(ravdess), "--labels", "fer2013", "--split", "test"]
    assert main(["evaluate", str(model), *options, "--record", *HAAR]) == 0
    lines = [line for line in capsys.readouterr().out.splitlines() if "/s " in line]
    assert [line.split()[1] for line in lines] == ["30/s", "15/s", "5/s"]
    (figure,) = load_card(model).figures
    assert (figure.data, figure.n) == ("RAVDESS, labels.csv", 1)
    assert "--dataset labels.csv" in figure.command


@pytest.mark.parametrize(
    ("options", "says"),
    [
        pytest.param(["--split", "validation"], "no clip of the validation split", id="split"),
        pytest.param(["--split", "test", "--sizes"], "`fer_ros grid` shrinks videos", id="sizes"),
        pytest.param(["--estimator.labels", "fer2013"], "it is --labels that says which", id="labels twice"),
        pytest.param(["--split", "test", "--labels", "ckplus"], "has no ckplus labels", id="head"),
    ],
)
def test_what_cannot_be_evaluated_is_named(model, ravdess, capsys, options, says):
    assert on_videos(model, ravdess, *options) == 1
    assert says in capsys.readouterr().err


def test_options_of_videos_are_refused_for_crops(model, ravdess, capsys):
    assert main(["evaluate", str(model), "--data", str(ravdess), *HAAR]) == 1
    assert "--faces.finder is for videos; leave it out with --dataset ferplus" in capsys.readouterr().err


def test_photographs_whose_faces_are_not_cut_out_are_named(model, tmp_path, capsys):
    for person in ("KA", "KL"):
        for code in ("AN", "DI", "FE", "HA", "NE", "SA", "SU"):
            (tmp_path / f"{person}.{code}1.1.tiff").touch()
    assert (
        main(["evaluate", str(model), "--dataset", "jaffe", "--data", str(tmp_path), "--split", "test"]) == 1
    )
    assert "jaffe holds no videos" in capsys.readouterr().err
