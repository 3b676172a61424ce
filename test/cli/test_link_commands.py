"""`fer_ros link` as it is typed."""

import json

import numpy as np
import pytest
from rosbags.rosbag2 import Reader, StoragePlugin, Writer
from rosbags.typesys import Stores, get_typestore

from fer_ros.cli import link_check
from fer_ros.cli.main import main
from fer_ros.link import theory
from fer_ros.link.theory import Comparison
from fer_ros.link.traces import read_trace

TYPES = get_typestore(Stores.ROS2_JAZZY)
IMAGES = 30


@pytest.fixture
def fer_ros(capsys):
    """Run a command; gives its status, output and complaint."""

    def run(*arguments):
        status = main([str(argument) for argument in arguments])
        shown = capsys.readouterr()
        return status, shown.out, shown.err

    return run


@pytest.fixture
def told(fer_ros):
    """Run a command that succeeds with one JSON object, and give it."""

    def run(*arguments):
        status, out, err = fer_ros(*arguments, "--json")
        assert (status, err) == (0, "")
        return json.loads(out)

    return run


@pytest.fixture(scope="module")
def bag(tmp_path_factory):
    """A recorded topic of small pictures, ten a second."""
    folder = tmp_path_factory.mktemp("bag") / "recorded"
    with Writer(folder, version=9, storage_plugin=StoragePlugin.MCAP) as writer:
        connection = writer.add_connection("/camera/image_raw", "sensor_msgs/msg/Image", typestore=TYPES)
        for k in range(IMAGES):
            stamp = TYPES.types["builtin_interfaces/msg/Time"](1700000000 + k // 10, k % 10 * 100_000_000)
            header = TYPES.types["std_msgs/msg/Header"](stamp, "camera")
            pixels = np.full(40 * 30 * 3, k, np.uint8)
            message = TYPES.types["sensor_msgs/msg/Image"](header, 30, 40, "bgr8", 0, 120, pixels)
            data = TYPES.serialize_cdr(message, "sensor_msgs/msg/Image")
            writer.write(connection, 1_700_000_000_000_000_000 + k * 100_000_000, data)
    return folder


def test_simulate_prints_a_line_a_stretch_and_one_for_all(fer_ros):
    status, out, _ = fer_ros("link", "simulate", "wifi", "--duration", 6, "--every", 2)
    lines = out.splitlines()
    assert status == 0
    assert lines[0] == "profile wifi, direction up, bytes 25000, messages/s 15.0, seed 1"
    assert [line.split()[0] for line in lines[3:]] == ["0", "2", "4", "all"]


def test_simulate_gives_what_the_profile_says(told):
    content = told("link", "simulate", "gprs", "--size", 700, "--rate", 2, "--duration", 300, "--down")
    total = content["all"]
    assert (content["profile"], content["direction"], total["sent"]) == ("gprs", "down", 600)
    assert len(content["stretches"]) == 12
    assert total["loss"] == pytest.approx(0.02, abs=0.015)
    assert total["delay_p50_ms"] == pytest.approx(500 + 112, abs=10)
    assert total["delivered_kbps"] == pytest.approx(11.2, rel=0.05)


def test_simulate_can_be_told_a_rate_in_bits_and_random_times(told):
    content = told("link", "simulate", "dsl", "--size", 1000, "--kbps", 800, "--duration", 50, "--poisson")
    assert content["messages/s"] == 100.0
    assert content["all"]["offered_kbps"] == pytest.approx(800, rel=0.05)


def test_the_same_seed_prints_the_same(fer_ros):
    runs = [fer_ros("link", "simulate", "drive", "--duration", 5, "--seed", seed)[1] for seed in (3, 3, 4)]
    assert runs[0] == runs[1] != runs[2].replace("seed 4", "seed 3")


def test_simulate_draws_a_plot(fer_ros, tmp_path):
    picture = tmp_path / "walk.png"
    status, _, _ = fer_ros("link", "simulate", "walk", "--duration", 5, "--out", picture)
    assert status == 0
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_simulate_takes_profiles_of_ones_own(told, tmp_path):
    links = tmp_path / "mine.yaml"
    links.write_text("mine: {up: {delay_ms: 7}, down: {}}")
    content = told("link", "simulate", "mine", "--links-file", links, "--duration", 1)
    assert content["all"]["delay_p50_ms"] == pytest.approx(7.0)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["simulate", "5g"], "there is no link profile '5g'; choose one of 3g, "),
        (["simulate", "wifi", "--links-file", "nowhere.yaml"], "nowhere.yaml cannot be read"),
        (["simulate", "wifi", "--rate", "100000", "--duration", "3600"], "more than 2000000; lower one"),
        (["simulate", "wifi", "--size", "0", "--kbps", "10"], "--size is 0"),
        (
            ["simulate", "wifi", "--duration", "1", "--out", "nowhere/a.png"],
            "nowhere/a.png cannot be written",
        ),
        (["replay", "5g", "nowhere"], "there is no link profile '5g'"),
        (["replay", "wifi", "nowhere"], "nowhere does not exist"),
        (["trace", "swim"], "there is no scene 'swim'"),
        (["trace", "nowhere.csv"], "nowhere.csv cannot be read"),
        (["trace", "nowhere.trace"], "nowhere.trace cannot be read"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(fer_ros, tmp_path, monkeypatch, arguments, says):
    monkeypatch.chdir(tmp_path)
    status, out, err = fer_ros("link", *arguments)
    assert (status, out) == (1, "")
    assert says in err
    assert err.count("\n") == 1


@pytest.mark.parametrize("option", [["--rate", "fast"], ["--rate", "0"], ["--size", "-1"], ["--every", "0"]])
def test_a_number_that_is_none_is_not_understood(fer_ros, capsys, option):
    with pytest.raises(SystemExit) as stopped:
        fer_ros("link", "simulate", "wifi", *option)
    assert stopped.value.code == 2
    assert option[1] in capsys.readouterr().err


def test_replay_sends_what_was_recorded_when_it_was_recorded(told, bag):
    content = told("link", "replay", "slow-4g", bag, "--every", 1)
    assert (content["topic"], content["messages"], content["arrived"]) == (
        "/camera/image_raw",
        IMAGES,
        IMAGES,
    )
    assert [part["sent"] for part in content["stretches"]] == [10, 10, 10]
    assert content["all"]["offered_kbps"] == pytest.approx(10 * 3.7 * 8, rel=0.15)


def test_replay_takes_a_trace_and_writes_what_arrives_when_it_does(told, bag, tmp_path):
    trace, copy = tmp_path / "slow.trace", tmp_path / "arrived"
    trace.write_text("100\n")  # 120 kbit/s
    content = told("link", "replay", trace, bag, "--delay-ms", 50, "--bag", copy)
    assert content["profile"] == "slow.trace"
    assert content["all"]["delivered_kbps"] == pytest.approx(120, rel=0.1)
    with Reader(bag) as before, Reader(copy) as after:
        recorded = [data for _, _, data in before.messages()]
        arrived = [(stamp_ns, data) for _, stamp_ns, data in after.messages()]
    assert [data for _, data in arrived] == recorded
    stamps_ms = [stamp_ns / 1e6 - 1_700_000_000_000 for stamp_ns, _ in arrived]
    assert stamps_ms == sorted(stamps_ms)
    assert stamps_ms[0] == pytest.approx(350, abs=0.01)  # three opportunities, and then 50 ms


def test_replay_writes_over_nothing(fer_ros, bag):
    status, _, err = fer_ros("link", "replay", "wifi", bag, "--bag", bag)
    assert status == 1
    assert "exists; name a bag that does not" in err


def test_trace_makes_a_trace_of_rates(told, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rates.csv").write_text("t_s,kbps\n0,1200\n1,0\n2,2400\n")
    about = told("link", "trace", "rates.csv")
    assert about == {
        "file": "rates.trace",
        "written": True,
        "packets": 100 + 200,
        "lap_s": 3.0,
        "mean_kbps": 1200.0,
        "longest_gap_s": 1.005,
    }
    assert len(read_trace(tmp_path / "rates.trace").times_ms) == 300
    assert told("link", "trace", "rates.trace") == {**about, "written": False}


def test_trace_makes_a_scene(fer_ros, tmp_path):
    status, out, _ = fer_ros("link", "trace", "elevator", "--seed", 5, "--out", tmp_path / "mine.trace")
    assert status == 0
    assert "mine.trace: " in out
    assert read_trace(tmp_path / "mine.trace").lap_s == 60.0


def test_check_prints_a_table_and_fails_where_a_figure_is_off(fer_ros, monkeypatch):
    right, wrong = theory.saturation(1500, 500.0), Comparison("mine", "x", "ms", 100.0, 103.0, 0.02)
    for found, expected in (([right], 0), ([right, wrong], 1)):
        monkeypatch.setattr(link_check, "comparisons", lambda _traces, found=found: iter(found))
        status, out, _ = fer_ros("link", "check")
        assert status == expected
        assert "| throughput under saturation, 1500-byte packets | `rate` | 500 kbit/s |" in out
    assert out.splitlines()[-1] == "| mine | `x` | 100 ms | 103 ms | +3.00 % (missed) | 2 % |"


def test_check_compares_every_trace_that_is_shipped(told, monkeypatch):
    monkeypatch.setattr(link_check, "comparisons", lambda traces: map(theory.trace_throughput, traces))
    rows = told("link", "check")["comparisons"]
    assert len(rows) == 3
    assert all(row["holds"] and abs(row["difference"]) < 0.01 for row in rows)
