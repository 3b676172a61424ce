"""Builds of BigFaceX and FaceParty: what they hold, and what a stop leaves."""

import json
import resource
from collections import Counter
from contextlib import contextmanager
from functools import partial

import corpora
import numpy as np
import pytest

from fer_ros.datasets import built, lee, store
from fer_ros.datasets.adapters import ckplus
from fer_ros.datasets.builder import Protocol, build
from fer_ros.datasets.clip import Clip, Pixels, Video
from fer_ros.errors import DatasetError
from fer_ros.faces.haar import HaarFinder

PROTOCOL = Protocol("bigfacex", ("ckplus",), seed=0)
BIGFACEX = partial(lee.bigfacex, finder=HaarFinder())


def silent(done, total):
    pass


@pytest.fixture
def clips(tmp_path):
    return ckplus.load(corpora.ckplus(tmp_path / "CK+", 7, lambda i: corpora.picture(i % 8)))


@pytest.fixture
def out(tmp_path):
    return tmp_path / "built"


def test_a_build_holds_every_window_with_its_origin(clips, out):
    result = build(PROTOCOL, clips, BIGFACEX, out, silent)
    rows = built.index(out)
    assert tuple(rows) == result.rows
    assert [row.window for row in rows] == list(range(6 * 3))  # six classes without contempt, 7 - 5 + 1 each
    assert Counter(row.label for row in rows) == dict.fromkeys(
        ("angry", "disgust", "fear", "happy", "sad", "surprise"), 3
    )
    assert (rows[0].dataset, rows[0].clip, rows[0].subject) == ("ckplus", "S010/001", "ckplus/S010")


def test_windows_are_read_back(clips, out):
    rows = build(PROTOCOL, clips, BIGFACEX, out, silent).rows
    images = built.images(out, rows)
    assert images.shape == (18, 5, 48, 48)
    assert images.dtype == np.uint8
    np.testing.assert_array_equal(built.images(out, rows[4:5]), images[4:5])
    np.testing.assert_array_equal(images[0, 1:], images[1, :4])


def test_splits_keep_people_apart_or_do_not(clips, out):
    rows = build(PROTOCOL, clips, BIGFACEX, out, silent).rows
    assert len({(row.subject, row.by_subject) for row in rows}) == 6
    assert {row.by_subject for row in rows} == {"train", "validation", "test"}
    assert Counter(row.by_window for row in rows) == {"train": 13, "validation": 1, "test": 4}
    assert len({(row.clip, row.by_window) for row in rows}) > 6


def test_progress_counts_clips(clips, out):
    seen = []
    build(PROTOCOL, clips, BIGFACEX, out, lambda done, total: seen.append((done, total)))
    assert seen == [(i, 6) for i in range(1, 7)]


def test_an_interrupted_build_goes_on_where_it_stopped(clips, out, tmp_path):
    cut = []

    def interrupted(clip, frames):
        if len(cut) == 2:
            raise KeyboardInterrupt
        cut.append(clip.id)
        return BIGFACEX(clip, frames)

    with pytest.raises(KeyboardInterrupt):
        build(PROTOCOL, clips, interrupted, out, silent)
    with pytest.raises(DatasetError, match=r"holds no index\.csv: nothing, or a build that was stopped"):
        built.index(out)

    def going_on(clip, frames):
        cut.append(clip.id)
        return BIGFACEX(clip, frames)

    resumed = build(PROTOCOL, clips, going_on, out, silent)
    assert cut == [clip.id for clip in clips if clip.label != "contempt"]  # each once
    assert resumed == build(PROTOCOL, clips, BIGFACEX, tmp_path / "in one go", silent)


def test_a_half_written_clip_is_cut_again(clips, out):
    rows = build(PROTOCOL, clips, BIGFACEX, out, silent).rows
    before = built.images(out, rows)
    path = out / rows[0].file
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(DatasetError, match=r"S010_001.*cannot be read .*; delete it and build again"):
        built.images(out, rows)
    assert build(PROTOCOL, clips, BIGFACEX, out, silent).rows == rows
    np.testing.assert_array_equal(built.images(out, rows), before)


