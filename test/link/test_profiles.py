from dataclasses import replace
from math import inf
from pathlib import Path

import pytest

from fer_ros.errors import ParameterError
from fer_ros.link.loss import GilbertElliott
from fer_ros.link.outages import OutagePlan
from fer_ros.link.profiles import DIRECT, Direction, load_profiles, pick_profile
from fer_ros.link.traces import Trace

LINKS = Path(__file__).parents[2] / "config" / "links"


@pytest.fixture
def links(tmp_path):
    """Write a links file and give its path."""

    def write(text: str) -> Path:
        path = tmp_path / "links.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_the_shipped_folder_holds_every_named_profile():
    assert set(load_profiles(LINKS)) == {
        *("direct", "lan", "wifi", "dsl", "dsl-poor", "slow-4g", "3g", "edge", "gprs", "satellite"),
        *("maclean-720p30", "maclean-360p15", "maclean-144p5"),
        *("wifi-bursty", "wifi-roaming", "dsl-poor-reliable", "walk", "drive", "elevator"),
    }


def test_each_shipped_file_holds_the_profile_of_its_name():
    for path in LINKS.glob("*.yaml"):
        assert list(load_profiles(path)) == [path.stem]


def test_shipped_profiles_of_every_kind_are_what_their_comments_say():
    profiles = load_profiles(LINKS)
    assert profiles["wifi-bursty"].up.packet_loss == pytest.approx(0.011, abs=0.0005)
    assert profiles["wifi-roaming"].up.outages == profiles["wifi-roaming"].down.outages
    reliable, plain = profiles["dsl-poor-reliable"], profiles["dsl-poor"]
    assert reliable.up == replace(plain.up, reliable=True)
    assert profiles["walk"].up.trace.mean_kbps == pytest.approx(4814)


@pytest.mark.parametrize(
    ("name", "delay_ms", "up_kbps", "down_kbps", "loss"),
    [
        ("gprs", 500, 50, 50, 0.02),
        ("edge", 300, 250, 250, 0.015),
        ("3g", 250, 750, 750, 0.015),
        ("slow-4g", 150, 750, 1600, 0.0),
        ("dsl-poor", 70, 2000, 2000, 0.02),
        ("dsl", 40, 8000, 8000, 0.005),
        ("wifi", 40, 30000, 30000, 0.002),
        ("satellite", 20, inf, inf, 0.025),
    ],
)
def test_shipped_figures_are_the_published_ones(name, delay_ms, up_kbps, down_kbps, loss):
    profile = load_profiles(LINKS)[name]
    assert (profile.up.rate_kbps, profile.down.rate_kbps) == (up_kbps, down_kbps)
    for side in (profile.up, profile.down):
        assert (side.delay_ms, side.loss, side.mtu) == (delay_ms, loss, 1500)


def test_the_shipped_direct_profile_emulates_nothing():
    assert load_profiles(LINKS)["direct"] == DIRECT


def test_null_rate_is_unlimited_and_missing_keys_take_defaults(links):
    profile = load_profiles(links("p: {up: {rate_kbps: null}, down: {delay_ms: 5}}"))["p"]
    assert profile.up == Direction()
    assert profile.down == replace(Direction(), delay_ms=5.0)


def test_every_key_reaches_the_direction(links, tmp_path):
    (tmp_path / "traces").mkdir()
    (tmp_path / "traces" / "slow.trace").write_text("10\n20\n")
    text = """
p:
  up: &way
    trace: traces/slow.trace
    delay_ms: 5
    jitter_ms: 2
    jitter_shape: pareto
    reorder: true
    loss: 0.1
    bursts: {p: 0.1, r: 0.5, loss_bad: 0.9, loss_good: 0.01}
    queue_bytes: 5000
    mtu: 1400
    reliable: true
    outages: {at: [[1, 2], [5, 0.5]], every_s: 10, mean_up_s: 8, mean_down_s: 1}
  down: *way
"""
    profile = load_profiles(links(text))["p"]
    assert profile.up == profile.down
    assert profile.up == Direction(
        trace=Trace("slow.trace", (10, 20)),
        delay_ms=5.0,
        jitter_ms=2.0,
        jitter_shape="pareto",
        reorder=True,
        loss=0.1,
        bursts=GilbertElliott(0.1, 0.5, 0.9, 0.01),
        queue_bytes=5000,
        mtu=1400,
        reliable=True,
        outages=OutagePlan(((1.0, 2.0), (5.0, 0.5)), 10.0, 8.0, 1.0),
    )


