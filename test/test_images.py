"""Raw encodings, compressed bytes and image files, starting with what cannot be read."""

from array import array

import cv2
import numpy as np
import pytest

from fer_ros.errors import ImageError
from fer_ros.images import LAYOUTS, decode_compressed, image_from_file, to_bgr8, to_grey

BGR = (40, 120, 200)
YUV_ENCODINGS = ["yuv422", "uyvy", "yuv422_yuy2", "yuyv", "nv12", "nv21"]
BAYER_ENCODINGS = [name for name in LAYOUTS if name.startswith("bayer")]


@pytest.fixture
def picture():
    """A smooth 48x64 BGR gradient, kind to lossy and subsampled encodings."""
    y, x = np.mgrid[0:48, 0:64]
    return np.dstack([x * 2 + 40, y * 3 + 30, 200 - x]).astype(np.uint8)


def raw(pixels, width=None, **fields):
    height, across = pixels.shape[:2]
    given = {"step": pixels[0].nbytes, "data": pixels.tobytes()} | fields
    return to_bgr8(width=width or across, height=height, **given)


def plain(encoding, width=8, height=6):
    """One flat colour in any YUV encoding: (rows, bytes) uint8."""
    b, g, r = BGR  # BT.601, video range
    y = round(16 + 0.257 * r + 0.504 * g + 0.098 * b)
    u = round(128 - 0.148 * r - 0.291 * g + 0.439 * b)
    v = round(128 + 0.439 * r - 0.368 * g - 0.071 * b)
    row = {
        "yuv422": (u, y, v, y), "uyvy": (u, y, v, y), "yuv422_yuy2": (y, u, y, v), "yuyv": (y, u, y, v),
    }  # fmt: skip
    if encoding in row:
        return np.tile(np.array(row[encoding], np.uint8), (height, width // 2))
    chroma = np.array((u, v) if encoding == "nv12" else (v, u), np.uint8)
    return np.vstack([np.full((height, width), y, np.uint8), np.tile(chroma, (height // 2, width // 2))])


def test_an_unknown_encoding_lists_the_ones_it_takes():
    with pytest.raises(ImageError, match=r"'32FC1' is not supported; send one of bgr8, .*yuyv.*bayer_rggb8"):
        to_bgr8(b"\0" * 16, 2, 2, 8, "32FC1")


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        pytest.param({"width": 0}, "0x4 px", id="no width"),
        pytest.param({"height": 0}, "4x0 px", id="no height"),
        pytest.param({"height": -4}, "4x-4 px", id="negative height"),
        pytest.param({"data": b""}, "holds 0 bytes; 4 rows of 12 bytes take 48", id="no data"),
        pytest.param({"data": b"\0" * 47}, "holds 47 bytes", id="one byte short"),
        pytest.param({"step": 11}, "step is 11 bytes, but 4 px of bgr8 take 12", id="step too short"),
        pytest.param({"step": 0}, "step is 0 bytes", id="step unset"),
        pytest.param({"step": 16}, "4 rows of 16 bytes take 64", id="step past the data"),
    ],
)
def test_fields_that_contradict_each_other_are_named(fields, message):
    image = {"data": b"\0" * 48, "width": 4, "height": 4, "step": 12, "encoding": "bgr8"}
    with pytest.raises(ImageError, match=message):
        to_bgr8(**(image | fields))


@pytest.mark.parametrize("encoding", YUV_ENCODINGS)
def test_a_size_the_encoding_cannot_have_is_named(encoding):
    with pytest.raises(ImageError, match=f"{encoding} cannot be 1x1 px"):
        to_bgr8(b"\x80" * 8, 1, 1, 4, encoding)


@pytest.mark.parametrize("encoding", ["bgr8", "rgb8", "bgra8", "rgba8", "mono8", "mono16", "8UC1", "8UC3"])
def test_a_single_pixel_is_an_image(encoding):
    assert to_bgr8(b"\x80" * 4, 1, 1, 4, encoding).tolist() == [[[128, 128, 128]]]


@pytest.mark.parametrize("encoding", BAYER_ENCODINGS)
def test_a_single_pixel_of_a_mosaic_has_no_colour_but_is_an_image(encoding):
    assert to_bgr8(b"\x80" * 4, 1, 1, 4, encoding).shape == (1, 1, 3)


@pytest.mark.parametrize("encoding", list(LAYOUTS))
def test_every_encoding_gives_bgr_of_its_size(encoding):
    layout = LAYOUTS[encoding]
    step = 8 * layout.bytes_per_pixel
    converted = to_bgr8(bytes(step * layout.rows(6)), 8, 6, step, encoding)
    assert converted.shape == (6, 8, 3)
    assert converted.dtype == np.uint8


@pytest.mark.parametrize(
    ("encoding", "conversion"),
    [
        pytest.param("rgb8", cv2.COLOR_BGR2RGB),
        pytest.param("bgra8", cv2.COLOR_BGR2BGRA),
        pytest.param("rgba8", cv2.COLOR_BGR2RGBA),
    ],
)
def test_colour_order_comes_out_as_bgr(picture, encoding, conversion):
    sent = cv2.cvtColor(picture, conversion)
    assert np.array_equal(raw(sent, encoding=encoding), picture)


@pytest.mark.parametrize("encoding", YUV_ENCODINGS)
def test_yuv_gives_the_colour_that_went_in(encoding):
    rows = plain(encoding)
    step = rows.shape[1]
    converted = to_bgr8(rows.tobytes(), 8, 6, step, encoding)
    assert np.abs(converted.astype(int) - BGR).max() <= 6


@pytest.mark.parametrize("encoding", BAYER_ENCODINGS)
def test_bayer_names_the_first_two_by_two_pixels(encoding):
    pattern = encoding.removeprefix("bayer_").removesuffix("8")
    values = [BGR["bgr".index(colour)] for colour in pattern]
    mosaic = np.tile(np.array(values, np.uint8).reshape(2, 2), (4, 4))
    assert np.array_equal(raw(mosaic, encoding=encoding)[2:-2, 2:-2], np.full((4, 4, 3), BGR))


@pytest.mark.parametrize("is_bigendian", [False, True])
def test_sixteen_bit_grey_keeps_its_high_byte(is_bigendian):
    grey = np.array([[0x12FF, 0xAB00]], ">u2" if is_bigendian else "<u2")
    assert raw(grey, encoding="mono16", is_bigendian=is_bigendian)[0, :, 0].tolist() == [0x12, 0xAB]


def test_sixteen_bit_colour_keeps_its_order():
    colour = np.array([[[0x0100, 0x0200, 0x0300]]], "<u2")
    assert raw(colour, encoding="rgb16").tolist() == [[[3, 2, 1]]]


@pytest.mark.parametrize("encoding", ["bgr8", "rgb8", "mono16"])
def test_row_padding_is_left_out(encoding):
    used = 5 * LAYOUTS[encoding].bytes_per_pixel
    rows = np.full((4, used + 7), 255, np.uint8)
    rows[:, :used] = 9
    assert (to_bgr8(rows.tobytes(), 5, 4, used + 7, encoding) == 9).all()


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview, lambda data: array("B", data)])
def test_bgr8_is_not_copied(picture, kind):
    data = kind(picture.tobytes())
    converted = to_bgr8(data, 64, 48, 192, "bgr8")
    assert np.shares_memory(converted, np.frombuffer(data, np.uint8))
    assert np.array_equal(converted, picture)


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".bmp", ".webp"])
def test_compressed_images_decode(picture, suffix):
    decoded = decode_compressed(cv2.imencode(suffix, picture)[1].tobytes(), suffix)
    assert np.abs(decoded.astype(int) - picture).mean() < 6


