"""`fer_ros video` with files: the labelled copy, the table, captions and the plot."""

import csv
import json
import os
import signal
import subprocess
import sys
from time import monotonic

import cv2
import numpy as np
import pytest
from labelled.clips import index_of, packets_of, pictures_of, times_of, uneven_ticks, write_clip

COMMAND = "import sys; from fer_ros.cli.main import main; sys.exit(main())"
PATIENCE_S = 30.0


def lines_of(done):
    records = [json.loads(line) for line in done.out.splitlines()]
    for record in records:
        record.pop("latency_ms", None)
    return records


def names_in(folder):
    return sorted(path.name for path in folder.iterdir())


def test_estimates_are_the_same_with_and_without_files(fer_ros, clip, tmp_path):
    plain = fer_ros("video", clip, "--json")
    files = ("--out", tmp_path / "o.mp4", "--csv", tmp_path / "o.csv", "--srt", tmp_path / "o.srt")
    labelled = fer_ros("video", clip, "--json", *files)
    assert len(lines_of(plain)) == 30
    assert lines_of(labelled) == lines_of(plain)


def test_the_labelled_video_keeps_pictures_times_and_sound(fer_ros, faces, tmp_path):
    clip = write_clip(tmp_path / "clip.mp4", faces, uneven_ticks(30))
    done = fer_ros("video", clip, "--out", tmp_path / "out.mp4")
    assert (done.status, done.err) == (0, "")
    assert times_of(tmp_path / "out.mp4") == times_of(clip)
    assert packets_of(tmp_path / "out.mp4") == packets_of(clip)
    assert "out.mp4: 30 images, " in done.out
    assert len(done.out.splitlines()) == 1


def test_a_box_and_a_label_are_drawn_where_the_face_is(fer_ros, clip, tmp_path):
    done = fer_ros("video", clip, "--out", tmp_path / "out.mp4", "--csv", tmp_path / "o.csv")
    assert done.status == 0
    (row,) = [row for row in csv.DictReader((tmp_path / "o.csv").open()) if row["t"] == "0.9"]
    x0, y0, x1, y1 = (round(float(row[side])) for side in ("x0", "y0", "x1", "y1"))
    before, after = (pictures_of(path)[27].astype(int) for path in (clip, tmp_path / "out.mp4"))
    changed = np.abs(before - after).max(axis=2) > 40
    assert changed[y0 - 4 : y1 + 4, x0 - 4 : x0 + 4].mean() > 0.2
    assert changed[y0 + 8 : y1 - 8, x0 + 8 : x1 - 8].mean() < 0.1  # the face itself stays free
    assert 0.01 < changed.mean() < 0.4


def test_a_phone_clip_is_labelled_upright(fer_ros, faces, tmp_path):
    lying = [cv2.rotate(image, cv2.ROTATE_90_COUNTERCLOCKWISE) for image in faces[:6]]
    for turned in (90, -90):
        clip = write_clip(tmp_path / "clip.mp4", lying, turned=turned)
        done = fer_ros("video", clip, "--out", tmp_path / "out.mp4", "--json", "--force")
        assert pictures_of(tmp_path / "out.mp4")[0].shape == (180, 320, 3)
        if all(line["face_id"] for line in lines_of(done)):
            break
    else:
        pytest.fail("the face stands upright in neither")


def test_a_table_has_what_json_says(fer_ros, clip, tmp_path):
    done = fer_ros("video", clip, "--json", "--csv", tmp_path / "out.csv")
    rows = list(csv.DictReader((tmp_path / "out.csv").open()))
    for row, line in zip(rows, lines_of(done), strict=True):
        assert (float(row["t"]), row["face_id"]) == (line["t"], line["face_id"] or "")
        if line["face_id"]:
            assert [float(row[side]) for side in ("x0", "y0", "x1", "y1")] == line["box"]
            assert {label: float(row[label]) for label in line["probabilities"]} == line["probabilities"]


def test_captions_are_in_the_chosen_language(fer_ros, clip, tmp_path):
    for language in ("en", "ja"):
        out = tmp_path / f"{language}.srt"
        done = fer_ros("video", clip, "--srt", out, "--overlay.language", language)
        assert done.status == 0
    english, japanese = ((tmp_path / f"{name}.srt").read_text("utf-8") for name in ("en", "ja"))
    assert english.startswith("1\n00:00:0")
    assert english.isascii()
    assert not japanese.isascii()
    assert [line for line in english.splitlines() if "-->" in line] == [
        line for line in japanese.splitlines() if "-->" in line
    ]


def test_a_plot_is_a_picture(fer_ros, clip, tmp_path):
    assert fer_ros("video", clip, "--plot", tmp_path / "out.png").status == 0
    height, width = cv2.imread(str(tmp_path / "out.png")).shape[:2]
    assert (width, height > 300) == (1300, True)


def test_settings_of_the_overlay_change_the_pictures_and_nothing_else(fer_ros, clip, tmp_path):
    done = [
        fer_ros("video", clip, "--json", "--out", tmp_path / f"{scale}.mp4", "--overlay.text_scale", scale)
        for scale in (1, 2)
    ]
    assert lines_of(done[0]) == lines_of(done[1])
    small, large = (pictures_of(tmp_path / f"{scale}.mp4")[20].astype(int) for scale in (1, 2))
    assert np.abs(small - large).mean() > 1


