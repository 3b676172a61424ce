"""Sprites and text: blended exactly, cut off at the edge, kept within bounds."""

import numpy as np
import pytest

from fer_ros.viewer.sprites import Sprite, SpriteCache, fill, from_coverage, lay
from fer_ros.viewer.text import draw_text, fitted, line_height, text_width


def test_a_sprite_is_blended_by_its_coverage():
    image = np.full((1, 3, 3), 100, np.uint8)
    lay(image, from_coverage(np.array([[0, 128, 255]], np.uint8), (200, 50, 0)), 0, 0)
    assert image[0, 0].tolist() == [100, 100, 100]
    assert np.abs(image[0, 1].astype(int) - [150, 75, 50]).max() <= 1
    assert image[0, 2].tolist() == [200, 50, 0]


@pytest.mark.parametrize("at", [(-5, -5), (-50, 2), (2, -50), (7, 7), (50, 50), (-2, 3)])
def test_what_leaves_the_image_is_cut_off(at):
    large, image = np.zeros((60, 60, 3), np.uint8), np.zeros((10, 10, 3), np.uint8)
    sprite = from_coverage(np.arange(64, dtype=np.uint8).reshape(8, 8) * 3, (255, 255, 255))
    lay(image, sprite, *at)
    lay(large[20:], sprite, at[0] + 20, at[1]) if at[1] >= 0 else None
    expected = np.zeros((130, 130, 3), np.uint8)
    lay(expected, sprite, at[0] + 60, at[1] + 60)
    assert np.array_equal(image, expected[60:70, 60:70])


@pytest.mark.parametrize("rect", [(-3, -3, 2, 2), (8, 8, 20, 20), (-9, 0, -2, 5), (30, 0, 40, 5)])
def test_rectangles_are_cut_off_too(rect):
    image, expected = np.zeros((10, 10, 3), np.uint8), np.zeros((60, 60, 3), np.uint8)
    fill(image, rect, (1, 2, 3))
    x0, y0, x1, y1 = (v + 20 for v in rect)
    expected[y0:y1, x0:x1] = (1, 2, 3)
    assert np.array_equal(image, expected[20:30, 20:30])


def blank(kilobytes):
    empty = np.zeros((kilobytes, 500, 1), np.uint8)
    return Sprite(empty, empty)


def test_what_was_not_used_for_longest_goes_first():
    cache = SpriteCache(most_bytes=3_000)
    for key in "abc":
        cache.get(key, lambda: blank(1))
    cache.get("a", lambda: pytest.fail("a is kept"))
    cache.get("d", lambda: blank(1))
    assert len(cache) == 3
    cache.get("a", lambda: pytest.fail("a was used since"))
    made = []
    cache.get("b", lambda: made.append("b") or blank(1))
    assert made == ["b"]
    assert cache.nbytes <= 3_000


def test_one_that_is_larger_than_all_room_is_kept_alone():
    cache = SpriteCache(most_bytes=3_000)
    cache.get("small", lambda: blank(1))
    cache.get("large", lambda: blank(10))
    assert len(cache) == 1


@pytest.mark.parametrize("text", ["happy", "überrascht?", "喜び", "wifi ☃", "two\nlines", "", " ", "É" * 40])
def test_text_is_as_large_as_was_measured(text):
    sprite = draw_text(text, 20, (255, 255, 255), bold=True)
    assert (sprite.width, sprite.height) == (text_width(text, 20, bold=True), line_height(20))


def test_a_character_that_no_font_has_becomes_a_question_mark():
    drawn, expected = (draw_text(text, 20, (9, 9, 9)) for text in ("喜び☃", "喜び?"))
    assert np.array_equal(drawn.through, expected.through)


@pytest.mark.parametrize("text", ["ÉÅÜgjpqy", "驚きか喜び", "Ğžőçļ"])
@pytest.mark.parametrize("size", [11, 16, 33])
def test_accents_and_tails_are_not_cut_off(text, size):
    coverage = 255 - draw_text(text, size, (255, 255, 255), bold=True).through[..., 0]
    assert not coverage[0].any()
    assert not coverage[-1].any()
    assert coverage.any()


def test_a_text_shrinks_before_it_is_cut():
    assert fitted("hello", 500, 20, 10) == ("hello", 20)
    text, size = fitted("hello", text_width("hello", 14), 20, 10)
    assert (text, size) == ("hello", 14)
    text, size = fitted("hello hello hello", 60, 20, 10)
    assert size == 10
    assert text.endswith("…")
    assert text_width(text, size) <= 60
