import builtins
import json

import cv2
import numpy as np
import pytest

from fer_ros.emotions import THREE
from fer_ros.errors import DatasetError, FerError
from fer_ros.evaluate.figures import Outcome
from fer_ros.evaluate.report import Evaluation, write_report

PLOTS = ["confusion.png", "face_size.png", "frame_rate.png", "reliability.png", "risk_coverage.png"]


def outcome(n=200, detected=0.9, seed=0):
    random = np.random.default_rng(seed)
    truth = random.integers(0, 3, n)
    logits = random.normal(0, 1, (n, 3))
    logits[np.arange(n), truth] += 1.5
    weights = np.exp(logits)
    probabilities = (weights / weights.sum(axis=1, keepdims=True)).astype(np.float32)
    return Outcome(truth, probabilities, probabilities > 0.2, random.random(n) < detected)


def evaluation(**changes):
    values = {
        "model": "tiny",
        "data": "made up",
        "split": "test",
        "labels": "3class",
        "label_names": THREE,
        "outcome": outcome(),
        "command": "fer_ros evaluate tiny",
        "machine": "a computer",
        "by_face_size": {px: outcome(seed=px) for px in (48, 12, 24)},
        "by_frame_rate": {hz: outcome(seed=int(hz), detected=2) for hz in (5.0, 30.0)},
    }
    return Evaluation(**values | changes)


def test_a_report_is_json_markdown_and_plots(tmp_path):
    folder = tmp_path / "tiny" / "3class-test"
    content = write_report(evaluation(), folder)
    assert json.loads((folder / "report.json").read_text()) == content
    assert sorted(p.name for p in folder.iterdir()) == sorted([*PLOTS, "report.json", "report.md"])
    assert content["plots"] == PLOTS
    assert all(cv2.imread(str(folder / name)).min() < 100 for name in PLOTS)


def test_all_images_and_detected_only_are_both_stated(tmp_path):
    content = write_report(evaluation(), tmp_path, with_plots=False)
    some = outcome()
    assert content["n"] == content["all_images"]["n"] == 200
    assert content["detected"] == content["detected_only"]["n"] == some.detected.sum()
    assert content["all_images"]["accuracy"] == pytest.approx(some.right.mean(), abs=1e-4)
    assert content["detected_only"]["accuracy"] == pytest.approx(some.right[some.detected].mean(), abs=1e-4)
    text = (tmp_path / "report.md").read_text()
    assert f"n = 200 images, a face was found in {some.detected.sum()}" in text
    assert (
        f"| accuracy | {content['all_images']['accuracy']:.4f} | {content['detected_only']['accuracy']:.4f} |"
        in text
    )


def test_the_text_holds_every_class_size_rate_plot_and_the_command(tmp_path):
    write_report(evaluation(), tmp_path)
    text = (tmp_path / "report.md").read_text()
    for begin in (*THREE, "48 | all | 200", "48 | detected", "12 | all", "30 | all | 200"):
        assert f"\n| {begin} |" in text
    assert all(f"]({name})" in text for name in PLOTS)
    assert "By `fer_ros evaluate tiny` on a computer." in text


def test_a_report_of_clips_counts_clips_and_says_what_their_answers_are(tmp_path):
    rates = {hz: outcome(seed=int(hz)) for hz in (30.0, 15.0)}
    content = write_report(evaluation(cases="clips", by_frame_rate=rates), tmp_path, with_plots=False)
    text = (tmp_path / "report.md").read_text()
    assert content["cases"] == "clips"
    assert "n = 200 clips, a face was found in" in text
    assert "mean of the estimates of its images" in text
    assert "at 30 images a second" in text
    assert "| frames/s | clips | n |" in text
    assert "all images" not in text


def test_the_keys_are_stable(tmp_path):
    content = write_report(evaluation(by_face_size={}, by_frame_rate={}), tmp_path, with_plots=False)
    assert list(content) == [
        *(
            "model",
            "baseline",
            "data",
            "split",
            "labels",
            "label_names",
            "cases",
            "n",
            "detected",
            "command",
            "machine",
        ),
        *("all_images", "detected_only", "per_class", "by_face_size", "by_frame_rate"),
        *("confusion", "reliability", "risk_coverage", "plots"),
    ]
    assert (content["by_face_size"], content["plots"]) == ([], [])
    assert not list(tmp_path.glob("*.png"))


def test_where_no_face_was_found_there_is_null_and_no_reliability(tmp_path):
    content = write_report(evaluation(outcome=outcome(detected=-1)), tmp_path)
    assert content["detected_only"] is None
    assert content["all_images"]["ece"] is None
    assert "reliability.png" not in content["plots"]
    assert "| accuracy | 0.0000 | - |" in (tmp_path / "report.md").read_text()


def test_the_same_evaluation_gives_the_same_bytes(tmp_path):
    for name in ("first", "second"):
        write_report(evaluation(), tmp_path / name)
    for path in (tmp_path / "first").iterdir():
        assert path.read_bytes() == (tmp_path / "second" / path.name).read_bytes()


def test_labels_and_columns_fit():
    with pytest.raises(DatasetError, match="3class has 2 labels, the answers have 3"):
        evaluation(label_names=("happy", "sad"))


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(FerError, match=r"file.*cannot be written .*name another folder"):
        write_report(evaluation(), tmp_path / "file", with_plots=False)


def test_without_matplotlib_the_remedy_is_said_and_nothing_is_written(tmp_path, monkeypatch):
    real = builtins.__import__

    def absent(name, *rest, **named):
        if name.startswith("matplotlib"):
            raise ImportError(f"No module named {name!r}")
        return real(name, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", absent)
    with pytest.raises(FerError, match=r"plots need matplotlib .*requirements/evaluate\.txt"):
        write_report(evaluation(), tmp_path / "out")
    assert not (tmp_path / "out").exists()
    write_report(evaluation(), tmp_path / "out", with_plots=False)
