"""What the page shows: the newest of everything, the last minute, and nothing that was not measured."""

import json
from math import inf, nan

import numpy as np
import pytest

from fer_ros.consent.permissions import Consent, Permission
from fer_ros.estimators.estimate import Estimate
from fer_ros.web.handlers import as_text
from fer_ros.web.seen import CueSeen, HealthSeen, LinkSeen, ModeSeen, NoticeSeen
from fer_ros.web.state import CUES, GONE_AFTER_S, HISTORY_S, LONGEST, SAMPLE_EVERY_S, PageState

T = 1000.0
HAPPY = {"labels": ("happy", "sad"), "probabilities": np.array([0.7, 0.3], np.float32)}


@pytest.fixture
def state():
    return PageState(["wifi", "3g"])


def seen(stamp=T, face_id="face_1", **about):
    return Estimate(
        **{
            "stamp": stamp,
            "model": "robot@1",
            "face_id": face_id,
            "prediction_set": ("happy",),
            "abstained": False,
            "reason": "",
            "valence": 0.5,
            "arousal": -0.25,
            "face_size_px": 100.0,
            **HAPPY,
            **about,
        }
    )


def ids(state, now=T):
    return [person["id"] for person in state.now(now)["people"]]


def test_at_first_nothing_is_known(state):
    assert state.now(T) == {
        "type": "state",
        "t": T,
        "images_hz": 0.0,
        "people": [],
        "mode": None,
        "link": None,
        "permission": None,
        "notice": None,
        "cues": [],
        "health": [],
    }
    assert state.hello() == {
        "type": "hello",
        "profiles": ["wifi", "3g"],
        "modes": ["automatic", "online", "offline"],
        "labels": [],
        "history": [],
    }


def test_a_person_is_shown_with_the_age_of_the_image(state):
    state.see_estimate(seen(T - 0.05), "both")
    (person,) = state.now(T)["people"]
    assert person == {
        "id": "face_1",
        "labels": ["happy", "sad"],
        "probabilities": [0.7, 0.3],
        "set": ["happy"],
        "abstained": False,
        "reason": "",
        "source": "both",
        "valence": 0.5,
        "arousal": -0.25,
        "age_s": 0.05,
    }
    assert state.hello()["labels"] == ["happy", "sad"]


@pytest.mark.parametrize("value", [nan, inf, -inf])
def test_what_was_not_measured_is_null(state, value):
    state.see_estimate(seen(valence=value, arousal=value), "robot")
    state.see_link(LinkSeen("wifi", False, "crops64@30", goodput_bps=value, loss=value, round_trip_s=value))
    state.see_cue(CueSeen(T, "wait", "nobody", "", confidence=value))
    state.sample(T)
    told = json.loads(as_text(state.now(T)))
    assert told["people"][0]["valence"] is told["people"][0]["arousal"] is None
    assert [told["link"][name] for name in ("goodput_bps", "loss", "round_trip_s")] == [None] * 3
    assert told["cues"][0]["confidence"] is None
    (sample,) = json.loads(as_text(state.hello()))["history"]
    assert (sample["valence"], sample["goodput_bps"]) == (None, None)


def test_somebody_of_whom_nothing_new_is_heard_is_gone(state):
    state.see_estimate(seen(T), "robot")
    assert ids(state, T + GONE_AFTER_S - 0.01) == ["face_1"]
    assert ids(state, T + GONE_AFTER_S + 0.01) == []


def test_an_image_without_a_face_shows_nobody(state):
    state.see_estimate(seen(T), "robot")
    state.see_estimate(Estimate(T - 0.1, "robot@1"), "robot")  # an older one: it came late
    assert ids(state) == ["face_1"]
    state.see_estimate(Estimate(T + 0.1, "robot@1"), "robot")
    assert ids(state, T + 0.1) == []


def test_first_comes_whom_the_minute_is_about_and_that_does_not_flicker(state):
    for face_id, size in (("face_1", 80.0), ("face_2", 100.0), ("face_3", nan)):
        state.see_estimate(seen(face_id=face_id, face_size_px=size), "robot")
    assert ids(state) == ["face_2", "face_1", "face_3"]
    state.see_estimate(seen(face_id="face_1", face_size_px=110.0), "robot")
    assert ids(state) == ["face_2", "face_1", "face_3"]
    state.see_estimate(seen(face_id="face_1", face_size_px=121.0), "robot")
    assert ids(state) == ["face_1", "face_2", "face_3"]


def test_where_nothing_is_allowed_nobody_is_shown(state):
    state.see_estimate(seen(T), "robot")
    state.see_permission(Permission(consent=Consent.WITHDRAWN))
    assert ids(state) == []
    assert state.now(T)["permission"] == {
        "permitted": False,
        "reason": "consent was withdrawn; the service `consent` gives it",
        "enabled": True,
        "consent_required": False,
        "consent": "WITHDRAWN",
    }