def test_a_video_without_a_face_is_a_fine_result(fer_ros, tmp_path):
    clip = write_clip(tmp_path / "wall.mp4")
    outputs = [tmp_path / name for name in ("o.mp4", "o.csv", "o.srt", "o.png")]
    options = ("--out", "--csv", "--srt", "--plot")
    done = fer_ros("video", clip, *(word for pair in zip(options, outputs, strict=True) for word in pair))
    assert done.status == 0
    assert "15 images, no face in any of them" in done.out
    assert all(path.is_file() for path in outputs)
    assert [index_of(image) for image in pictures_of(tmp_path / "o.mp4")] == list(range(15))
    assert (tmp_path / "o.srt").read_text() == ""


def test_of_a_truncated_video_the_rest_is_labelled_and_that_is_said(fer_ros, faces, tmp_path):
    random = np.random.default_rng(0)
    noisy = [cv2.add(image, random.integers(0, 30, image.shape, np.uint8)) for image in faces]
    clip = write_clip(tmp_path / "clip.mkv", noisy)  # a container that needs no index
    clip.write_bytes(clip.read_bytes()[: clip.stat().st_size // 2])
    done = fer_ros("video", clip, "--out", tmp_path / "out.mp4", "--json")
    assert done.status == 0
    assert 5 < len(lines_of(done)) < 30
    assert len(times_of(tmp_path / "out.mp4")) == len(lines_of(done))
    assert len(packets_of(tmp_path / "out.mp4")) > 5


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        pytest.param(("--out", "{d}/out.avi"), ".mp4 or .m4v or .mov or .mkv", id="another kind"),
        pytest.param(("--out", "{d}/nowhere/out.mp4"), "does not exist; make it first", id="no folder"),
        pytest.param(("--out", "{d}/there.mp4"), "or replace it with --force", id="there already"),
        pytest.param(("--out", "{d}/clip.mp4"), "is what is read", id="the input"),
        pytest.param(("--out", "{d}/clip.mp4", "--force"), "is what is read", id="the input, by force"),
        pytest.param(("--csv", "{d}/out.txt"), "ends in .csv", id="csv"),
        pytest.param(("--srt", "{d}/out.mp4"), "ends in .srt", id="srt"),
        pytest.param(("--plot", "{d}/out.jpg"), "ends in .png", id="plot"),
        pytest.param(("--overlay.language", "xx", "--out", "{d}/out.mp4"), "overlay.language", id="language"),
    ],
)
def test_what_cannot_be_written_is_said_before_any_work(fer_ros, clip, tmp_path, arguments, words):
    (tmp_path / "clip.mp4").write_bytes(clip.read_bytes())
    (tmp_path / "there.mp4").write_text("old")
    done = fer_ros("video", tmp_path / "clip.mp4", *(text.format(d=tmp_path) for text in arguments))
    assert done.status == 1
    (line,) = done.err.splitlines()
    assert words in line
    assert names_in(tmp_path) == ["clip.mp4", "there.mp4"]
    assert (tmp_path / "there.mp4").read_text() == "old"
    assert done.out == ""


@pytest.mark.parametrize(
    ("name", "words"),
    [
        pytest.param("missing.mp4", "is not a file", id="missing"),
        pytest.param("folder", "is not a file", id="a folder"),
        pytest.param("empty.mp4", "is empty", id="empty"),
        pytest.param("text.mp4", "is not a video", id="text"),
    ],
)
def test_what_is_no_video_leaves_no_output(fer_ros, tmp_path, name, words):
    (tmp_path / "folder").mkdir()
    (tmp_path / "empty.mp4").touch()
    (tmp_path / "text.mp4").write_text("once upon a time " * 99)
    before = names_in(tmp_path)
    done = fer_ros("video", tmp_path / name, "--out", tmp_path / "out.mp4", "--csv", tmp_path / "out.csv")
    assert done.status == 1
    assert name in done.err
    assert words in done.err
    assert names_in(tmp_path) == before


@pytest.mark.parametrize(
    ("option", "name", "status"), [("--out", "out.mp4", 1), ("--srt", "out.srt", 1), ("--csv", "out.csv", 0)]
)
def test_only_what_needs_pyav_asks_for_it(clip, tmp_path, option, name, status):
    out = tmp_path / name
    without = "import sys; sys.modules['av'] = None; " + COMMAND
    done = subprocess.run(
        [sys.executable, "-c", without, "video", clip, option, out, "--faces.finder", "haar"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "FER_ROS_MODEL_PATH": "", "XDG_CACHE_HOME": "/nonexistent"},
    )
    assert done.returncode == status
    assert ("pip install 'av<19'" in done.stderr) == bool(status)
    assert out.exists() == (not status)


def test_force_replaces_what_was_there(fer_ros, clip, tmp_path):
    (tmp_path / "out.mp4").write_text("old")
    assert fer_ros("video", clip, "--out", tmp_path / "out.mp4", "--force").status == 0
    assert len(times_of(tmp_path / "out.mp4")) == 30
    assert names_in(tmp_path) == ["out.mp4"]


def test_an_interrupt_leaves_nothing_behind(tmp_path, faces):
    clip = write_clip(tmp_path / "clip.mp4", faces * 15)
    arguments = ("video", clip, "--out", tmp_path / "out.mp4", "--csv", tmp_path / "out.csv")
    program = subprocess.Popen(
        [sys.executable, "-c", COMMAND, *map(str, arguments), "--faces.finder", "haar"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "FER_ROS_MODEL_PATH": "", "XDG_CACHE_HOME": "/nonexistent"},
    )
    until = monotonic() + PATIENCE_S
    while not any(path.stat().st_size for path in tmp_path.glob(".out.mp4.*")) and program.poll() is None:
        assert monotonic() < until
    program.send_signal(signal.SIGINT)
    _, err = program.communicate(timeout=PATIENCE_S)
    assert program.returncode == 130
    assert b"Traceback" not in err
    assert names_in(tmp_path) == ["clip.mp4"]
