"""The emulated link against closed forms, and the closed forms against channels that can be reckoned."""

from dataclasses import replace

import pytest

from fer_ros.link import theory
from fer_ros.link.loss import GilbertElliott
from fer_ros.link.profiles import load_profiles
from fer_ros.link.theory import Comparison
from fer_ros.link.traces import Trace, trace_of
from fer_ros.resources import share

PROFILES = load_profiles(share("config") / "links")
SPIKES = tuple(t for t in range(1, 2000) if t % 100 < 10 for _ in range(3))


def holds(comparison):
    assert comparison.holds, f"{comparison.what}: {comparison.expected:g}, measured {comparison.measured:g}"


@pytest.mark.parametrize(("size", "kbps"), [(64, 1000.0), (1500, 50.0), (1500, 7777.0), (1111, 30_000.0)])
def test_a_full_queue_leaves_at_the_rate_within_one_percent(size, kbps):
    comparison = theory.saturation(size, kbps)
    assert comparison.tolerance == 0.01
    holds(comparison)


@pytest.mark.parametrize(
    "trace",
    [
        *(pytest.param(PROFILES[name].up.trace, id=name) for name in ("walk", "drive", "elevator")),
        pytest.param(Trace("one", (3,)), id="one line"),
        pytest.param(Trace("spikes", SPIKES), id="spikes"),
        pytest.param(trace_of("odd", [(0.0, 777.0), (1.7, 10_000.0), (2.9, 13.0)], 9.1), id="odd rates"),
    ],
)
def test_a_trace_carries_its_lines_within_one_percent(trace):
    comparison = theory.trace_throughput(trace, laps=max(2, round(5 / trace.lap_s)))
    assert comparison.tolerance == 0.01
    holds(comparison)


@pytest.mark.parametrize("load", [0.2, 0.5, 0.8])
def test_the_wait_of_poisson_arrivals_is_that_of_an_m_d_1_queue_within_five_percent(load):
    comparison = theory.md1(load)
    assert comparison.tolerance == 0.05
    holds(comparison)


@pytest.mark.parametrize(
    "model",
    [
        pytest.param(GilbertElliott(0.05, 0.25), id="Gilbert"),
        pytest.param(GilbertElliott(0.1, 0.2, 0.7, 0.02), id="Gilbert-Elliott"),
        pytest.param(GilbertElliott(0.3, 0.9, 0.5, 0.1), id="short states"),
    ],
)
def test_bursts_have_their_loss_and_their_length_within_three_percent(model):
    for comparison in theory.bursts(model):
        assert comparison.tolerance == 0.03
        holds(comparison)


@pytest.mark.parametrize(("loss", "packets"), [(0.05, 1), (0.02, 3), (0.01, 17), (0.002, 80)])
def test_a_message_is_lost_with_any_of_its_packets_within_two_percent(loss, packets):
    comparison = theory.message_loss(loss, packets)
    assert comparison.tolerance == 0.02
    holds(comparison)


@pytest.mark.parametrize("shape", ["normal", "uniform"])
def test_jitter_has_its_mean_and_deviation(shape):
    for comparison in theory.jitter(shape):
        holds(comparison)


def test_a_pareto_tail_is_where_it_should_be():
    for comparison in theory.pareto():
        holds(comparison)


@pytest.mark.parametrize(("up_s", "down_s"), [(0.9, 0.1), (0.3, 0.6)])
def test_random_outages_take_their_share(up_s, down_s):
    holds(replace(theory.outages(up_s, down_s), tolerance=0.03))


@pytest.mark.parametrize("loss", [0.02, 0.3])
def test_a_reliable_link_pays_for_losses_in_time(loss):
    holds(theory.reliable_delay(loss))


@pytest.mark.parametrize("loss", [0.0, 0.05, 0.3])
def test_a_reliable_link_pays_for_losses_in_throughput(loss):
    holds(theory.reliable_rate(loss))


def test_a_comparison_that_is_off_does_not_hold():
    for measured, holds_ in ((98.9, False), (99.1, True), (100.9, True), (101.1, False)):
        assert Comparison("x", "y", "", 100.0, measured, 0.01).holds is holds_
