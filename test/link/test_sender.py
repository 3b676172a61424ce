import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fer_ros.errors import ParameterError
from fer_ros.link.ladder import Step
from fer_ros.link.params import UplinkParams
from fer_ros.link.profiles import Direction, LinkProfile
from fer_ros.link.rehearsal import Shot, rehearse
from fer_ros.link.rung import Reach, parse_rung
from fer_ros.link.sender import Sender

SIZES = {
    "1280x720": (90_000, 1.0),
    "640x360": (25_000, 0.98),
    "crops112": (3_000, 0.97),
    "crops64": (1_400, 0.95),
    "crops48": (900, 0.93),
    "blendshapes": (140, 0.8),
    "quantised": (80, 0.78),
}
SHARE_OF_RATE = {30: 1.0, 15: 0.97, 5: 0.9}
LADDER = tuple(
    sorted(
        (
            Step(parse_rung(f"{what}@{rate}"), use * share, size)
            for what, (size, use) in SIZES.items()
            for rate, share in SHARE_OF_RATE.items()
        ),
        key=lambda step: step.bps,
    )
)
SHOTS = [Shot(i / 30, (), {what: size for what, (size, _) in SIZES.items()}) for i in range(300)]


def link(rate_kbps=math.inf, delay_ms=40.0, jitter_ms=0.0, loss=0.0, queue_s=0.3):
    queue = 1_000_000 if math.isinf(rate_kbps) else max(int(rate_kbps * 125 * queue_s), 3000)
    way = Direction(rate_kbps=rate_kbps, delay_ms=delay_ms, jitter_ms=jitter_ms, loss=loss, queue_bytes=queue)
    return LinkProfile("test", way, way)


DEAD = link(loss=1.0)
WIFI = link(30_000.0, jitter_ms=4.0, loss=0.002)


def play(*plan, allow="crops", seconds=30.0, rung="auto", **options):
    """What happens over links (from second, link), the first from 0."""
    return rehearse(
        SHOTS, plan, Sender(UplinkParams(allow=allow, rung=rung), LADDER), duration_s=seconds, **options
    )


def rungs_between(record, begin_s, end_s):
    """The rungs in force during this time."""
    found = [rung for at_s, rung, _ in record.rungs if begin_s < at_s < end_s]
    before = [rung for at_s, rung, _ in record.rungs if at_s <= begin_s]
    return before[-1:] + found


def bps(rung):
    (found,) = [step.bps for step in LADDER if step.rung == rung] or [0.0]
    return found


def test_a_good_link_carries_the_best_that_is_allowed_within_seconds():
    record = play((0.0, WIFI))
    assert {str(rung) for rung in rungs_between(record, 4.0, 30.0)} == {"crops112@30"}


def test_it_begins_thin():
    assert bps(play((0.0, WIFI)).rungs[0][1]) < 20_000


@pytest.mark.parametrize("rate_kbps", [50.0, 250.0, 750.0, 2000.0, 8000.0])
@pytest.mark.parametrize("allow", ["crops", "frames"])
def test_what_is_sent_fits_the_share_of_a_constant_link(rate_kbps, allow):
    record = play((0.0, link(rate_kbps)), allow=allow, seconds=40.0)
    for rung in rungs_between(record, 5.0, 40.0):
        assert bps(rung) <= 0.85 * rate_kbps * 1000


@pytest.mark.parametrize("rate_kbps", [250.0, 750.0, 2000.0, 8000.0])
def test_what_fits_is_used(rate_kbps):
    record = play((0.0, link(rate_kbps)), seconds=40.0)
    affordable = [
        step for step in LADDER if step.rung.reach <= Reach.CROPS and step.bps <= 0.5 * rate_kbps * 1000
    ]
    best = max(step.use for step in affordable)
    used = [step.use for step in LADDER if step.rung == rungs_between(record, 20.0, 40.0)[-1]]
    assert used[0] >= 0.9 * best


@pytest.mark.parametrize(
    "profile",
    [
        pytest.param(WIFI, id="wifi"),
        pytest.param(link(8000.0, jitter_ms=4.0, loss=0.005), id="dsl"),
        pytest.param(link(2000.0, 70.0, 7.0, loss=0.02), id="dsl-poor"),
        pytest.param(link(750.0, 250.0, 25.0, loss=0.015, queue_s=1.0), id="3g"),
        pytest.param(link(math.inf, 20.0, 5.0, loss=0.025), id="satellite"),
    ],
)
@pytest.mark.parametrize("allow", ["crops", "frames"])
def test_on_a_constant_link_it_settles(profile, allow):
    record = play((0.0, profile), allow=allow, seconds=60.0)
    assert len(rungs_between(record, 30.0, 60.0)) <= 3


def test_a_link_that_grows_thin_is_relieved_within_a_second():
    record = play((0.0, WIFI), (10.0, link(250.0)), seconds=30.0)
    assert all(bps(rung) <= 250_000 for rung in rungs_between(record, 11.0, 30.0))


def test_a_link_that_grows_wide_is_used_again_within_five_seconds():
    record = play((0.0, WIFI), (10.0, link(100.0)), (20.0, WIFI), seconds=40.0)
    assert bps(rungs_between(record, 25.0, 40.0)[0]) >= 300_000


