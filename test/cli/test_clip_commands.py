"""`fer_ros grid` and `fer_ros flicker` as they are typed, on clips made here."""

import json

import acted
import ferplus_tree
import pytest
import tiny_model

from fer_ros.cli.main import main

HAAR = ("--faces.finder", "haar", "--faces.reader", "none", "--faces.student", "false")


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return tiny_model.build(tmp_path_factory.mktemp("models") / "tiny").folder


@pytest.fixture(scope="module")
def lstm(tmp_path_factory):
    """A clip network that knows RAVDESS's eight labels."""
    return tiny_model.build_clip(tmp_path_factory.mktemp("models") / "lstm").folder


@pytest.fixture(scope="module")
def clips(tmp_path_factory):
    folder = tmp_path_factory.mktemp("clips")
    acted.clip(folder / "face.mp4", 8)
    (folder / "labels.csv").write_text("clip,label\nface.mp4,happy\n")
    return folder


def told(capsys):
    """What was printed as JSON."""
    return json.loads(capsys.readouterr().out)


def test_a_grid_of_labelled_clips(model, clips, tmp_path, capsys):
    labels = clips / "labels.csv"
    assert main(["grid", str(model), "--data", str(clips), "--labels", str(labels), "--json", *HAAR]) == 0
    found = told(capsys)
    assert (found["of"], found["n"], list(found["models"])) == ("accuracy", 1, ["tiny"])
    assert all(len(shares) == 3 for shares in found["models"]["tiny"].values())
    assert found["command"].startswith(
        f"fer_ros grid {model} --data {clips} --labels {labels} --faces.finder haar"
    )


def test_clip_networks_alone_are_asked_in_their_own_labels(lstm, clips, tmp_path, capsys):
    labels = tmp_path / "labels.csv"
    labels.write_text("clip,label\nface.mp4,calm\n")
    assert main(["grid", str(lstm), "--data", str(clips), "--labels", str(labels), "--json", *HAAR]) == 0
    assert list(told(capsys)["models"]["lstm"]) == ["clip network", "clips with an answer"]
    labels.write_text("clip,label\nface.mp4,contempt\n")
    assert main(["grid", str(lstm), "--data", str(clips), "--labels", str(labels), *HAAR]) == 1
    assert "'contempt' is not in ravdess" in capsys.readouterr().err


def test_beside_models_of_single_faces_a_clip_network_answers_in_theirs(model, lstm, clips, capsys):
    assert main(["grid", str(model), str(lstm), "--data", str(clips), "--agreement", "--json", *HAAR]) == 0
    found = told(capsys)["models"]
    assert {name: list(methods) for name, methods in found.items()} == {
        "tiny": ["frame by frame", "streaming estimate"],
        "lstm": ["clip network"],
    }


def test_flicker_refuses_a_clip_network(lstm, clips, capsys):
    assert main(["flicker", str(lstm), str(clips / "face.mp4"), *HAAR]) == 1
    assert "lstm@1 reads clips, not single faces; `fer_ros grid`" in capsys.readouterr().err


def test_a_grid_of_agreement_is_written(model, clips, tmp_path, capsys):
    out = tmp_path / "out"
    assert main(["grid", str(model), "--data", str(clips), "--agreement", "--out", str(out), *HAAR]) == 0
    assert capsys.readouterr().out == (out / "grid.md").read_text()
    assert {path.name for path in out.iterdir()} == {"grid.json", "grid.md", "grid-tiny.png"}


def test_flicker_with_labels_by_hand(model, clips, tmp_path, capsys):
    hand, out = tmp_path / "hand.csv", tmp_path / "out"
    hand.write_text("t,label\n0,neutral\n0.1,happy\n")
    arguments = ["flicker", str(model), str(clips / "face.mp4"), "--changes", str(hand), "--out", str(out)]
    assert main([*arguments, "--json", *HAAR]) == 0
    found = told(capsys)
    assert found == json.loads((out / "flicker.json").read_text())
    assert found["all"]["images"] == 8
    assert found["all"]["streaming"]["known_changes"] == 1
    assert found["all"]["streaming"]["labelled_images"] == 8
    assert {path.name for path in out.iterdir()} == {"flicker.json", "1-face.png"}


def test_flicker_for_people(model, clips, capsys):
    assert main(["flicker", str(model), str(clips / "face.mp4"), *HAAR]) == 0
    first, *lines = capsys.readouterr().out.splitlines()
    assert first.endswith("face.mp4: 8 images, 8 with a label")
    assert [line.split("  ")[1] for line in lines] == [
        "streaming",
        "frame by frame 0.00 label changes a minute",
        "ratio",
    ]


def test_flicker_on_stills(model, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("fer_ros.cli.flicker.PAIRS", 3)
    stills, out = str(ferplus_tree.build(tmp_path)), tmp_path / "out"
    assert main(["flicker", str(model), "--stills", stills, "--rate", "5", "--out", str(out), "--json"]) == 0
    found = told(capsys)
    assert found == json.loads((out / "flicker.json").read_text())
    assert list(found["clips"]) == ["3 pairs of faces, 5 images a second"]
    assert found["all"]["images"] == found["all"]["streaming"]["labelled_images"] == 3 * 2 * 10
    assert found["all"]["frame_by_frame"]["known_changes"] == 3


def test_stills_change_at_known_times(model, tmp_path, capsys):
    stills = str(ferplus_tree.build(tmp_path))
    assert main(["flicker", str(model), "--stills", stills, "--changes", "hand.csv"]) == 1
    assert "--changes hand.csv: --stills change at known times" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        pytest.param(["--labels", "nowhere.csv"], "nowhere.csv is neither a CSV file", id="no such table"),
        pytest.param(
            ["--agreement", "--estimator.model", "cloud"], "name the model without", id="model option"
        ),
        pytest.param(["--agreement", "--faces.scan_every", "0"], "1 to 300", id="out of bounds"),
    ],
)
def test_what_cannot_be_done_is_one_line(model, clips, capsys, arguments, words):
    assert main(["grid", str(model), "--data", str(clips), *arguments]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert words in line


def test_two_models_of_one_name_are_refused(model, clips, capsys):
    assert main(["grid", str(model), str(model), "--data", str(clips), "--agreement", *HAAR]) == 1
    assert "have the same name" in capsys.readouterr().err


def test_a_clip_that_is_not_there_is_one_line(model, capsys):
    assert main(["flicker", str(model), "nowhere.mp4", *HAAR]) == 1
    assert "nowhere.mp4 is not a file" in capsys.readouterr().err.splitlines()[-1]


@pytest.mark.parametrize(
    "arguments",
    [
        ["grid", "robot", "--data", "."],
        ["grid", "robot", "--data", ".", "--agreement", "--labels", "ravdess"],
        ["grid", "robot", "--data", ".", "--agreement", "--quality", "0"],
        ["flicker", "robot"],
        ["flicker", "robot", "clip.mp4", "--stills", "FERPlus.zip"],
        ["flicker", "robot", "--stills", "FERPlus.zip", "--rate", "0"],
    ],
)
def test_what_is_not_understood_is_status_2(arguments, capsys):
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2


@pytest.mark.parametrize("command", ["grid", "flicker", "results"])
def test_commands_explain_themselves_with_examples(command, capsys):
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    assert "examples:" in capsys.readouterr().out
