"""Video files: the ones that cannot be read, the ones cut short, and the good ones."""

import numpy as np
import pytest

from fer_ros.errors import SourceError
from fer_ros.sources.looped import Looped
from fer_ros.sources.video import VideoSource

from .recordings import index_of, truncate, write_video


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(None, "is not a file", id="missing"),
        pytest.param(b"", "is empty", id="empty"),
        pytest.param(b"plain text, not a video\n" * 99, "is not a video", id="text"),
    ],
)
def test_a_file_that_is_no_video_is_named(tmp_path, warnings, content, message):
    path = tmp_path / "clip.mp4"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SourceError, match=rf"clip\.mp4 {message}"):
        VideoSource(path, warnings)


def test_a_folder_is_no_video(tmp_path, warnings):
    with pytest.raises(SourceError, match="is not a file"):
        VideoSource(tmp_path, warnings)


def test_a_video_whose_index_is_cut_off_is_refused(tmp_path, warnings):
    path = write_video(tmp_path / "clip.mp4")
    truncate(path, 0.5)
    with pytest.raises(SourceError, match="its index is cut off"):
        VideoSource(path, warnings)


def test_frames_before_a_cut_are_given_and_the_cut_is_reported(tmp_path, warnings):
    path = write_video(tmp_path / "clip.avi")
    truncate(path, 0.6)
    with VideoSource(path, warnings) as source:
        count = len(list(source))
    assert 0 < count < 19
    assert len(warnings.heard) <= 1  # the index of this container may be rebuilt to what is left


def test_a_front_indexed_video_cut_in_its_frames_reports_how_many_are_left(tmp_path, warnings):
    path = write_video(tmp_path / "clip.mp4")
    moved = index_first(path.read_bytes())
    path.write_bytes(moved[: int(len(moved) * 0.6)])
    with VideoSource(path, warnings) as source:
        count = len(list(source))
    assert 0 < count < 19
    assert warnings.heard == [f"{path} ends after {count} of 20 frames; it is truncated"]


def test_every_frame_comes_once_in_order_with_growing_stamps(tmp_path, warnings):
    with VideoSource(write_video(tmp_path / "clip.mp4"), warnings) as source:
        frames = list(source)
    assert source.fps == 10
    assert [index_of(f.image) for f in frames] == [f.index for f in frames] == list(range(20))
    assert [f.stamp for f in frames] == pytest.approx([i / 10 for i in range(20)])
    assert warnings.heard == []


def test_a_loop_goes_on_where_the_video_ended(tmp_path, warnings):
    path = write_video(tmp_path / "clip.mp4", count=3)
    with Looped(lambda: VideoSource(path, warnings)) as source:
        frames = [next(source) for _ in range(7)]
    assert [index_of(f.image) for f in frames] == [0, 1, 2, 0, 1, 2, 0]
    assert [f.index for f in frames] == list(range(7))
    assert [f.stamp for f in frames] == pytest.approx([i / 10 for i in range(7)])


def test_a_rotated_phone_clip_comes_upright(tmp_path, warnings):
    path = write_video(tmp_path / "clip.mp4")
    path.write_bytes(turned_by_90_degrees(path.read_bytes()))
    with VideoSource(path, warnings) as source:
        assert next(source).image.shape == (64, 48, 3)


def test_a_frame_stays_what_it_was_when_the_next_one_is_read(tmp_path, warnings):
    with VideoSource(write_video(tmp_path / "clip.mp4"), warnings) as source:
        first = next(source)
        kept = first.image.copy()
        next(source)
    assert np.array_equal(first.image, kept)


def index_first(content):
    """Move an MP4's moov box before its mdat, as players that stream want it."""
    boxes = dict(split(content))
    moov = bytearray(boxes[b"moov"])
    at = moov.index(b"stco")
    count = int.from_bytes(moov[at + 8 : at + 12], "big")
    for i in range(count):
        entry = slice(at + 12 + 4 * i, at + 16 + 4 * i)
        moov[entry] = (int.from_bytes(moov[entry], "big") + len(moov)).to_bytes(4, "big")
    order = [name for name in boxes if name not in (b"moov", b"mdat")]
    return b"".join(boxes[n] for n in order) + bytes(moov) + boxes[b"mdat"]


def split(content):
    at = 0
    while at < len(content):
        size = int.from_bytes(content[at : at + 4], "big")
        yield content[at + 4 : at + 8], content[at : at + size]
        at += size


def turned_by_90_degrees(content):
    """Write a quarter turn into the matrix of the track header, as phones do."""
    at = content.index(b"tkhd") + 4 + 40
    turn = [0, 0x10000, 0, -0x10000, 0, 0, 0, 0, 0x40000000]
    matrix = b"".join(v.to_bytes(4, "big", signed=True) for v in turn)
    return content[:at] + matrix + content[at + 36 :]
