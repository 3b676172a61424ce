"""Bags of both storages: missing, empty, ambiguous, truncated, damaged, and whole."""

import pytest

from fer_ros.errors import SourceError
from fer_ros.sources.bag import BagSource

from .recordings import (
    TYPES,
    compressed_message,
    image_message,
    index_of,
    shade,
    storage_file,
    truncate,
    write_bag,
)

STORAGES = ["mcap", "sqlite3"]
COUNT = 20


@pytest.fixture(params=STORAGES)
def bag(request, tmp_path):
    images = [image_message(i, 100 + i / 10) for i in range(COUNT)]
    return write_bag(tmp_path / "bag", request.param, {"/image_raw": images})


@pytest.mark.parametrize("storage", STORAGES)
def test_a_bag_without_images_says_what_it_holds(tmp_path, warnings, storage):
    text = TYPES.types["std_msgs/msg/String"]("hello")
    path = write_bag(tmp_path / "bag", storage, {"/chatter": [text]})
    with pytest.raises(SourceError, match=r"holds no images, only /chatter \(std_msgs/msg/String\)"):
        BagSource(path, warnings)


@pytest.mark.parametrize("storage", STORAGES)
def test_an_empty_bag_is_an_error(tmp_path, warnings, storage):
    with pytest.raises(SourceError, match="holds no images, only nothing"):
        BagSource(write_bag(tmp_path / "bag", storage, {}), warnings)


@pytest.mark.parametrize("storage", STORAGES)
def test_a_topic_without_messages_is_an_error(tmp_path, warnings, storage):
    with pytest.raises(SourceError, match=r"/image_raw of .* holds no readable image"):
        BagSource(write_bag(tmp_path / "bag", storage, {"/image_raw": []}), warnings)


def test_no_bag_at_all_is_named(tmp_path, warnings):
    with pytest.raises(SourceError, match="absent does not exist; give a rosbag2 folder"):
        BagSource(tmp_path / "absent", warnings)
    with pytest.raises(SourceError, match="can be read as a bag"):
        BagSource(tmp_path, warnings)


@pytest.mark.parametrize("name", ["empty.mcap", "empty.db3", "notes.txt"])
@pytest.mark.parametrize("content", [b"", b"not a bag at all" * 20])
def test_a_file_that_is_no_bag_is_named(tmp_path, warnings, name, content):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SourceError, match="can be read as a bag"):
        BagSource(tmp_path / name, warnings)


@pytest.mark.parametrize("storage", STORAGES)
def test_of_several_image_topics_one_must_be_named(tmp_path, warnings, storage):
    path = write_bag(
        tmp_path / "bag", storage, {"/left": [image_message(1, 5.0)], "/right": [compressed_message(2, 6.0)]}
    )
    with pytest.raises(SourceError, match="images on /left, /right; choose one"):
        BagSource(path, warnings)
    with pytest.raises(SourceError, match="no images on /up; name one of /left, /right"):
        BagSource(path, warnings, topic="/up")
    assert index_of(next(BagSource(path, warnings, topic="/left")).image) == 1
    assert index_of(next(BagSource(path, warnings, topic="/right")).image) == 2


def test_every_image_comes_in_order_with_the_stamp_of_its_header(bag, warnings):
    with BagSource(bag, warnings) as source:
        frames = list(source)
    assert [index_of(f.image) for f in frames] == [f.index for f in frames] == list(range(COUNT))
    assert [f.stamp for f in frames] == pytest.approx([100 + i / 10 for i in range(COUNT)])
    assert source.fps == pytest.approx(10)
    assert (source.topic, source.skipped, warnings.heard) == ("/image_raw", 0, [])


def test_a_single_storage_file_is_a_bag_too(bag, warnings):
    assert len(list(BagSource(storage_file(bag), warnings))) == COUNT
    assert warnings.heard == []


def test_a_header_without_a_stamp_falls_back_to_the_time_of_recording(tmp_path, warnings):
    path = write_bag(
        tmp_path / "bag", "mcap", {"/image_raw": [image_message(0, 0.0)]}, log_start_ns=7 * 10**9
    )
    assert next(BagSource(path, warnings)).stamp == 7.0


def test_a_bag_whose_recorder_died_is_read_without_its_metadata(bag, warnings):
    (bag / "metadata.yaml").unlink()
    assert len(list(BagSource(bag, warnings))) == COUNT
    assert len(warnings.heard) == 1
    assert "metadata" in warnings.heard[0]


@pytest.mark.parametrize("as_folder", [True, False])
def test_frames_before_a_truncation_are_given_with_one_warning(tmp_path, warnings, as_folder, long_bag):
    truncate(storage_file(long_bag), 0.7)
    source = BagSource(long_bag if as_folder else storage_file(long_bag), warnings)
    indices = [index_of(f.image) % 20 for f in source]
    assert 50 <= len(indices) < 200
    assert indices == [i % 20 for i in range(len(indices))]
    assert 1 <= len(warnings.heard) <= 2
    assert "is damaged and read as far as it goes" in warnings.heard[0]


@pytest.fixture(params=STORAGES)
def long_bag(request, tmp_path):
    """2 MB: more than one MCAP chunk."""
    images = [image_message(i % 20, 100 + i / 10) for i in range(200)]
    return write_bag(tmp_path / "bag", request.param, {"/image_raw": images})


@pytest.mark.parametrize("share", [0.0, 0.001, 0.01])
def test_a_bag_with_hardly_anything_left_is_an_error(long_bag, warnings, share):
    truncate(storage_file(long_bag), share)
    with pytest.raises(SourceError, match=r"can be read as a bag|holds no"):
        BagSource(long_bag, warnings)


@pytest.mark.parametrize("storage", STORAGES)
def test_single_damaged_images_are_skipped_and_counted(tmp_path, warnings, storage):
    whole = TYPES.serialize_cdr(image_message(1, 1.0), "sensor_msgs/msg/Image")
    messages = [
        image_message(0, 1.0),
        bytes(whole)[:500],
        image_message(2, 2.0, encoding="polka8"),
        b"",
        image_message(4, 4.0),
    ]
    source = BagSource(write_bag(tmp_path / "bag", storage, {"/image_raw": messages}), warnings)
    assert [index_of(f.image) for f in source] == [0, 4]
    assert source.skipped == len(warnings.heard) == 3
    assert "'polka8' is not supported" in warnings.heard[1]


def test_compressed_images_are_decoded_and_damaged_ones_skipped(tmp_path, warnings):
    cut = compressed_message(1, 2.0)
    cut.data = cut.data[:-100]
    path = write_bag(
        tmp_path / "bag",
        "mcap",
        {"/image/compressed": [compressed_message(0, 1.0), cut, compressed_message(2, 3.0)]},
    )
    source = BagSource(path, warnings)
    assert [(f.stamp, index_of(f.image)) for f in source] == [(1.0, 0), (3.0, 2)]
    assert "ends early" in warnings.heard[0]


def test_reading_leaves_nothing_behind(long_bag, warnings):
    truncate(storage_file(long_bag), 0.7)
    before = sorted(p.name for p in long_bag.iterdir())
    assert list(BagSource(long_bag, warnings))
    assert sorted(p.name for p in long_bag.iterdir()) == before


def test_raw_images_are_what_was_recorded(bag, warnings):
    assert (next(BagSource(bag, warnings)).image == shade(0)).all()