@pytest.mark.parametrize("suffix", [".jpg", ".png"])
@pytest.mark.parametrize("share", [0.02, 0.5, 0.98])
def test_a_truncated_image_is_refused(picture, suffix, share):
    data = cv2.imencode(suffix, picture)[1].tobytes()
    with pytest.raises(ImageError, match=r"ends early|not an image"):
        decode_compressed(data[: int(len(data) * share)], suffix)


@pytest.mark.parametrize("data", [b"", b"\0", b"not an image at all", b"\xff\xd8\xff\xd9"])
def test_bytes_that_are_no_image_are_refused(data):
    with pytest.raises(ImageError, match="jpeg"):
        decode_compressed(data, "jpeg")


def test_a_thumbnail_inside_does_not_hide_a_truncation(picture):
    data = cv2.imencode(".jpg", picture)[1].tobytes()
    thumbnail = b"Exif\0\0" + data
    segment = b"\xff\xe1" + (len(thumbnail) + 2).to_bytes(2, "big") + thumbnail
    whole = data[:2] + segment + data[2:]
    assert decode_compressed(whole, "jpeg").shape == picture.shape
    with pytest.raises(ImageError, match="ends early"):
        decode_compressed(whole[:-40], "jpeg")


def test_a_sixteen_bit_grey_png_becomes_bgr8():
    data = cv2.imencode(".png", np.full((4, 4), 0x8000, np.uint16))[1].tobytes()
    decoded = decode_compressed(data, "png")
    assert decoded.shape == (4, 4, 3)
    assert abs(int(decoded[0, 0, 0]) - 0x80) <= 1


def test_an_image_file_is_read_and_a_bad_one_named(tmp_path, picture):
    good, cut = tmp_path / "good.png", tmp_path / "cut.png"
    cv2.imwrite(str(good), picture)
    cut.write_bytes(good.read_bytes()[:200])
    assert np.array_equal(image_from_file(good), picture)
    with pytest.raises(ImageError, match=r"cut\.png: the png image ends early"):
        image_from_file(cut)
    with pytest.raises(ImageError, match=r"absent\.png: No such file"):
        image_from_file(tmp_path / "absent.png")
    with pytest.raises(ImageError, match="Is a directory"):
        image_from_file(tmp_path)


def test_grey_has_one_value_a_pixel(picture):
    assert to_grey(picture).shape == picture.shape[:2]
