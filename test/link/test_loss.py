from itertools import pairwise
from math import inf
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fer_ros.link.loss import GilbertElliott, losses

channels = st.builds(
    GilbertElliott,
    p=st.floats(0, 1),
    r=st.floats(1e-6, 1),
    loss_bad=st.floats(0, 1),
    loss_good=st.floats(0, 1),
)


def lost(loss, bursts, packets, seed=1, together=1):
    process = losses(loss, bursts, Random(seed))
    return [process.among(together) for _ in range(packets)]


def test_nothing_is_lost_where_no_loss_is():
    assert losses(0.0, None, Random(1)) is None
    assert losses(0.0, GilbertElliott(p=0.5, loss_bad=0.0), Random(1)) is None


@pytest.mark.parametrize(
    ("loss", "bursts"),
    [(1.0, None), (0.0, GilbertElliott(p=1.0, r=0.5, loss_good=1.0)), (1.0, GilbertElliott(p=0.1, r=0.5))],
)
def test_everything_is_lost_where_the_loss_is_certain(loss, bursts):
    assert all(lost(loss, bursts, 1000))


def test_a_channel_that_never_turns_bad_loses_what_a_good_one_does():
    assert not losses(0.0, GilbertElliott(p=0.0, loss_good=0.0), Random(1))
    share = sum(lost(0.0, GilbertElliott(p=0.0, loss_good=0.1), 50_000)) / 50_000
    assert share == pytest.approx(0.1, rel=0.05)


@pytest.mark.parametrize("loss", [0.1, 0.5, 0.97])
def test_independent_losses_have_their_share_and_follow_no_other(loss):
    found = lost(loss, None, 200_000)
    assert sum(found) / 200_000 == pytest.approx(loss, rel=0.02)
    after_a_loss = [after for before, after in pairwise(found) if before]
    assert sum(after_a_loss) / len(after_a_loss) == pytest.approx(loss, rel=0.04)


def test_a_tiny_probability_is_a_probability():
    assert not any(lost(5e-324, GilbertElliott(p=5e-324, r=1.0), 1000))


@pytest.mark.parametrize(
    ("model", "loss", "mean_burst"),
    [
        pytest.param(GilbertElliott(0.01, 0.25), 0.01 / 0.26, 4.0, id="Gilbert"),
        pytest.param(GilbertElliott(0.5, 0.5), 0.5, 2.0, id="independent"),
        pytest.param(GilbertElliott(0.1, 0.9, 0.2, 0.2), 0.2, 1.25, id="both states alike"),
        pytest.param(GilbertElliott(0.0, 1.0), 0.0, inf, id="nothing"),
        pytest.param(GilbertElliott(0.1, 0.1, 1.0, 1.0), 1.0, inf, id="everything"),
    ],
)
def test_the_closed_forms_are_those_of_channels_that_can_be_reckoned(model, loss, mean_burst):
    assert model.loss == pytest.approx(loss)
    assert model.mean_burst == pytest.approx(mean_burst)


def test_independent_loss_comes_on_top_of_bursts():
    both = sum(lost(0.1, GilbertElliott(0.05, 0.2), 300_000)) / 300_000
    assert both == pytest.approx(1 - 0.9 * (1 - 0.2), rel=0.03)


@pytest.mark.parametrize("bursts", [None, GilbertElliott(0.1, 0.3), GilbertElliott(0.1, 0.3, 0.7, 0.1)])
def test_packets_that_are_asked_for_together_are_lost_as_often_as_one_by_one(bursts):
    one_by_one = lost(0.02, bursts, 600_000)
    by_six = [any(one_by_one[k : k + 6]) for k in range(0, len(one_by_one), 6)]
    together = lost(0.02, bursts, 100_000, seed=2, together=6)
    assert sum(together) / 100_000 == pytest.approx(sum(by_six) / 100_000, rel=0.03)


@given(channels, st.floats(0, 1), st.lists(st.integers(1, 50), max_size=20), st.integers(0, 99))
def test_the_same_seed_loses_the_same_packets(model, loss, sizes, seed):
    one, other = (losses(loss, model, Random(seed)) for _ in range(2))
    assert (one is None) == (other is None)
    if one is not None:
        assert [one.among(n) for n in sizes] == [other.among(n) for n in sizes]