def test_another_build_does_not_go_on_in_the_same_folder(clips, out):
    build(PROTOCOL, clips, BIGFACEX, out, silent)
    with pytest.raises(DatasetError, match=r"holds a build of .*bigfacex.* not of .*faceparty"):
        build(Protocol("faceparty", ("ckplus",), 0, "cloud@1"), clips, BIGFACEX, out, silent)


def test_a_damaged_protocol_is_named(clips, out):
    corpora.put(out / "protocol.json", b"{")
    with pytest.raises(DatasetError, match=r"protocol\.json is damaged"):
        build(PROTOCOL, clips, BIGFACEX, out, silent)


def test_a_clip_that_cannot_be_read_does_not_end_the_build(clips, out, tmp_path):
    damaged = Clip("ckplus", "S999/001", "S999", "fear", Video(corpora.put(tmp_path / "a.avi", b"?")))
    result = build(PROTOCOL, [damaged, *clips], BIGFACEX, out, silent)
    assert len(result.rows) == 18
    (error,) = result.unreadable
    assert "S999/001" in error


def test_clips_without_a_face_are_told(clips, out):
    blank = Clip("ckplus", "S998/001", "S998", "fear", Pixels(np.zeros((240, 320), np.uint8)))
    assert build(PROTOCOL, [*clips, blank], BIGFACEX, out, silent).faceless == ("ckplus/S998/001",)


def test_no_window_at_all_is_an_error(out):
    blank = Clip("ckplus", "S998/001", "S998", "fear", Pixels(np.zeros((240, 320), np.uint8)))
    with pytest.raises(DatasetError, match="none of 1 clips gave a window"):
        build(PROTOCOL, [blank], BIGFACEX, out, silent)


@contextmanager
def files_of_at_most(size):
    """A disk that takes no more than `size` bytes a file."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_stops_a_build_that_goes_on_with_room(clips, out):
    with (
        files_of_at_most(1000),
        pytest.raises(DatasetError, match=r"S010_001.* cannot be written .*; make room and start again"),
    ):
        build(PROTOCOL, clips, BIGFACEX, out, silent)
    assert not [*out.rglob("*.npz*")]
    assert len(build(PROTOCOL, clips, BIGFACEX, out, silent).rows) == 18


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    blocked = corpora.put(tmp_path / "file") / "a.npz"
    with pytest.raises(DatasetError, match=r"a\.npz cannot be written"):
        store.write(blocked, {"a": np.zeros(3)})


def test_an_index_of_another_make_is_named(clips, out):
    build(PROTOCOL, clips, BIGFACEX, out, silent)
    index = out / "index.csv"
    text = index.read_text()
    index.write_text(text.replace("by_subject", "split"))
    with pytest.raises(DatasetError, match="has no column by_subject"):
        built.index(out)
    index.write_text(text.replace("angry", "furious"))
    with pytest.raises(DatasetError, match="line 2 has the label 'furious'"):
        built.index(out)


def test_an_index_that_names_more_than_there_is(clips, out):
    rows = build(PROTOCOL, clips, BIGFACEX, out, silent).rows
    with np.load(out / rows[0].file) as arrays:
        kept = {name: arrays[name][:1] for name in arrays}
    np.savez(out / rows[0].file, **kept)
    with pytest.raises(DatasetError, match=r"holds \(1, 5, 48, 48\), not what index\.csv says"):
        built.images(out, rows)


def test_the_protocol_is_written_down(clips, out):
    build(PROTOCOL, clips, BIGFACEX, out, silent)
    written = json.loads((out / "protocol.json").read_text())
    assert written == {"name": "bigfacex", "sources": ["ckplus"], "seed": 0, "scorer": ""}
