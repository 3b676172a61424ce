"""Finders: what they see, what they do not take for a face, and what they say about their files."""

import cv2
import numpy as np
import pytest

from fer_ros.errors import ModelError
from fer_ros.faces import haar, yunet
from fer_ros.faces.face import Detection, centre, longer_side, overlap
from fer_ros.faces.finder import find_near, nearest, placed, without_doubles
from fer_ros.faces.haar import HaarFinder
from fer_ros.faces.yunet import YunetFinder
from fer_ros.sources.scene import Backdrop, Noise, Placement

from .stage import HEIGHT, WIDTH, film, still

BY_NAME = ["haar", "yunet"]


@pytest.fixture
def finder(request, third_party_model):
    return HaarFinder() if request.param == "haar" else YunetFinder(third_party_model(yunet.FILE))


each_finder = pytest.mark.parametrize("finder", BY_NAME, indirect=True)


def shot(*faces):
    return next(film(still(*faces), 1 / 30))


@each_finder
def test_a_portrait_is_found_where_it_is(finder):
    frame = shot(Placement((500, 300), 120))
    (seen,) = finder.find(frame.image)
    assert overlap(seen.box_xyxy, frame.boxes[0]) > 0.6
    assert 0.4 < seen.score <= 1


@each_finder
def test_five_portraits_are_found_once_each(finder):
    frame = shot(*(Placement((130 + 255 * i, 250 + 50 * (i % 2)), 60 + 25 * i) for i in range(5)))
    found = finder.find(frame.image)
    assert len(found) == 5
    assert all(any(overlap(d.box_xyxy, box) > 0.5 for d in found) for box in frame.boxes)


@each_finder
@pytest.mark.parametrize("width_px", [40, 150, 360])
def test_a_face_is_found_again_in_the_region_around_it(finder, width_px):
    frame = shot(Placement((640, 360), width_px))
    near = find_near(finder, frame.image, frame.boxes[0])
    assert overlap(near.box_xyxy, frame.boxes[0]) > 0.6


@each_finder
def test_what_was_read_in_a_region_lies_where_it_is_in_the_image(finder):
    """A region twice as large is the same picture: what is seen in it is the same, scaled and moved."""
    frame = shot(Placement((640, 360), 64))
    side = finder.region_px
    x, y = 640 - side // 2, 360 - side // 2
    (inside,) = finder.find_in_region(frame.image[y : y + side, x : x + side])
    whole = placed(inside, 1.0, (x, y))
    assert overlap(whole.box_xyxy, frame.boxes[0]) > 0.6
    assert placed(inside, 2.0, (5.0, 7.0)).box_xyxy == pytest.approx(
        [2 * v + o for v, o in zip(inside.box_xyxy, (5, 7, 5, 7), strict=True)]
    )


@each_finder
def test_wallpaper_is_no_face(finder):
    """100 views of 20 walls, with and without a sensor's noise; it is the same for many more."""
    for seed in range(20):
        wall = Backdrop(WIDTH, HEIGHT, 1000 + seed)
        grain = Noise(WIDTH, HEIGHT, 3.0 * (seed % 3) + 0.1, seed)
        for i in range(5):
            found = finder.find(grain.add(wall.at(0.7 * i), i))
            assert found == [], f"wall {1000 + seed}, view {i}"


@each_finder
@pytest.mark.parametrize(
    "shape",
    [(1, 1), (1, 200), (200, 1), (2, 3), (23, 23), (25, 31), (720, 40), (40, 1280)],
    ids=lambda shape: f"{shape[1]}x{shape[0]}",
)
@pytest.mark.parametrize("level", [0, 255])
def test_an_image_of_any_size_without_a_face_has_none(finder, shape, level):
    assert finder.find(np.full((*shape, 3), level, np.uint8)) == []


@each_finder
def test_a_place_outside_the_image_holds_no_face(finder):
    image = np.zeros((100, 100, 3), np.uint8)
    assert find_near(finder, image, (-500.0, -500.0, -400.0, -380.0)) is None


def test_of_detections_on_each_other_the_surest_is_kept():
    boxes = [(0.0, 0.0, 100.0, 100.0), (5.0, 5.0, 105.0, 105.0), (300.0, 0.0, 400.0, 100.0)]
    seen = [Detection(box, score) for box, score in zip(boxes, (0.7, 0.9, 0.5), strict=True)]
    assert without_doubles(seen) == [seen[1], seen[2]]


def test_the_nearest_is_taken_only_where_it_is_near():
    far = Detection((200.0, 200.0, 300.0, 300.0), 1.0)
    near = Detection((20.0, 0.0, 120.0, 100.0), 1.0)
    box = (0.0, 0.0, 100.0, 100.0)
    assert nearest([far, near], box) is near
    assert nearest([far], box) is None
    assert nearest([], box) is None


def test_a_haar_box_spans_what_a_yunet_box_does(third_party_model):
    """One framing serves both: boxes are hairline to chin whatever found them."""
    sharp = YunetFinder(third_party_model(yunet.FILE))
    for width_px in (60, 120, 250):
        image = shot(Placement((640, 360), width_px)).image
        (by_haar,), (by_yunet,) = HaarFinder().find(image), sharp.find(image)
        assert longer_side(by_haar.box_xyxy) == pytest.approx(longer_side(by_yunet.box_xyxy), rel=0.2)
        apart = np.subtract(centre(by_haar.box_xyxy), centre(by_yunet.box_xyxy))
        assert np.abs(apart).max() < 0.12 * width_px


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(None, "is not there; get it with `fer_ros models fetch`", id="missing"),
        pytest.param(b"", "is not a YuNet network; fetch it again", id="empty"),
        pytest.param(b"not a network" * 99, "is not a YuNet network; fetch it again", id="text"),
    ],
)
def test_a_yunet_file_that_cannot_serve_is_named(tmp_path, content, message):
    path = tmp_path / yunet.FILE
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ModelError, match=rf"{yunet.FILE} {message}"):
        YunetFinder(path)


def test_a_yunet_file_cut_in_transfer_is_named(tmp_path, third_party_model):
    path = tmp_path / yunet.FILE
    path.write_bytes(third_party_model(yunet.FILE).read_bytes()[:100_000])
    with pytest.raises(ModelError, match="is not a YuNet network; fetch it again"):
        YunetFinder(path)


def test_another_network_is_not_yunet(tmp_path):
    from fer_ros.resources import own_model

    path = tmp_path / yunet.FILE
    path.write_bytes((own_model("robot") / "model.onnx").read_bytes())
    with pytest.raises(ModelError, match="is not a YuNet network; fetch it again"):
        YunetFinder(path)


def test_an_opencv_without_cascades_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setattr(cv2.data, "haarcascades", str(tmp_path))
    monkeypatch.setattr(haar, "SYSTEM_CASCADES", tmp_path)
    with pytest.raises(ModelError, match=r"ships no haarcascade.*install opencv-contrib-python-headless<5"):
        HaarFinder()
