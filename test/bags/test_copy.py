"""A bag with everything of another one in it: bytes, times, types, how topics were offered."""

import resource
import sqlite3

import pytest
from rosbags.highlevel import AnyReader
from rosbags.interfaces import QosDurability, QosReliability
from rosbags.rosbag2 import Reader, StoragePlugin, Writer
from rosbags.rosbag2.enums import CompressionFormat, CompressionMode
from rosbags.typesys import Stores, get_typestore
from sources.recordings import storage_file, truncate

from fer_ros.bags.copy import NO_HASH, everything, open_copy, storage_of
from fer_ros.errors import FerError
from fer_ros.sources.recording import Channel, open_recordings

from .runs import RELIABLE

TYPES = get_typestore(Stores.ROS2_JAZZY)
LATCHED = RELIABLE._replace(
    durability=QosDurability.TRANSIENT_LOCAL, reliability=QosReliability.BEST_EFFORT, depth=1
)
OWN_TYPE = "robot_msgs/msg/Whisker"
OWN_TEXT = "# bent by what it touches\nfloat32 bend  # rad\nstd_msgs/String note\n" + "=" * 80
OWN_TEXT += "\nMSG: std_msgs/String\nstring data\n"
OWN_HASH = "RIHS01_a3b7dcb9519043cfe93d8048b0ca6085d2aac9b84c259b91834ea2b000607963"
PLUGINS = {"mcap": StoragePlugin.MCAP, "sqlite3": StoragePlugin.SQLITE3}
STRING, IMU = "std_msgs/msg/String", "sensor_msgs/msg/Imu"


def write_robot(folder, storage="mcap", messages=40, compressed=None):
    """Four topics of a robot, one of a type of its own, one offered twice, one without a message."""
    writer = Writer(folder, version=9, storage_plugin=PLUGINS[storage])
    if compressed is not None:
        writer.set_compression(compressed, CompressionFormat.ZSTD)
    writer.set_custom_data("operator", "Ada")
    with writer:
        note = writer.add_connection("/note", STRING, typestore=TYPES, offered_qos_profiles=[LATCHED])
        again = writer.add_connection("/note", STRING, typestore=TYPES, offered_qos_profiles=[RELIABLE])
        whisker = writer.add_connection("/whisker", OWN_TYPE, msgdef=OWN_TEXT, rihs01=OWN_HASH)
        writer.add_connection("/imu", IMU, typestore=TYPES)
        for k in range(messages):
            text = TYPES.serialize_cdr(TYPES.types[STRING](f"message {k}"), STRING)
            writer.write(again if k % 4 == 3 else note, 10**18 + k * 10**7, bytes(text))
            writer.write(whisker, 10**18 + k * 10**7, bytes([0, 1, 0, 0, k % 256, *range(100)]))
    return folder


def copied(path, out, storage, extra=()):
    damage = []
    recordings = open_recordings(path, damage.append)
    channels = [channel for one in recordings for channel in one.channels]
    with open_copy(out, storage, [*channels, *extra], {"operator": "Ada"}) as copy:
        for channel, at_ns, data in everything(str(path), recordings, damage.append):
            copy.write(channel, at_ns, data)
    return damage


def held(path):
    """Every message of a bag, by topic: (time, bytes, QoS)."""
    found = {}
    with Reader(path) as reader:
        for connection, at_ns, data in reader.messages():
            found.setdefault(connection.topic, []).append((at_ns, bytes(data), connection.ext))
    return found


def described(path):
    with Reader(path) as reader:
        return sorted((c.topic, c.msgtype, c.msgdef, c.digest, c.ext) for c in reader.connections)


@pytest.mark.parametrize("after", ["mcap", "sqlite3"])
@pytest.mark.parametrize("before", ["mcap", "sqlite3"])
def test_everything_is_in_the_copy_byte_for_byte(tmp_path, before, after):
    path = write_robot(tmp_path / "in", before)
    assert copied(path, tmp_path / "out", after) == []
    assert storage_of(tmp_path / "out") == after
    assert held(tmp_path / "out") == held(path)
    assert described(tmp_path / "out") == described(path)


@pytest.mark.parametrize(
    ("storage", "mode"),
    [
        pytest.param("mcap", CompressionMode.STORAGE, id="mcap, chunks"),
        pytest.param("mcap", CompressionMode.MESSAGE, id="mcap, messages"),
        pytest.param("sqlite3", CompressionMode.MESSAGE, id="sqlite3, messages"),
        pytest.param("sqlite3", CompressionMode.FILE, id="sqlite3, file"),
    ],
)
def test_a_compressed_bag_is_copied_too(tmp_path, storage, mode):
    path = write_robot(tmp_path / "in", storage, compressed=mode)
    assert copied(path, tmp_path / "out", storage_of(path)) == []
    assert held(tmp_path / "out") == held(path)


def test_a_stranger_reads_the_copy_with_its_types_alone(tmp_path):
    path = write_robot(tmp_path / "in")
    copied(path, tmp_path / "out", "sqlite3")
    with AnyReader([tmp_path / "out"]) as reader:
        notes = [
            reader.deserialize(data, c.msgtype).data for c, _, data in reader.messages() if c.topic == "/note"
        ]
    assert notes == [f"message {k}" for k in range(40)]


