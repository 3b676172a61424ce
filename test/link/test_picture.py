"""Pictures: their size is known before they are decoded, and only what this package writes is read."""

import struct

import cv2
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from payloads import scene

from fer_ros.errors import FerError, ImageError, PayloadError
from fer_ros.link.picture import (
    MAX_SIDE_PX,
    Picture,
    PictureFormat,
    decode_picture,
    encode_picture,
    usual_format,
)

JPEG, WEBP = PictureFormat.JPEG, PictureFormat.WEBP
EACH = pytest.mark.parametrize("format", list(PictureFormat), ids=lambda kind: kind.name)
WHOLE = {kind: encode_picture(scene(64, 48), kind, 80).data for kind in PictureFormat}


@EACH
def test_a_picture_comes_back_nearly_the_same(format):
    image = cv2.GaussianBlur(scene(160, 120), (9, 9), 0)
    back = decode_picture(encode_picture(image, format, 95))
    assert (back.shape, back.dtype) == (image.shape, np.uint8)
    assert np.abs(back.astype(int) - image.astype(int)).mean() < 3


@EACH
@example(width=1, height=1, quality=1)
@example(width=1, height=300, quality=100)
@given(width=st.integers(1, 300), height=st.integers(1, 300), quality=st.integers(1, 100))
@settings(max_examples=50)
def test_the_header_says_the_size(format, width, height, quality):
    assert encode_picture(scene(width, height), format, quality).size == (width, height)


@EACH
def test_the_largest_picture_can_be_sent(format):
    strip = np.zeros((1, MAX_SIDE_PX, 3), np.uint8)
    assert decode_picture(encode_picture(strip, format, 50)).shape == strip.shape


@EACH
def test_quality_costs_bytes(format):
    few, many = (encode_picture(scene(), format, quality) for quality in (20, 95))
    assert len(few.data) < len(many.data)


@pytest.mark.parametrize("side", [48, 64, 112])
def test_webp_makes_crops_smaller_than_jpeg(side):
    jpeg, webp = (encode_picture(scene(side, side), kind, 80) for kind in (JPEG, WEBP))
    assert len(webp.data) < len(jpeg.data)


@pytest.mark.parametrize(
    ("size", "format"), [((112, 112), WEBP), ((256, 144), WEBP), ((640, 360), JPEG), ((1280, 720), JPEG)]
)
def test_only_small_pictures_are_webp(size, format):
    assert usual_format(*size) is format


@pytest.mark.parametrize(
    "image",
    [
        pytest.param(np.zeros((0, 5, 3), np.uint8), id="empty"),
        pytest.param(np.zeros((5, 5), np.uint8), id="grey"),
        pytest.param(np.zeros((5, 5, 3), np.float32), id="float"),
        pytest.param(np.zeros((1, MAX_SIDE_PX + 1, 3), np.uint8), id="too wide"),
    ],
)
@EACH
def test_what_cannot_be_sent_is_refused(format, image):
    with pytest.raises(ImageError):
        encode_picture(image, format, 80)


def file(extension, *options):
    return cv2.imencode(extension, scene(64, 64), options)[1].tobytes()


def with_comment(jpeg):
    return jpeg[:2] + b"\xff\xfe\x00\x06four" + jpeg[2:]


def held_sideways(jpeg):
    """With the EXIF tag that turns a picture by 90 degrees."""
    exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"
    return jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + jpeg[2:]


def with_another_scan(jpeg):
    scan = jpeg.index(b"\xff\xda")
    return jpeg[:-2] + jpeg[scan:]


FOREIGN = [
    pytest.param(JPEG, b"", id="nothing"),
    pytest.param(JPEG, b"\xff\xd8\xff\xd9", id="start and end"),
    pytest.param(JPEG, b"\xff\xd8\xff\xc0\xff\xd9", id="segment without length"),
    pytest.param(JPEG, b"\xff\xd8" + b"\xff\xc0\x00\x02" * 3 + b"\xff\xd9", id="frame without size"),
    pytest.param(JPEG, b"\xff\xd8\xff\xe0\x00\x00" + WHOLE[JPEG][2:], id="segment of no length"),
    pytest.param(JPEG, file(".png"), id="PNG"),
    pytest.param(JPEG, file(".jpg", cv2.IMWRITE_JPEG_PROGRESSIVE, 1), id="progressive"),
    pytest.param(JPEG, held_sideways(WHOLE[JPEG]), id="EXIF"),
    pytest.param(JPEG, with_another_scan(WHOLE[JPEG]), id="two scans"),
    pytest.param(WEBP, b"", id="no WebP"),
    pytest.param(WEBP, file(".webp", cv2.IMWRITE_WEBP_QUALITY, 101), id="lossless"),
    pytest.param(WEBP, WHOLE[WEBP] + b"\0\0", id="longer than it says"),
    pytest.param(WEBP, WHOLE[WEBP].replace(b"VP8 ", b"VP8X"), id="extended"),
]


@pytest.mark.parametrize(("format", "data"), FOREIGN)
def test_only_what_this_package_writes_is_read(format, data, monkeypatch):
    monkeypatch.setattr(cv2, "imdecode", pytest.fail)
    with pytest.raises(PayloadError, match="is not a"):
        decode_picture(Picture(format, data))


def test_a_comment_does_not_hide_the_size():
    assert Picture(JPEG, with_comment(WHOLE[JPEG])).size == (64, 48)


@EACH
@given(data=st.data())
def test_a_picture_cut_anywhere_is_refused(format, data):
    length = data.draw(st.integers(0, len(WHOLE[format]) - 1))
    with pytest.raises(FerError):
        decode_picture(Picture(format, WHOLE[format][:length]))


def test_pixels_that_cannot_be_decoded_are_refused():
    promises_more = WHOLE[WEBP][:20] + b"\xf0\xff\xff" + WHOLE[WEBP][23:]
    assert Picture(WEBP, promises_more).size == (64, 48)
    with pytest.raises(ImageError, match="are not an image"):
        decode_picture(Picture(WEBP, promises_more))


def test_a_size_that_is_not_that_of_the_pixels_is_refused(monkeypatch):
    monkeypatch.setattr(cv2, "imdecode", lambda *_: np.zeros((2, 2, 3), np.uint8))
    with pytest.raises(ImageError, match="64x48 px decodes to 2x2 px"):
        decode_picture(Picture(WEBP, WHOLE[WEBP]))
