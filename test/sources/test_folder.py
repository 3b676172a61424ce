"""Image folders: order, gaps, and folders without anything to show."""

import cv2
import pytest

from fer_ros.errors import SourceError
from fer_ros.sources.folder import FolderSource

from .recordings import index_of, shade


def fill(folder, names):
    for i, name in enumerate(names):
        cv2.imwrite(str(folder / name), shade(i))


def test_a_missing_folder_and_an_empty_one_are_named(tmp_path, warnings):
    with pytest.raises(SourceError, match="absent is not a folder"):
        FolderSource(tmp_path / "absent", 10.0, warnings)
    (tmp_path / "notes.txt").write_text("no image")
    with pytest.raises(SourceError, match=r"holds no images; it takes \.bmp"):
        FolderSource(tmp_path, 10.0, warnings)


def test_a_folder_without_a_readable_image_is_an_error(tmp_path, warnings):
    (tmp_path / "a.png").write_bytes(b"no image")
    with pytest.raises(SourceError, match="none of the 1 images"):
        FolderSource(tmp_path, 10.0, warnings)


def test_images_come_in_the_order_a_person_counts(tmp_path, warnings):
    fill(tmp_path, ["frame1.png", "frame2.PNG", "frame10.png"])
    frames = list(FolderSource(tmp_path, 10.0, warnings))
    assert [index_of(f.image) for f in frames] == [0, 1, 2]
    assert [f.stamp for f in frames] == pytest.approx([0.0, 0.1, 0.2])


def test_a_corrupt_image_is_skipped_counted_and_leaves_its_gap(tmp_path, warnings):
    fill(tmp_path, ["a.png", "b.jpg", "c.png"])
    (tmp_path / "b.jpg").write_bytes((tmp_path / "b.jpg").read_bytes()[:-50])
    source = FolderSource(tmp_path, 10.0, warnings)
    frames = list(source)
    assert [(f.index, f.stamp) for f in frames] == [(0, 0.0), (1, 0.2)]
    assert source.skipped == 1
    assert len(warnings.heard) == 1
    assert "b.jpg: the jpg image ends early" in warnings.heard[0]
