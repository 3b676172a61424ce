"""What each rung makes of an image and of its faces."""

from dataclasses import replace

import numpy as np
import pytest
from payloads import face, scene

from fer_ros.errors import ImageError
from fer_ros.faces.face import NO_CROP
from fer_ros.link.packing import crops_body, faces_of, frame_body, shapes_body
from fer_ros.link.picture import PictureFormat, decode_picture
from fer_ros.link.rung import parse_rung


@pytest.mark.parametrize(
    ("rung", "size"),
    [
        pytest.param("1280x720@30", (960, 540), id="never enlarged"),
        pytest.param("640x360@15", (640, 360), id="smaller"),
        pytest.param("256x144@5", (256, 144), id="smallest"),
        pytest.param("640x640@5", (640, 360), id="another shape"),
    ],
)
def test_a_frame_is_shrunk_to_fit_its_rung(rung, size):
    assert frame_body(scene(960, 540), parse_rung(rung)).picture.size == size


def test_a_rungs_quality_is_that_of_its_pictures():
    for make, given in ((frame_body, scene()), (crops_body, [face()])):
        rung = "256x144@5" if make is frame_body else "crops112@5"
        sizes = [_bytes(make(given, parse_rung(f"{rung}q{quality}"))) for quality in (20, 90)]
        assert sizes[0] < sizes[1]


def _bytes(body):
    pictures = [body.picture] if hasattr(body, "picture") else [f.picture for f in body.faces]
    return sum(len(picture.data) for picture in pictures)


@pytest.mark.parametrize(("side", "sent"), [(112, 48), (48, 48), (40, 40)])
def test_a_crop_is_shrunk_and_never_enlarged(side, sent):
    (one,) = crops_body([face(side=side)], parse_rung("crops48@30")).faces
    assert one.picture.size == (sent, sent)


def test_the_format_can_be_chosen():
    (one,) = crops_body([face()], parse_rung("crops48@30"), PictureFormat.JPEG).faces
    assert one.picture.format is PictureFormat.JPEG


def test_all_faces_of_an_image_travel_together_in_their_order():
    faces = [face(f"face_{i}", seed=i) for i in (3, 1, 2)]
    for body in (crops_body(faces, parse_rung("crops48@30")), shapes_body(faces, parse_rung("quantised@30"))):
        assert [sent.id for sent in body.faces] == ["face_3", "face_1", "face_2"]


def test_a_crowd_is_cut_to_its_largest_faces_in_their_order():
    crowd = [face(f"face_{i}", box=(0, 0, 20 + 7 * i % 40, 20)) for i in range(40)]
    sent = shapes_body(crowd, parse_rung("quantised@30")).faces
    widths = [one.seen.box_xyxy[2] for one in sent]
    assert len(sent) == 32
    assert min(widths) >= sorted(one.seen.box_xyxy[2] for one in crowd)[8]
    assert [one.id for one in sent] == [one.id for one in crowd if one.id in {s.id for s in sent}]


@pytest.mark.parametrize(("rung", "quantised"), [("blendshapes@30", False), ("quantised@30", True)])
def test_blendshapes_are_quantised_where_the_rung_says_so(rung, quantised):
    assert shapes_body([face()], parse_rung(rung)).quantised is quantised


def test_a_face_without_blendshapes_is_still_told_of():
    (one,) = shapes_body([face(by=None)], parse_rung("quantised@30")).faces
    assert (one.id, one.seen.blendshapes, one.picture) == ("face_1", None, None)


def test_a_face_without_its_crop_cannot_be_sent_as_one():
    with pytest.raises(ImageError):
        crops_body([replace(face(), crop=NO_CROP)], parse_rung("crops48@30"))


def test_the_cloud_sees_the_faces_that_were_sent():
    body = crops_body([face("face_1"), face("face_2", seed=2)], parse_rung("crops48@30"))
    for seen, sent in zip(faces_of(body), body.faces, strict=True):
        assert (seen.id, seen.seen) == (sent.id, sent.seen)
        assert (seen.crop == decode_picture(sent.picture)).all()


def test_without_a_picture_the_cloud_gets_no_crop():
    (seen,) = faces_of(shapes_body([face()], parse_rung("quantised@30")))
    assert seen.crop.shape == (0, 0, 3)
    assert seen.seen.blendshapes == pytest.approx(face().seen.blendshapes)
    assert seen.crop.dtype == np.uint8