def test_null_leaves_a_part_out(links):
    text = (
        "p: {up: {trace: null, bursts: null, outages: null}, down: {outages: {at: [[1, 1]], every_s: null}}}"
    )
    profile = load_profiles(links(text))["p"]
    assert profile.up == Direction()
    assert profile.down.outages == OutagePlan(at=((1.0, 1.0),))


def test_a_folder_is_its_files_in_the_order_of_their_names(tmp_path):
    for name in ("b", "a"):
        (tmp_path / f"{name}.yaml").write_text(
            f"{name}1: {{up: {{}}, down: {{}}}}\n{name}0: {{up: {{}}, down: {{}}}}"
        )
    (tmp_path / "notes.txt").write_text("no profile")
    assert list(load_profiles(tmp_path)) == ["a1", "a0", "b1", "b0"]


def test_a_folder_without_profiles_is_refused(tmp_path):
    with pytest.raises(ParameterError, match=r"holds no file \*\.yaml"):
        load_profiles(tmp_path)


def test_a_name_that_two_files_give_is_refused(tmp_path):
    for file in ("a", "b"):
        (tmp_path / f"{file}.yaml").write_text("wifi: {up: {}, down: {}}")
    with pytest.raises(ParameterError, match=r"b\.yaml holds 'wifi', as another file"):
        load_profiles(tmp_path)


