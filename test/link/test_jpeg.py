import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fer_ros.errors import ImageError
from fer_ros.images import decode_compressed
from fer_ros.link.throttle import encode_jpeg


def picture(height=120, width=160):
    """A smooth gradient with a disc: compresses like a photograph, not like noise."""
    rows, columns = np.mgrid[0:height, 0:width]
    image = np.stack([rows * 255 // height, columns * 255 // width, (rows + columns) % 200], axis=2).astype(
        np.uint8
    )
    return cv2.circle(image, (width // 2, height // 2), height // 4, (30, 60, 220), -1)


WHOLE = encode_jpeg(picture(), 80)


def test_a_jpeg_comes_back_nearly_the_same():
    image = cv2.GaussianBlur(picture(), (9, 9), 0)
    back = decode_compressed(encode_jpeg(image, 95), "jpeg")
    assert (back.shape, back.dtype) == (image.shape, np.uint8)
    assert np.abs(back.astype(int) - image.astype(int)).mean() < 3


def test_quality_costs_bytes():
    assert len(encode_jpeg(picture(), 20)) < len(encode_jpeg(picture(), 95))


def test_one_pixel_survives():
    assert decode_compressed(encode_jpeg(np.full((1, 1, 3), 128, np.uint8), 80), "jpeg").shape == (1, 1, 3)


@given(st.integers(0, len(WHOLE) - 1))
def test_a_jpeg_cut_anywhere_is_refused(length):
    with pytest.raises(ImageError):
        decode_compressed(WHOLE[:length], "jpeg")


@pytest.mark.parametrize(
    "image",
    [
        pytest.param(np.zeros((0, 5, 3), np.uint8), id="empty"),
        pytest.param(np.zeros((5, 5), np.uint8), id="grey"),
        pytest.param(np.zeros((5, 5, 3), np.float32), id="float"),
        pytest.param(np.zeros((1, 65_501, 3), np.uint8), id="too wide for jpeg"),
    ],
)
def test_what_jpeg_cannot_hold_is_refused(image):
    with pytest.raises(ImageError):
        encode_jpeg(image, 80)
