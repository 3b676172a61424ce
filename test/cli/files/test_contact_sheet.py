"""`fer_ros image` with files: a table and a contact sheet."""

import csv

import cv2
import numpy as np
import pytest

from fer_ros.labelled.sheet import LARGE, SMALL


def test_a_sheet_shows_every_picture_with_its_label(fer_ros, pictures, tmp_path):
    sheet, table = tmp_path / "sheet.png", tmp_path / "out.csv"
    done = fer_ros("image", *pictures, "--sheet", sheet, "--csv", table)
    assert done.status == 0
    assert len(done.out.splitlines()) == 3
    page = cv2.imread(str(sheet))
    assert page.shape[1] == 2 * LARGE[0] + 3 * 12
    first = cv2.resize(cv2.imread(str(pictures[0])), (480, 270), interpolation=cv2.INTER_CUBIC)
    changed = np.abs(page[12 + 45 : 12 + 315, 12:492].astype(int) - first).max(axis=2) > 30
    assert 0.005 < changed.mean() < 0.3
    row = next(csv.DictReader(table.open()))
    x0, y0, x1, y1 = (round(1.5 * float(row[side])) for side in ("x0", "y0", "x1", "y1"))  # 480 over 320
    assert changed[y0 - 4 : y1 + 4, x0 - 4 : x0 + 4].mean() > 0.2
    assert changed[y1 - 4 : y1 + 4, x0 - 4 : x1 + 4].mean() > 0.2


def test_many_pictures_take_several_pages(fer_ros, pictures, tmp_path):
    done = fer_ros("image", *(pictures * 11), "--sheet", tmp_path / "sheet.jpg", "--json")
    assert done.status == 0
    pages = [cv2.imread(str(tmp_path / name)) for name in ("sheet.jpg", "sheet-2.jpg")]
    assert [page.shape[1] // SMALL[0] for page in pages] == [5, 5]
    assert not (tmp_path / "sheet-3.jpg").exists()


def test_a_table_has_a_line_for_every_face(fer_ros, pictures, tmp_path):
    assert fer_ros("image", *pictures, "--csv", tmp_path / "out.csv").status == 0
    rows = list(csv.DictReader((tmp_path / "out.csv").open()))
    assert [row["image"] for row in rows] == [str(path) for path in pictures]
    assert all(row["face_id"] and row["label"] for row in rows)


def test_a_picture_that_cannot_be_read_has_its_place_and_its_line(fer_ros, pictures, tmp_path):
    bad = tmp_path / "bad.jpg"
    bad.write_text("once upon a time")
    done = fer_ros("image", bad, pictures[0], "--sheet", tmp_path / "sheet.png")
    assert done.status == 0
    assert "bad.jpg" in done.err
    assert cv2.imread(str(tmp_path / "sheet.png")).shape[1] > 2 * LARGE[0]


def test_a_folder_is_no_picture(fer_ros, tmp_path):
    done = fer_ros("image", tmp_path)
    assert done.status == 1
    assert str(tmp_path) in done.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        pytest.param(("--sheet", "{d}/sheet.gif"), "ends in .png or .jpg or .jpeg", id="another kind"),
        pytest.param(("--sheet", "{d}/nowhere/sheet.png"), "does not exist; make it first", id="no folder"),
        pytest.param(("--sheet", "{d}/0.png"), "is what is read", id="an input"),
        pytest.param(("--sheet", "{d}/there.png"), "replace it with --force", id="there already"),
        pytest.param(("--csv", "{d}/out.txt"), "ends in .csv", id="csv"),
    ],
)
def test_what_cannot_be_written_is_said_before_any_work(fer_ros, pictures, tmp_path, arguments, words):
    (tmp_path / "there.png").write_text("old")
    before = sorted(tmp_path.iterdir())
    done = fer_ros("image", *pictures, *(text.format(d=tmp_path) for text in arguments))
    assert (done.status, done.out) == (1, "")
    (line,) = done.err.splitlines()
    assert words in line
    assert sorted(tmp_path.iterdir()) == before


def test_a_second_page_that_is_there_already_is_not_lost(fer_ros, pictures, tmp_path):
    (tmp_path / "sheet-2.png").write_text("old")
    done = fer_ros("image", *(pictures * 11), "--sheet", tmp_path / "sheet.png")
    assert done.status == 1
    assert "sheet-2.png exists" in done.err


def test_people_at_a_terminal_get_a_table(fer_ros, pictures, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")  # rich's word for: this is a terminal
    monkeypatch.setenv("COLUMNS", "200")
    done = fer_ros("image", *pictures)
    assert "apparent expression" in done.out
    assert "0.png" in done.out
    assert "│" in done.out
