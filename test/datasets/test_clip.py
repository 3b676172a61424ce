import corpora
import numpy as np
import pytest

from fer_ros.datasets.archive import Archive
from fer_ros.datasets.clip import Clip, Images, Pixels, Video, in_step, read_frames
from fer_ros.errors import DatasetError


def clip(frames):
    return Clip("mmi", "1/S001-001", "S001", "happy", frames)


def test_a_video_gives_its_frames(tmp_path):
    frames = read_frames(clip(Video(corpora.video(tmp_path / "a.avi", 7))))
    assert len(frames) == 7
    assert frames[0].shape == (240, 320, 3)
    assert frames[0].dtype == np.uint8


def test_images_come_in_the_order_given(tmp_path):
    for value in (10, 20):
        corpora.image(tmp_path / f"{value}.png", np.full((4, 4), value, np.uint8))
    frames = read_frames(clip(Images(Archive(tmp_path, "", "ask"), ("20.png", "10.png"))))
    assert [int(frame[0, 0, 2]) for frame in frames] == [20, 10]


def test_pixels_become_an_image():
    (frame,) = read_frames(clip(Pixels(np.full((4, 4), 9, np.uint8))))
    assert frame.shape == (4, 4, 3)
    assert (frame == 9).all()


@pytest.mark.parametrize("content", [b"", b"no video"])
def test_a_damaged_video_is_named_with_its_clip(content, tmp_path):
    with pytest.raises(DatasetError, match=r"mmi clip 1/S001-001: .*a\.avi"):
        read_frames(clip(Video(corpora.put(tmp_path / "a.avi", content))))


def test_an_absent_video_is_named(tmp_path):
    with pytest.raises(DatasetError, match=r"a\.avi is not a file"):
        read_frames(clip(Video(tmp_path / "a.avi")))


def test_a_video_cut_in_transfer_is_refused(tmp_path):
    path = corpora.video(tmp_path / "a.avi", 60)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(DatasetError, match="mmi clip 1/S001-001"):
        read_frames(clip(Video(path)))


def test_a_damaged_image_is_named(tmp_path):
    corpora.put(tmp_path / "a.png", b"no image")
    with pytest.raises(DatasetError, match=r"a\.png: .* not an image.*; unpack or copy it again"):
        read_frames(clip(Images(Archive(tmp_path, "", "ask"), ("a.png",))))


def test_nobody_known_is_a_person_of_their_own():
    assert Clip("fer2013", "00002", "", "sad", Pixels(np.zeros((4, 4), np.uint8))).person == "fer2013/00002"


@pytest.mark.parametrize(
    ("count", "steps"),
    [
        pytest.param(30, list(range(30)), id="as many"),
        pytest.param(60, list(range(0, 60, 2)), id="every other"),
        pytest.param(10, [i // 3 for i in range(30)], id="each three times"),
        pytest.param(1, [0] * 30, id="one"),
    ],
)
def test_a_sequence_of_thirty_frames_never_goes_back(count, steps):
    assert in_step(count, 30).tolist() == steps
