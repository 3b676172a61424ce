from dataclasses import replace
from math import inf
from pathlib import Path

import pytest

from fer_ros.errors import ParameterError
from fer_ros.link.profiles import DIRECT, Direction, load_profiles, pick_profile

LINKS = Path(__file__).parents[2] / "config" / "links.yaml"


@pytest.fixture
def links(tmp_path):
    """Write a links file and give its path."""

    def write(text: str) -> Path:
        path = tmp_path / "links.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_the_shipped_file_holds_every_named_profile():
    assert list(load_profiles(LINKS)) == [
        *("direct", "lan", "wifi", "dsl", "dsl-poor", "slow-4g", "3g", "edge", "gprs", "satellite"),
        *("maclean-720p30", "maclean-360p15", "maclean-144p5"),
    ]


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
    ],
)
def test_a_bad_file_is_refused_naming_file_and_value(links, text, says):
    path = links(text)
    with pytest.raises(ParameterError, match=says) as error:
        load_profiles(path)
    assert str(path) in str(error.value)


def test_an_absent_file_is_refused(tmp_path):
    with pytest.raises(ParameterError, match=r"nowhere\.yaml cannot be read"):
        load_profiles(tmp_path / "nowhere.yaml")


def test_bytes_that_are_no_text_are_refused(tmp_path):
    path = tmp_path / "links.yaml"
    path.write_bytes(b"\xff\xfe\x00p")
    with pytest.raises(ParameterError, match="not YAML"):
        load_profiles(path)


def test_an_unknown_name_lists_the_names_there_are():
    with pytest.raises(ParameterError, match=r"'5g'; choose one of direct, lan, wifi"):
        pick_profile(load_profiles(LINKS), "5g")