@pytest.mark.parametrize("storage", ["mcap", "sqlite3"])
def test_a_single_file_is_a_bag_too(tmp_path, storage):
    path = write_robot(tmp_path / "in", storage)
    copied(storage_file(path), tmp_path / "out", storage)
    assert held(tmp_path / "out") == held(path)
    assert described(tmp_path / "out")[0][3].startswith(
        "RIHS01_"
    )  # found from its definition, where not told


def test_what_the_metadata_tells_of_the_recording_goes_along(tmp_path):
    copied(write_robot(tmp_path / "in"), tmp_path / "out", "mcap")
    assert "operator: Ada" in (tmp_path / "out" / "metadata.yaml").read_text()
    assert [path.name for path in sorted((tmp_path / "out").iterdir())] == ["metadata.yaml", "out.mcap"]


def test_an_old_bag_without_definitions_gets_those_that_are_known(tmp_path):
    """As rosbag2 wrote SQLite until Humble: types by name, and nothing of how they look."""
    path = write_robot(tmp_path / "in", "sqlite3")
    (path / "metadata.yaml").unlink()
    database = sqlite3.connect(storage_file(path))
    for sql in (
        "DROP TABLE message_definitions",
        "DROP TABLE schema",
        "DROP TABLE metadata",
        "ALTER TABLE topics DROP COLUMN type_description_hash",
    ):
        database.execute(sql)
    database.commit()
    database.close()
    assert copied(storage_file(path), tmp_path / "out", "sqlite3") == []
    kinds = {c[1]: (c[2].data, c[3]) for c in described(tmp_path / "out")}
    assert kinds[STRING] == ("string data\n", TYPES.hash_rihs01(STRING))
    assert kinds[OWN_TYPE] == ("", NO_HASH)
    assert len(held(tmp_path / "out")["/whisker"]) == 40


@pytest.mark.parametrize("storage", ["mcap", "sqlite3"])
def test_of_a_bag_that_was_cut_off_the_rest_is_copied(tmp_path, storage):
    path = write_robot(tmp_path / "in", storage, messages=30_000)
    before = held(path)
    truncate(storage_file(path), 0.5)
    damage = copied(path, tmp_path / "out", storage)
    assert damage
    after = held(tmp_path / "out")
    assert set(after) == set(before)
    for topic, messages in after.items():
        assert 3000 < len(messages) < 30_000
        assert [m[:2] for m in messages] == [m[:2] for m in before[topic][: len(messages)]]
    offered = {c[0]: c[4].offered_qos_profiles for c in described(tmp_path / "out")}
    assert offered["/note"] in ([LATCHED], [RELIABLE])


def test_messages_of_a_cut_bag_that_lie_out_of_order_are_all_copied(tmp_path):
    """Recorders write what they receive: one topic's clock may be behind the other's."""
    path = tmp_path / "in"
    with Writer(path, version=9, storage_plugin=StoragePlugin.MCAP) as writer:
        late, early = (writer.add_connection(topic, STRING, typestore=TYPES) for topic in ("/late", "/early"))
        for k in range(20_000):
            writer.write(late, 10**18 + k * 1000 + 10**9, bytes(100))
            writer.write(early, 10**18 + k * 1000, bytes(100))
    truncate(storage_file(path), 0.7)
    damage = copied(path, tmp_path / "out", "mcap")
    assert len(damage) == 1
    assert min(len(messages) for messages in held(tmp_path / "out").values()) > 10_000


def test_a_place_that_is_taken_is_refused(tmp_path):
    (tmp_path / "out").mkdir()
    with pytest.raises(FerError, match="exists; name a folder that does not"):
        copied(write_robot(tmp_path / "in"), tmp_path / "out", "mcap")


def test_a_folder_that_is_missing_is_named(tmp_path):
    with pytest.raises(FerError, match=r"the folder .*nowhere of out does not exist; make it first"):
        copied(write_robot(tmp_path / "in"), tmp_path / "nowhere" / "out", "mcap")


def write_notes(path, storage, count, error=None):
    channel = Channel("/note", STRING, qos=(RELIABLE,))
    with open_copy(path, storage, [channel], {}) as copy:
        for k in range(count):
            copy.write(channel, k, bytes(1000))
        if error is not None:
            raise error


@pytest.fixture
def small_files():
    """No file of this process may grow beyond 100 kB meanwhile, as on a disk that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("storage", ["mcap", "sqlite3"])
def test_a_full_disk_is_one_error_and_leaves_nothing(tmp_path, small_files, storage):
    with pytest.raises(FerError, match=r"out cannot be written \(.*\); make room, or name another place"):
        write_notes(tmp_path / "out", storage, 4000)
    assert list(tmp_path.iterdir()) == []


def test_an_interrupt_leaves_nothing(tmp_path):
    with pytest.raises(KeyboardInterrupt):
        write_notes(tmp_path / "out", "mcap", 10, KeyboardInterrupt)
    assert list(tmp_path.iterdir()) == []