@pytest.mark.parametrize(
    ("trace", "says"),
    [
        pytest.param("3", r"p\.up\.trace is 3", id="a number"),
        pytest.param("gone.trace", r"p\.up\.trace: .*gone\.trace cannot be read", id="absent"),
        pytest.param(
            "empty.trace", r"p\.up\.trace: .*empty\.trace holds no line: its rate is zero", id="empty"
        ),
    ],
)
def test_a_trace_that_cannot_be_used_is_refused_naming_profile_and_file(links, tmp_path, trace, says):
    (tmp_path / "empty.trace").write_text("")
    with pytest.raises(ParameterError, match=says):
        load_profiles(links(f"p: {{up: {{trace: {trace}}}, down: {{}}}}"))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param("", "holds None|is None", id="empty file"),
        pytest.param("{}", "no profile", id="no profile"),
        pytest.param("[1, 2]", r"is \[1, 2\]", id="a list"),
        pytest.param("p: {up: [", "not YAML", id="broken"),
        pytest.param("p: 3", "p is 3; it takes a mapping of up and down", id="no mapping"),
        pytest.param("p: {up: {}}", r"p has \['up'\]; it takes exactly up and down", id="one direction"),
        pytest.param("p: {up: {}, down: {}, side: {}}", "side", id="three directions"),
        pytest.param("p: {up: 7, down: {}}", r"p\.up is 7", id="direction is a number"),
        pytest.param("p: {up: {}, down: {loss: 3}}", r"p\.down\.loss is 3.*0 to 1", id="loss above 1"),
        pytest.param("p: {up: {loss: -0.1}, down: {}}", r"p\.up\.loss is -0\.1", id="negative loss"),
        pytest.param("p: {up: {rate_kbps: 0}, down: {}}", r"p\.up\.rate_kbps is 0", id="zero rate"),
        pytest.param("p: {up: {rate_kbps: .nan}, down: {}}", r"rate_kbps is nan", id="rate not a number"),
        pytest.param("p: {up: {rate_kbps: fast}, down: {}}", r"rate_kbps is 'fast'", id="rate is a word"),
        pytest.param("p: {up: {delay_ms: null}, down: {}}", r"delay_ms is None", id="null delay"),
        pytest.param("p: {up: {jitter_ms: true}, down: {}}", r"jitter_ms is True", id="jitter is a boolean"),
        pytest.param("p: {up: {queue_bytes: 0}, down: {}}", r"queue_bytes is 0", id="no queue"),
        pytest.param("p: {up: {queue_bytes: 1.5}, down: {}}", r"queue_bytes is 1\.5", id="half a byte"),
        pytest.param("p: {up: {mtu: 10}, down: {}}", r"mtu is 10", id="tiny mtu"),
        pytest.param(
            "p: {up: {latency: 10}, down: {}}", r"p\.up\.latency is not a parameter", id="unknown key"
        ),
        pytest.param("p: {up: {jitter_shape: odd}, down: {}}", r"choose one of 'normal'", id="unknown shape"),
        pytest.param("p: {up: {reliable: 1}, down: {}}", r"p\.up\.reliable is 1", id="reliable is a number"),
        pytest.param(
            "p: {up: {rate_kbps: 9, queue_bytes: 1499}, down: {}}",
            r"p\.up has queue_bytes 1499",
            id="tiny queue",
        ),
        pytest.param(
            "p: {up: {loss: 1, reliable: true}, down: {}}", r"p\.up is reliable and", id="never arrives"
        ),
        pytest.param(
            "p: {up: {bursts: {p: 2}}, down: {}}", r"p\.up\.bursts\.p is 2\.0.*0 to 1", id="p above 1"
        ),
        pytest.param("p: {up: {bursts: {r: 0}}, down: {}}", r"p\.up\.bursts\.r is 0\.0", id="bad for ever"),
        pytest.param("p: {up: {bursts: {q: 0}}, down: {}}", r"bursts\.q is not a parameter", id="unknown q"),
        pytest.param("p: {up: {bursts: 0.1}, down: {}}", r"p\.up\.bursts is 0\.1", id="bursts is a number"),
        pytest.param("p: {up: {outages: {}}, down: {}}", r"p\.up has outages .* no outage", id="no outage"),
        pytest.param(
            "p: {up: {outages: {at: 3}}, down: {}}", r"outages\.at is 3; it takes a list", id="no list"
        ),
        pytest.param(
            "p: {up: {outages: {at: [3]}}, down: {}}", r"outages\.at is 3; it takes a list", id="no pair"
        ),
        pytest.param(
            "p: {up: {outages: {at: [[-1, 3]]}}, down: {}}", r"outages\.at is -1", id="before the start"
        ),
        pytest.param("p: {up: {outages: {at: [[1]]}}, down: {}}", r"\[1\.0\] in `at`", id="no duration"),
        pytest.param("p: {up: {outages: {mean_up_s: 3}}, down: {}}", r"need both", id="half of a pair"),
    ],
)
def test_a_bad_file_is_refused_naming_file_and_value(links, text, says):
    path = links(text)
    with pytest.raises(ParameterError, match=says) as error:
        load_profiles(path)
    assert str(path) in str(error.value)
    assert "\n" not in str(error.value)


def test_an_absent_file_is_refused(tmp_path):
    with pytest.raises(ParameterError, match=r"nowhere\.yaml cannot be read"):
        load_profiles(tmp_path / "nowhere.yaml")


def test_bytes_that_are_no_text_are_refused(tmp_path):
    path = tmp_path / "links.yaml"
    path.write_bytes(b"\xff\xfe\x00p")
    with pytest.raises(ParameterError, match="not YAML"):
        load_profiles(path)


def test_an_unknown_name_lists_the_names_there_are():
    with pytest.raises(ParameterError, match=r"'5g'; choose one of 3g, direct, "):
        pick_profile(load_profiles(LINKS), "5g")