def test_a_link_that_grows_quick_gets_more_than_a_few_results_at_once():
    record = play((0.0, link(rate_kbps=40.0, delay_ms=300.0)), (15.0, link(rate_kbps=30_000.0)))
    slow, quick = rungs_between(record, 14.0, 15.0), rungs_between(record, 15.8, 16.2)
    assert min(rung.rate_hz for rung in slow) < 15.0
    assert min(rung.rate_hz for rung in quick) >= 15.0


def test_a_dead_link_gets_signs_of_life_only_and_comes_back():
    record = play((0.0, WIFI), (10.0, DEAD), (20.0, WIFI), seconds=40.0)
    assert [rung.reach for rung in rungs_between(record, 11.5, 19.9)] == [Reach.NOTHING]
    assert any(result.at_s < 21.5 for result in record.results if result.at_s > 20.0)
    assert str(rungs_between(record, 25.0, 40.0)[0]) == "crops112@30"


@pytest.mark.parametrize("late_s", [0.5, 2.0, 8.0])
def test_a_cloud_that_is_there_later_than_the_robot_is_used(late_s):
    record = play((0.0, DEAD), (late_s, WIFI), seconds=60.0)
    assert str(rungs_between(record, late_s + 20.0, 60.0)[-1]) == "crops112@30"


def test_packets_that_a_link_loses_by_itself_make_large_payloads_useless():
    record = play((0.0, link(loss=0.05)), allow="frames", seconds=40.0)
    assert rungs_between(record, 30.0, 40.0)[-1].reach is Reach.CROPS


@pytest.mark.parametrize("clock_offset_s", [-3600.0, -2.0, 5.0])
def test_a_cloud_whose_clock_is_wrong_makes_no_difference(clock_offset_s):
    right, wrong = play((0.0, WIFI)), play((0.0, WIFI), clock_offset_s=clock_offset_s)
    assert [r[1] for r in wrong.rungs] == [r[1] for r in right.rungs]
    assert len(wrong.results) == len(right.results)


def test_the_same_seed_gives_the_same_record():
    assert play((0.0, WIFI)) == play((0.0, WIFI))


def test_nothing_leaves_where_nothing_is_allowed():
    record = play((0.0, WIFI), allow="nothing")
    assert (record.payloads, record.bits, record.results) == (0, 0, [])


@settings(deadline=None, max_examples=25)
@given(
    st.sampled_from(["nothing", "blendshapes", "crops", "frames"]),
    st.lists(
        st.tuples(st.floats(20, 40_000), st.floats(0, 0.5).map(lambda loss: round(loss, 3))),
        min_size=1,
        max_size=4,
    ),
)
def test_no_link_tempts_it_beyond_what_is_allowed(allow, links):
    plan = [(5.0 * place, link(rate, loss=loss)) for place, (rate, loss) in enumerate(links)]
    record = play(*plan, allow=allow, seconds=5.0 * len(plan))
    widest = Reach[allow.upper()]
    assert all(rung.reach <= widest for _, rung, _ in record.rungs)
    assert all(result.rung.reach <= widest for result in record.results)


@pytest.mark.parametrize(
    ("rung", "allow"),
    [("640x360@15", "crops"), ("crops64@30", "blendshapes"), ("quantised@30", "nothing")],
)
def test_a_rung_that_reaches_further_than_allowed_is_refused(rung, allow):
    with pytest.raises(ParameterError, match=f"rung {rung} sends .*; allow is {allow}: set allow to"):
        Sender(UplinkParams(allow=allow, rung=rung), LADDER)
    sender = Sender(UplinkParams(allow=allow), LADDER)
    with pytest.raises(ParameterError):
        sender.set_rung(rung)


def test_a_fixed_rung_stays_whatever_the_link_does():
    record = play((0.0, WIFI), (5.0, link(50.0)), rung="crops112@30", seconds=20.0)
    assert [str(rung) for _, rung, _ in record.rungs] == ["crops112@30"]


def test_sequences_go_on_from_the_start_after_the_last_number():
    sender = Sender(UplinkParams(), LADDER)
    sender._sequence = 2**32 - 2
    assert [sender.next_sequence() for _ in range(3)] == [2**32 - 1, 1, 2]


def test_a_clock_that_begins_anew_is_followed():
    sender = Sender(UplinkParams(), LADDER)
    sender.sent(sender.next_sequence(), 100, 1000.0)
    sender.tick(1.0)
    assert sender.keep_alive(1.0)
    sender.sent(sender.next_sequence(), 100, 1.0)
    assert not sender.keep_alive(1.1)
    assert sender.keep_alive(1.3)


def test_it_climbs_as_before_when_the_clock_began_anew():
    sender = Sender(UplinkParams(allow="crops"), LADDER)
    before = rehearse(SHOTS, ((0.0, WIFI), (20.0, link(250.0))), sender, duration_s=30.0)
    assert before.rungs[-1][0] > 20.0
    later = rehearse(SHOTS, ((0.0, WIFI),), sender, duration_s=8.0)
    assert str(later.rungs[-1][1]) == "crops112@30"
