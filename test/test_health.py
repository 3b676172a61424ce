"""How a node judges itself."""

from dataclasses import replace
from math import nan

import pytest

from fer_ros.health import Concern, Flow, HealthParams, Level, Look, judge

PARAMS = HealthParams(warn_below_hz=5.0, error_after_s=3.0, warn_age_s=0.25, warn_dropped=0.1)
LONG = 60.0


def flown(hz=30.0, age_s=0.02, dropped=0, for_s=1.0):
    """A flow over a stretch of time, and its report at the end."""
    flow = Flow()
    flow.report(100.0)
    for number in range(round(hz * for_s)):
        at = 100.0 + number / hz
        flow.passed(at - age_s, at)
    flow.dropped += dropped
    return flow.report(100.0 + for_s)


def test_a_flow_is_counted_since_the_last_report():
    flow = Flow()
    flow.report(10.0)
    for at in (10.1, 10.2, 10.3, 10.4):
        flow.passed(at - 0.05, at)
    flow.dropped += 1
    span = flow.report(12.0)
    assert span.rate_hz == pytest.approx(2.0)
    assert span.age_s == pytest.approx(0.05)
    assert span.silent_s == pytest.approx(1.6)
    assert span.dropped_share == pytest.approx(0.2)
    assert flow.report(13.0).dropped_share == 0.0


def test_a_clock_that_begins_anew_is_no_silence():
    flow = Flow()
    flow.passed(500.0, 500.0)
    flow.report(500.0)
    span = flow.report(3.0)
    assert not span.silent_s > 0
    assert judge(span, Look(), PARAMS, 0.0).level is Level.OK


@pytest.mark.parametrize(
    ("span", "level", "says"),
    [
        pytest.param(flown(), Level.OK, "well", id="as it should be"),
        pytest.param(flown(hz=4.0), Level.WARN, "only 4.0 per second", id="slow"),
        pytest.param(flown(age_s=0.3), Level.WARN, "300 ms old", id="old"),
        pytest.param(flown(dropped=10), Level.WARN, "25% dropped", id="drops"),
        pytest.param(
            replace(flown(), rate_hz=0.0, silent_s=3.5), Level.ERROR, "nothing for 3.5 s", id="silent"
        ),
        pytest.param(flown(hz=0.0), Level.ERROR, "nothing for 60.0 s", id="nothing ever"),
    ],
)
def test_a_flow_has_thresholds(span, level, says):
    health = judge(span, Look(), PARAMS, LONG)
    assert (health.level, health.message) == (level, says)


def test_thresholds_can_be_switched_off():
    off = HealthParams(warn_below_hz=0.0, error_after_s=0.0, warn_age_s=0.0, warn_dropped=1.0)
    assert judge(replace(flown(hz=0.0, dropped=5), age_s=9.0), Look(), off, LONG).level is Level.OK


def test_nothing_is_missed_before_it_could_have_come():
    assert judge(flown(hz=0.0), Look(), PARAMS, 0.5).level is Level.OK


def test_an_idle_node_is_well_and_says_why_it_is_idle():
    health = judge(flown(hz=0.0), Look(idle="inactive"), PARAMS, LONG)
    assert (health.level, health.message) == (Level.OK, "inactive")


def test_the_gravest_concern_gives_the_level_and_stands_first():
    concerns = [Concern(Level.WARN, "the link is cut"), Concern(Level.ERROR, "no such camera")]
    health = judge(flown(), Look(concerns=concerns), PARAMS, LONG)
    assert (health.level, health.message) == (Level.ERROR, "no such camera; the link is cut")


def test_values_are_text_and_what_is_not_known_is_nan():
    values = judge(
        flown(), Look({"mode": "ONLINE", "inference_ms": 1.23456, "loss": nan}), PARAMS, LONG
    ).values
    assert values["mode"] == "ONLINE"
    assert values["inference_ms"] == "1.235"
    assert values["loss"] == "nan"
    assert float(values["rate_hz"]) == pytest.approx(30.0, rel=0.1)
