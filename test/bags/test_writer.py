"""The bag that is written: what is in it, when it is there, and what happens when it cannot be."""

import resource

import pytest
import yaml
from rosbags.highlevel import AnyReader
from rosbags.interfaces import QosDurability
from rosbags.rosbag2 import Reader
from sources.recordings import truncate

from fer_ros.bags import writer
from fer_ros.bags.run import read_run
from fer_ros.bags.writer import BagWriter, Topic
from fer_ros.errors import FerError
from fer_ros.sources.recording import open_recordings

from .runs import RELIABLE, Script, a_run, mcap_of

LATCHED = RELIABLE._replace(durability=QosDurability.TRANSIENT_LOCAL, depth=1)
TOPIC = Topic("/note", "std_msgs/msg/String", RELIABLE)
SECOND_NS = 1_000_000_000


@pytest.fixture
def small_files():
    """No file of this process may grow beyond 100 kB meanwhile, as on a disk that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_stranger_reads_every_message_in_order(tmp_path):
    path = a_run().write(tmp_path / "bag")
    with AnyReader([path]) as reader:  # it knows the types from the bag alone
        read = [(at, c.topic, reader.deserialize(data, c.msgtype)) for c, at, data in reader.messages()]
    times = [at for at, _, _ in read]
    assert times == sorted(times)
    assert len([m for _, topic, m in read if topic == "/emotion"]) == 300
    assert {m.face_id for _, topic, m in read if topic == "/emotion/cloud"} == {"face_7"}


def test_how_topics_are_offered_stands_in_the_bag(tmp_path):
    topics = [TOPIC, Topic("/mode", "fer_ros/msg/OperatingMode", LATCHED)]
    BagWriter(tmp_path / "bag", topics, {}).close()
    with Reader(tmp_path / "bag") as reader:
        offered = {c.topic: c.ext.offered_qos_profiles for c in reader.connections}
    assert offered == {"/note": [RELIABLE], "/mode": [LATCHED]}


def test_what_is_told_about_the_bag_stands_in_its_metadata(tmp_path):
    path = Script().write(tmp_path / "bag", about={"mode.offline_after_s": "0.5"})
    metadata = yaml.safe_load((path / "metadata.yaml").read_text())["rosbag2_bagfile_information"]
    assert metadata["custom_data"] == {"mode.offline_after_s": "0.5"}
    assert metadata["storage_identifier"] == "mcap"


def test_what_is_there_is_not_overwritten(tmp_path):
    with pytest.raises(FerError, match="exists; name a folder that does not, or move it away"):
        BagWriter(tmp_path, [TOPIC], {})


def test_a_place_where_no_folder_can_be_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(FerError, match=r"file/bag cannot be made \(Not a directory\)"):
        BagWriter(tmp_path / "file" / "bag", [TOPIC], {})


def test_without_an_end_everything_but_the_last_seconds_is_there(tmp_path):
    """As when the process is killed: what was flushed is read, and nothing that is half."""
    path = a_run(20.0).write(tmp_path / "bag")
    truncate(mcap_of(path), 0.5)
    (path / "metadata.yaml").unlink()
    run = read_run(path)
    assert 5.0 < run.span_s < 12.0
    assert "is damaged and read as far as it goes" in run.damage


def test_a_full_disk_ends_the_recording_and_nothing_else(tmp_path, small_files):
    bag = BagWriter(tmp_path / "bag", [TOPIC], {})
    for second in range(40):
        bag.put("/note", second * 3 * SECOND_NS, b"\0" * 10_000)
    bag.close()
    assert "bag cannot be written any more (File too large); what came before is in it" in bag.failure
    assert 0 < bag.written < 10
    bag.put("/note", 0, b"\0")  # nobody is hurt


def test_a_full_disk_leaves_what_came_before(tmp_path, small_files):
    bag = BagWriter(tmp_path / "bag", [TOPIC], {})
    for second in range(40):
        bag.put("/note", second * 3 * SECOND_NS, b"\0\1\0\0" + b"\0" * 10_000)
    bag.close()
    (recording,) = open_recordings(tmp_path / "bag", lambda _: None)
    assert len(list(recording.messages("/note"))) == bag.written


def test_a_disk_that_is_too_far_behind_loses_messages_and_counts_them(tmp_path, monkeypatch):
    monkeypatch.setattr(writer, "MOST_WAITING_BYTES", -1)  # as if it were always
    bag = BagWriter(tmp_path / "bag", [TOPIC], {})
    bag.put("/note", SECOND_NS, b"\0")
    bag.close()
    assert (bag.dropped, bag.written, bag.failure) == (1, 0, "")
