"""The contact sheet: where pictures and names stand, and how many pages there are."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from fer_ros.labelled.sheet import LARGE, MARGIN, PAPER, SMALL, Layout, Sheet, encoded, thumbnail

RED = (0, 0, 200)


def pages_of(count, picture=None):
    layout = Layout(count)
    if picture is None:
        picture = np.full((layout.place[1], layout.place[0], 3), RED, np.uint8)
    sheet = Sheet(layout)
    return layout, [page for k in range(count) for page in sheet.add(picture, f"{k}.jpg")]


@pytest.mark.parametrize(
    ("count", "columns", "pages", "place"),
    [
        pytest.param(1, 1, 1, LARGE, id="one"),
        pytest.param(2, 2, 1, LARGE, id="two"),
        pytest.param(12, 4, 1, LARGE, id="a few"),
        pytest.param(13, 4, 1, SMALL, id="more"),
        pytest.param(30, 5, 1, SMALL, id="a full page"),
        pytest.param(31, 5, 2, SMALL, id="one too many"),
        pytest.param(400, 5, 14, SMALL, id="hundreds"),
    ],
)
def test_pictures_are_laid_out_on_pages_that_a_screen_shows(count, columns, pages, place):
    layout, made = pages_of(count)
    assert (layout.columns, layout.pages, layout.place) == (columns, pages, place)
    assert len(made) == pages
    assert max(side for page in made for side in page.shape) < 2200


def test_the_last_page_is_no_longer_than_it_needs():
    _, (first, last) = pages_of(32)
    assert last.shape[0] < first.shape[0] / 4
    assert last.shape[1] == first.shape[1]


def test_every_picture_is_on_it_once():
    _, (page,) = pages_of(6)
    red = (page == RED).all(axis=2)
    assert red.sum() == 6 * LARGE[0] * LARGE[1]
    assert red[MARGIN, MARGIN]
    assert not red[:MARGIN].any()


def test_its_name_stands_below_a_picture():
    _, (page,) = pages_of(1)
    below = page[MARGIN + LARGE[1] :]
    assert (below.min(axis=(1, 2)) < 100).any()
    assert (page[:MARGIN] == PAPER).all()


def test_a_long_name_stays_below_its_own_picture():
    sheet = Sheet(Layout(2))
    list(sheet.add(None, "x" * 300 + ".jpg"))
    (page,) = sheet.add(None, "")
    below = page[MARGIN + LARGE[1] + 1 :]
    assert (below[:, : MARGIN + LARGE[0]] < 100).any()
    assert (below[:, MARGIN + LARGE[0] + 1 :] == PAPER).all()


def test_what_cannot_be_read_has_its_place_too():
    sheet = Sheet(Layout(1))
    (page,) = sheet.add(None, "bad.jpg")
    assert (page[MARGIN : MARGIN + 60, MARGIN : MARGIN + 200] < 60).any()  # words on grey


@pytest.mark.parametrize("size", [(4000, 3000), (48, 48), (10, 900), (1, 1)])
def test_a_thumbnail_is_as_large_as_its_place_allows(size):
    picture, scale = thumbnail(np.zeros((size[1], size[0], 3), np.uint8), SMALL)
    height, width = picture.shape[:2]
    assert width <= SMALL[0]
    assert height <= SMALL[1]
    assert width == SMALL[0] or height == SMALL[1]
    assert scale == pytest.approx(max(width / size[0], height / size[1]), rel=0.2)


def test_pages_have_names_that_tell_them_apart():
    assert [path.name for path in Layout(61).paths(Path("a/sheet.jpg"))] == [
        "sheet.jpg",
        "sheet-2.jpg",
        "sheet-3.jpg",
    ]


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".jpeg"])
def test_a_page_is_a_picture_file(suffix):
    _, (page,) = pages_of(2)
    read = cv2.imdecode(np.frombuffer(encoded(page, suffix), np.uint8), cv2.IMREAD_COLOR)
    assert read.shape == page.shape