def test_mode_link_and_notice_are_told_as_they_are(state):
    state.see_mode(ModeSeen("ONLINE", True, "forced", T - 3.00049))
    state.see_link(LinkSeen("wifi", True, "crops64@30", "it fits", delivered_bps=1234567.0))
    state.see_notice(NoticeSeen(["en"], ["This robot has a camera."], "museum"))
    now = state.now(T)
    assert now["mode"] == {"mode": "ONLINE", "forced": True, "reason": "forced", "since": 997.0}
    assert list(now["link"]) == [
        *("profile", "cut", "payload", "why", "delivered_bps", "goodput_bps"),
        *("loss", "queue_delay_s", "round_trip_s", "delivered_hz"),
    ]
    assert now["link"]["delivered_bps"] == pytest.approx(1234567.0, rel=1e-4)
    assert state.is_cut
    assert now["notice"] == {
        "languages": ["en"],
        "texts": ["This robot has a camera."],
        "deployment_context": "museum",
    }


def test_the_newest_cues_are_kept_with_the_newest_first(state):
    for number in range(CUES + 5):
        state.see_cue(CueSeen(T + number, "wait", f"rule_{number}", ""))
    rules = [cue["rule"] for cue in state.now(T)["cues"]]
    assert rules == [f"rule_{number}" for number in reversed(range(5, CUES + 5))]


def test_a_node_that_says_nothing_is_stale(state):
    state.see_health(HealthSeen("mode", "OK", "well", {"rate_hz": "30"}), T)
    node = {"name": "mode", "level": "OK", "message": "well", "values": {"rate_hz": "30"}}
    assert state.now(T + 1.0)["health"] == [{**node, "age_s": 1.0}]
    assert state.now(T + 10.0)["health"] == [{**node, "level": "STALE", "age_s": 10.0}]
    state.see_health(HealthSeen("mode", "ERROR", "nothing for 3 s"), T + 11.0)
    assert [node["level"] for node in state.now(T + 11.0)["health"]] == ["ERROR"]


def test_pictures_are_counted(state):
    for number in range(30):
        state.see_picture(T + number / 15)
    assert state.now(T + 29 / 15)["images_hz"] == 15.0
    assert state.now(T + 10)["images_hz"] == 0.0


def test_the_last_minute_is_kept_and_no_more(state):
    state.see_mode(ModeSeen("OFFLINE", False, "", T))
    state.see_link(LinkSeen("wifi", False, "crops64@30", goodput_bps=1e6))
    samples = round(HISTORY_S / SAMPLE_EVERY_S)
    for number in range(samples + 10):
        now = T + number * SAMPLE_EVERY_S
        state.see_estimate(seen(now), "robot")
        state.sample(now)
    history = state.hello()["history"]
    assert len(history) == samples
    assert history[-1] == {
        "t": pytest.approx(T + (samples + 9) * SAMPLE_EVERY_S),
        "probabilities": {"happy": 0.7, "sad": 0.3},
        "valence": 0.5,
        "arousal": -0.25,
        "mode": "OFFLINE",
        "cut": False,
        "goodput_bps": 1e6,
        "payload": "crops64@30",
    }
    assert history[-1]["t"] - history[0]["t"] == pytest.approx(HISTORY_S - SAMPLE_EVERY_S)


def test_where_nothing_could_be_estimated_the_minute_has_a_gap(state):
    state.sample(T)
    state.see_estimate(seen(T, labels=(), probabilities=np.empty(0, np.float32)), "robot")
    state.sample(T + 0.2)
    assert [sample["probabilities"] for sample in state.hello()["history"]] == [None, None]


def test_when_time_begins_anew_so_does_the_minute(state):
    state.sample(T)
    state.sample(5.0)
    assert [sample["t"] for sample in state.hello()["history"]] == [5.0]


def test_no_text_fills_the_page(state):
    long = 1_000_000 * "x"
    state.see_estimate(seen(face_id=long, reason=long), "robot")
    state.see_mode(ModeSeen("ONLINE", False, long, T))
    state.see_link(LinkSeen(long, False, long, long))
    state.see_cue(CueSeen(T, long, long, long, nan, long, long))
    state.see_notice(NoticeSeen([long], [long], long))
    state.see_health(HealthSeen("mode", "OK", long, {long: long}), T)
    state.sample(T)
    assert len(as_text(state.now(T))) < 20 * LONGEST
    assert len(as_text(state.hello())) < 2 * LONGEST


def test_a_hundred_people_cost_little(state):
    for number in range(100):
        state.see_estimate(seen(face_id=f"face_{number}"), "robot")
    assert len(as_text(state.now(T))) < 40_000
