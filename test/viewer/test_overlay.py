"""What is drawn on images, and what must not stop it."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from overlay_pictures import (
    CUT,
    FIVE,
    GOLDEN,
    LINK,
    PICTURES,
    drawn,
    ground,
    nobody_knows,
    person,
    row,
    undecided,
)

from fer_ros.emotions import FERPLUS
from fer_ros.errors import FerError
from fer_ros.viewer.brush import Brush
from fer_ros.viewer.overlay import Overlay
from fer_ros.viewer.params import CONTRASTS, LANGUAGES, OverlayParams
from fer_ros.viewer.scene import Link, Person, Scene
from fer_ros.viewer.text import line_height, text_width

BOX = (100.0, 60.0, 160.0, 130.0)
nan, inf = float("nan"), float("inf")


def shown(scene, size=(320, 180), **params):
    image = ground(*size)
    Overlay(OverlayParams(**params)).draw(image, scene)
    return image


@pytest.mark.parametrize("name", PICTURES)
def test_the_picture_is_the_golden_one(name):
    """Renew with `.venv/bin/python test/viewer/overlay_pictures.py`, and look at what changed."""
    golden = cv2.imread(str(GOLDEN / f"{name}.png"))
    difference = np.abs(drawn(name).astype(int) - golden)
    assert difference.mean() < 0.5
    assert (difference.max(axis=2) > 24).mean() < 0.005


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"labels": ()}, id="no labels"),
        pytest.param({"probabilities": ()}, id="no probabilities"),
        pytest.param({"probabilities": (nan,) * len(FERPLUS)}, id="nan"),
        pytest.param({"probabilities": (inf,) * len(FERPLUS)}, id="inf"),
        pytest.param({"probabilities": (0.5, 0.5)}, id="too few"),
        pytest.param({"probabilities": (7.0,) * len(FERPLUS)}, id="above 1"),
        pytest.param({"probabilities": (-1.0,) * len(FERPLUS)}, id="below 0"),
        pytest.param({"prediction_set": ()}, id="no set"),
        pytest.param({"prediction_set": ("bored",)}, id="a set of strangers"),
        pytest.param({"prediction_set": FERPLUS}, id="everything"),
        pytest.param({"abstained": True, "reason": "a reason of tomorrow"}, id="unknown reason"),
        pytest.param({"source": "the moon"}, id="unknown source"),
        pytest.param({"face_id": ""}, id="no name"),
        pytest.param({"box_xyxy": (100.0, 60.0, 101.0, 61.0)}, id="1x1 box"),
        pytest.param({"box_xyxy": (-400.0, -300.0, 12.0, 20.0)}, id="mostly outside"),
        pytest.param({"box_xyxy": (900.0, 700.0, 990.0, 800.0)}, id="outside"),
        pytest.param({"box_xyxy": (-1e30, -1e30, 1e30, 1e30)}, id="as large as the world"),
    ],
)
def test_odd_people_are_drawn_all_the_same(change):
    base = {
        "face_id": "a",
        "box_xyxy": BOX,
        "labels": FERPLUS,
        "probabilities": (0.125,) * 8,
        "source": "robot",
    }
    image = shown(Scene((Person(**{**base, **change}),)))
    assert (image != ground(320, 180)).any()


@pytest.mark.parametrize("box", [(nan, nan, nan, nan), (0.0, 0.0, inf, 9.0), (50.0, 50.0, 50.0, 60.0)])
def test_a_face_without_a_place_is_not_drawn(box):
    assert np.array_equal(shown(Scene((person(box, "happy"),))), ground(320, 180))


def test_a_label_of_another_network_keeps_its_own_name():
    bored = Person("a", BOX, ("bored", "keen"), (0.9, 0.1), ("bored",), abstained=False, source="robot")
    assert not np.array_equal(shown(Scene((bored,))), shown(Scene((person(BOX, "happy"),))))


def test_twelve_faces_all_get_a_label():
    people = row(1280, 720, [*FIVE, *FIVE, *FIVE[:2]])
    brush = Recording()
    Overlay(OverlayParams(), brush).draw(ground(1280, 720), Scene(people))
    assert len(brush.icons) >= 12


def test_the_same_scenes_give_the_same_pictures():
    scenes = [Scene(row(640, 360, FIVE[: 1 + k % 5]), "ONLINE", LINK) for k in range(8)]
    overlays = Overlay(OverlayParams()), Overlay(OverlayParams())
    for scene in scenes:
        first, second = ground(640, 360), ground(640, 360)
        overlays[0].draw(first, scene)
        overlays[1].draw(second, scene)
        assert np.array_equal(first, second)


def test_abstained_looks_different_and_has_no_colour():
    happy, unsure, none = (
        shown(Scene((someone,))) for someone in (person(BOX, "happy"), undecided(BOX), nobody_knows(BOX))
    )
    assert saturated(happy) > 300
    assert saturated(unsure) == saturated(none) == 0
    assert not np.array_equal(unsure, none)


def saturated(image):
    return int((image.max(axis=2).astype(int) - image.min(axis=2) > 60).sum())


def test_the_smallest_face_has_a_box_too():
    image = shown(Scene((person((160.0, 90.0, 160.5, 90.5), "angry"),)))
    assert saturated(image[88:97, 158:167]) > 4


@pytest.mark.parametrize("box", [BOX, (20.0, 20.0, 300.0, 160.0)])
def test_the_dashes_of_an_abstained_face_leave_gaps(box):
    _, y0, x1, y1 = map(int, box)
    edge = shown(Scene((nobody_knows(box),)))[y0 + 10 : y1 - 10, x1 - 1]
    whole = shown(Scene((person(box, "happy"),)))[y0 + 10 : y1 - 10, x1 - 1]
    bare = ground(320, 180)[y0 + 10 : y1 - 10, x1 - 1]
    assert (edge == bare).all(axis=1).any()
    assert not (whole == bare).all(axis=1).any()


def test_a_question_that_has_no_room_becomes_shorter():
    brush = Recording()
    asked = person((140.0, 60.0, 180.0, 110.0), "contempt", prediction_set=("contempt", "surprise"))
    Overlay(OverlayParams(text_scale=1.2, language="de"), brush).draw(ground(320, 180), Scene((asked,)))
    assert "verächtlich?" in brush.said


def test_what_differs_is_seen():
    scenes = [
        Scene((person(BOX, "happy"),), "ONLINE", LINK),
        Scene((person(BOX, "happy", source="cloud"),), "ONLINE", LINK),
        Scene((person(BOX, "happy"),), "OFFLINE", LINK),
        Scene((person(BOX, "happy"),), "PROBING", LINK),
        Scene((person(BOX, "happy"),), "ONLINE", CUT),
        Scene((person(BOX, "happy"),), "ONLINE", None),
        Scene((person(BOX, "happy"),), "", LINK),
        Scene((person(BOX, "happy"),), "ONLINE", LINK, "switched off; switch on"),
        Scene((person(BOX, "happy", prediction_set=("happy", "sad")),), "ONLINE", LINK),
    ]
    assert len({shown(scene).tobytes() for scene in scenes}) == len(scenes)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("contrast", CONTRASTS)
def test_every_language_is_drawn_in_both_contrasts(language, contrast):
    image = shown(
        Scene(row(320, 180, FIVE), "OFFLINE", CUT, "switched off"), language=language, contrast=contrast
    )
    assert (image != ground(320, 180)).any()


def test_high_contrast_lets_nothing_shine_through():
    scene = Scene((person(BOX, "happy"),), "ONLINE", LINK)
    dark, bright = np.zeros((180, 320, 3), np.uint8), np.full((180, 320, 3), 255, np.uint8)
    brush = Recording()
    Overlay(OverlayParams(contrast="high"), brush).draw(dark, scene)
    Overlay(OverlayParams(contrast="high")).draw(bright, scene)
    for x0, y0, x1, y1 in brush.texts:
        assert np.array_equal(dark[y0:y1, x0:x1], bright[y0:y1, x0:x1])


@pytest.mark.parametrize("shape", [(0, 0), (1, 1), (3, 200), (200, 3), (16, 16), (40, 60)])
def test_images_too_small_for_anything_are_drawn_without_an_error(shape):
    image = np.zeros((*shape, 3), np.uint8)
    scene = Scene((person((0, 0, 9, 9), "happy"), undecided((2, 2, 30, 30))), "ONLINE", CUT, "switched off")
    Overlay(OverlayParams(text_scale=3.0)).draw(image, scene)


@pytest.mark.parametrize(
    "image", [np.zeros((9, 9), np.uint8), np.zeros((9, 9, 3)), np.zeros((9, 9, 4), np.uint8)]
)
def test_what_is_no_picture_is_refused(image):
    with pytest.raises(FerError, match="uint8"):
        Overlay(OverlayParams()).draw(image, Scene())


def test_an_unknown_language_names_those_there_are():
    with pytest.raises(FerError, match="de, en"):
        Overlay(OverlayParams(language="tlh"))


def test_a_label_stays_at_its_side_while_there_is_room():
    """A face that trembles where two places are equally good must not make its label jump."""
    overlay, sides = Overlay(OverlayParams()), set()
    for k in range(20):
        brush = Recording()
        overlay._brush = brush
        y = 62 + (k % 2)  # above there is room for the label in every second image only
        overlay.draw(ground(640, 360), Scene((person((200.0, y, 280.0, y + 100), "happy"),)))
        sides.add(brush.plates[0][0])
    assert len(sides) == 1


def test_what_is_kept_is_bounded():
    brush = Brush()
    overlay = Overlay(OverlayParams(), brush)
    for k in range(300):
        people = (person((100 + k, 50, 180 + k + k % 90, 150), "happy", f"f{k}"),)
        link = Link(f"profile {k}", False, "crops", k * 3e4)
        overlay.draw(ground(640 + k, 360), Scene(people, "ONLINE", link))
    assert brush.cache.nbytes <= 16_000_000
    assert len(overlay._before) == 1


class Recording(Brush):
    """A brush that remembers where it drew what."""

    def __init__(self):
        super().__init__()
        self.texts, self.said, self.plates, self.icons = [], [], [], []

    def text(self, image, text, x, y, size, colour, *, bold=False):
        self.texts.append((x, y, x + text_width(text, size, bold=bold), y + line_height(size)))
        self.said.append(text)
        super().text(image, text, x, y, size, colour, bold=bold)

    def plate(self, image, rect, colour, **more):
        self.plates.append(rect)
        super().plate(image, rect, colour, **more)

    def icon(self, image, name, x, y, size):
        self.icons.append(name)
        super().icon(image, name, x, y, size)


sides = st.floats(-300, 2200)
boxes = st.tuples(sides, sides, st.floats(1, 900), st.floats(1, 900)).map(
    lambda b: (b[0], b[1], b[0] + b[2], b[1] + b[3])
)
someone = st.builds(
    lambda box, label, kind: kind(box, label),
    boxes,
    st.sampled_from(FERPLUS),
    st.sampled_from(
        [
            lambda box, label: person(box, label, f"{box}"),
            lambda box, label: person(box, label, f"{box}", prediction_set=(label, "happy", "contempt")),
            lambda box, label: undecided(box, f"{box}"),
            lambda box, label: nobody_knows(box, f"{box}", "no blendshapes"),
        ]
    ),
)


@settings(max_examples=150)
@given(
    st.integers(120, 1920),
    st.integers(80, 1080),
    st.lists(someone, max_size=6),
    st.sampled_from(LANGUAGES),
    st.floats(0.5, 3.0),
    st.sampled_from(["", "consent is required and was not given; x", "a reason " * 12]),
    st.sampled_from(
        [None, LINK, CUT, Link("a profile with a very long name, as people give them", False, "", nan)]
    ),
)
def test_text_never_leaves_the_image(width, height, people, language, text_scale, paused, link):
    brush = Recording()
    params = OverlayParams(language=language, text_scale=text_scale)
    Overlay(params, brush).draw(
        np.zeros((height, width, 3), np.uint8), Scene(people, "OFFLINE", link, paused)
    )
    for x0, y0, x1, y1 in brush.texts:
        assert 0 <= x0 < x1 <= width
        assert 0 <= y0 < y1 <= height
