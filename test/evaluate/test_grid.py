import json

import acted
import cv2
import numpy as np
import pytest
import tiny_model

from fer_ros.errors import DatasetError, FerError
from fer_ros.evaluate.answers import MEAN, MODE, NETWORK, SINGLE, STREAMING
from fer_ros.evaluate.clips import LabelledClip
from fer_ros.evaluate.grid import ANSWERED, Run, accuracy_grid, agreement_grid
from fer_ros.evaluate.grid_report import as_dict, grid_text, write_grid


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tiny_model.build(tmp_path_factory.mktemp("models") / "tiny").folder


@pytest.fixture(scope="module")
def clips(tmp_path_factory):
    where = tmp_path_factory.mktemp("clips")
    return acted.clip(where / "face.mp4"), acted.clip(where / "wall.mp4", face=False)


@pytest.fixture(scope="module")
def label(folder, clips):
    """What the model says of the clip with a face, so that the truth is known."""
    image = cv2.VideoCapture(str(clips[0])).read()[1]
    (found,) = acted.watcher(folder).watch([(image, 0.0)])["tiny"].shown
    return found


@pytest.fixture(scope="module")
def lstm(tmp_path_factory):
    """A clip network of five faces, beside the model of single ones."""
    return tiny_model.build_clip(tmp_path_factory.mktemp("models") / "lstm").folder


def run_of(*folders, quality=None):
    shares, warnings = [], []
    return Run(acted.watcher(*folders), quality, warnings.append, shares.append), shares, warnings


def test_a_right_clip_and_one_without_a_face(folder, clips, label):
    face, wall = clips
    run, shares, warnings = run_of(folder)
    grid = accuracy_grid([LabelledClip(face, label), LabelledClip(wall, label)], run)
    assert (grid.of, grid.n, grid.images) == ("accuracy", 2, 0)
    assert list(grid.tables["tiny"]) == [MEAN, MODE, STREAMING, ANSWERED]
    for table in grid.tables["tiny"].values():
        assert table[0].tolist() == [0.5] * 3
    assert grid.shapes == {"320x180 at 30/s": 2}
    assert (shares[-1], shares) == (1.0, sorted(shares))
    assert not warnings


def test_a_condition_that_changes_nothing_agrees_with_the_clip_as_it_is(folder, clips):
    grid = agreement_grid([LabelledClip(clips[0])], run_of(folder)[0])
    assert list(grid.tables["tiny"]) == [SINGLE, STREAMING]
    assert grid.tables["tiny"][SINGLE][:2, 0].tolist() == [1.0, 1.0]  # 320x180 at 30/s is the clip
    assert grid.tables["tiny"][STREAMING][:2, 0].tolist() == [1.0, 1.0]
    assert grid.images == 12


def test_where_nothing_can_be_compared_there_is_no_share(folder, clips):
    grid = agreement_grid([LabelledClip(clips[1])], run_of(folder)[0])
    assert np.isnan(grid.tables["tiny"][SINGLE]).all()
    assert as_dict(grid, "walls", None, "c", "m")["models"]["tiny"][SINGLE][0] == [None] * 3


def test_a_broken_clip_is_left_out_and_named_and_a_wrong_answer_is_none(folder, clips, label, tmp_path):
    broken, wrong = tmp_path / "broken.mp4", "fear" if label != "fear" else "sad"
    broken.write_text("once upon a time")
    run, _, warnings = run_of(folder)
    grid = accuracy_grid([LabelledClip(broken, label), LabelledClip(clips[0], wrong)], run)
    assert (grid.n, grid.skipped) == (1, ("broken.mp4",))
    assert (grid.tables["tiny"][MEAN][0, 0], grid.tables["tiny"][ANSWERED][0, 0]) == (0, 1)
    assert "left out" in warnings[0]
    assert "cannot be read: broken.mp4" in grid_text(as_dict(grid, "clips", None, "c", "m"))


def test_only_broken_clips_are_an_error(folder, tmp_path):
    (tmp_path / "broken.mp4").write_text("once upon a time")
    with pytest.raises(DatasetError, match="none of the 1 clips"):
        accuracy_grid([LabelledClip(tmp_path / "broken.mp4", "happy")], run_of(folder)[0])


def test_a_grid_is_json_markdown_and_a_heat_map(folder, clips, label, tmp_path):
    grid = accuracy_grid([LabelledClip(clips[0], label)], run_of(folder, quality=80)[0])
    content = as_dict(grid, "made up", 80, "fer_ros grid tiny", "a computer")
    write_grid(grid, content, tmp_path, with_plots=True)
    assert json.loads((tmp_path / "grid.json").read_text()) == content
    assert content["resolutions"] == ["1280x720", "640x360", "256x144"]
    assert content["rates_hz"] == [30, 15, 5]
    text = (tmp_path / "grid.md").read_text()
    assert "| 1280x720 | 1.0000 | 1.0000 | 1.0000 |" in text
    assert "JPEG of quality 80" in text
    assert "By `fer_ros grid tiny` on a computer." in text
    assert cv2.imread(str(tmp_path / "grid-tiny.png")).min() < 100


def test_a_clip_network_is_a_classifier_beside_mean_and_mode(folder, lstm, clips, label):
    run, _, _ = run_of(folder, lstm)
    grid = accuracy_grid([LabelledClip(clips[0], label), LabelledClip(clips[1], label)], run)
    assert list(grid.tables["tiny"]) == [MEAN, MODE, STREAMING, ANSWERED]
    assert list(grid.tables["lstm"]) == [NETWORK, ANSWERED]
    assert grid.tables["lstm"][ANSWERED][0].tolist() == [0.5] * 3  # a wall is no face
    assert set(grid.tables["lstm"][NETWORK].ravel().tolist()) <= {0.0, 0.5}


def test_a_clip_network_agrees_with_itself_where_nothing_changes(lstm, clips):
    grid = agreement_grid([LabelledClip(clips[0])], run_of(lstm)[0])
    assert list(grid.tables["lstm"]) == [NETWORK]
    assert grid.tables["lstm"][NETWORK][:2, 0].tolist() == [1.0, 1.0]
    assert grid.images == 12


def test_every_classifier_stands_in_one_table_and_one_plot(folder, lstm, clips, label, tmp_path):
    grid = accuracy_grid([LabelledClip(clips[0], label)], run_of(folder, lstm)[0])
    content = as_dict(grid, "made up", None, "c", "m")
    write_grid(grid, content, tmp_path, with_plots=True)
    assert {path.name for path in tmp_path.glob("*.png")} == {"grid.png", "grid-tiny.png", "grid-lstm.png"}
    text = (tmp_path / "grid.md").read_text()
    assert "| classifier | 1280x720, 30/s | 1280x720, 15/s |" in text
    for classifier in (f"tiny: {MEAN}", f"tiny: {MODE}", f"lstm: {NETWORK}"):
        assert f"\n| {classifier} | " in text
    assert f"lstm: {ANSWERED}" not in text
    assert "mean over its windows" in text


def test_a_folder_that_cannot_be_written_is_named(folder, clips, tmp_path):
    grid = agreement_grid([LabelledClip(clips[1])], run_of(folder)[0])
    (tmp_path / "file").touch()
    with pytest.raises(FerError, match="name another folder"):
        write_grid(grid, as_dict(grid, "d", None, "c", "m"), tmp_path / "file", with_plots=False)
