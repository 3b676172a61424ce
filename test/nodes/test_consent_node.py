"""consent: a notice first, then permission; services that change it, and a log of what was decided."""

import json

import pytest
from fer_ros.msg import ConversationCue, EmotionEstimate, FaceArray, Notice, OperatingMode, Permission
from fer_ros.srv import SetOptOut
from std_srvs.srv import SetBool

from fer_ros.consent.notice import load_notice
from fer_ros.errors import ParameterError
from fer_ros.nodes.messages import seconds
from fer_ros.nodes.qos import ESTIMATES, LATCHED

from .people import an_estimate

EXCEPTION = "alertness of night-shift drivers, safety case 12"


@pytest.fixture
def told(bench):
    """Every permission that was published."""
    return bench.listen(Permission, "permission", LATCHED)


@pytest.fixture
def consent(bench, told):
    """Starts the node; gives its first permission."""

    def start(**parameters):
        bench.start("consent", parameters)
        return newest(bench, told, 1)

    return start


def say(bench, service, yes):
    return bench.call(SetBool, service, SetBool.Request(data=yes))


def opt_out(bench, face_id, yes=True):
    return bench.call(SetOptOut, "opt_out", SetOptOut.Request(face_id=face_id, opted_out=yes))


def newest(bench, told, count):
    return bench.until(lambda: len(told) >= count and told[-1], "a new permission")


def test_the_notice_comes_before_any_permission(bench, consent, told):
    notices = bench.listen(Notice, "notice", LATCHED)
    permission = consent(deployment_context="museum")
    (notice,) = bench.until(lambda: notices, "the notice")
    assert dict(zip(notice.languages, notice.texts, strict=True)) == dict(load_notice())
    assert notice.deployment_context == "museum"
    assert seconds(notice.header.stamp) <= seconds(permission.header.stamp)


def test_who_comes_late_hears_both(bench):
    bench.start("consent")
    notices, permissions = (
        bench.listen(kind, topic, LATCHED) for kind, topic in ((Notice, "notice"), (Permission, "permission"))
    )
    bench.until(lambda: notices and permissions, "what is latched")


def test_by_default_inference_is_allowed(consent):
    permission = consent()
    assert (permission.permitted, permission.reason, permission.commands) == (True, "", 0)


def test_required_consent_is_given_and_withdrawn(bench, consent, told):
    permission = consent(consent_required=True)
    assert (permission.permitted, permission.consent) == (False, Permission.NOT_GIVEN)
    assert "was not given" in permission.reason
    assert say(bench, "consent", True).success
    assert newest(bench, told, 2).permitted
    assert "withdrawn" in say(bench, "consent", False).message
    assert newest(bench, told, 3).consent == Permission.WITHDRAWN


def test_the_off_switch_counts_its_uses(bench, consent, told):
    consent()
    assert "switched off" in say(bench, "enable", False).message
    assert not newest(bench, told, 2).permitted
    assert say(bench, "enable", True).message == "inference is allowed"
    assert (newest(bench, told, 3).permitted, told[-1].commands) == (True, 2)


def test_faces_opt_out_and_in(bench, consent, told):
    consent()
    assert opt_out(bench, "face_3").message == "inference is allowed; faces that opted out: 1"
    assert list(newest(bench, told, 2).opted_out) == ["face_3"]
    opt_out(bench, "face_3", yes=False)
    assert (list(newest(bench, told, 3).opted_out), list(told[-1].opted_in)) == ([], ["face_3"])


def test_an_id_that_is_none_is_refused_and_changes_nothing(bench, consent, told):
    consent()
    response = opt_out(bench, "")
    assert (response.success, "give the id of a face" in response.message) == (False, True)
    bench.spin_for(0.2)
    assert len(told) == 1


@pytest.mark.parametrize(
    ("parameters", "says"),
    [
        pytest.param({"deployment_context": "workplace"}, "document yours in `exception`", id="at work"),
        pytest.param({"notice_file": "gone.yaml"}, r"notice gone\.yaml cannot be read", id="no notice"),
        pytest.param({"audit_log": "gone/audit.jsonl"}, "audit_log .* cannot be written", id="no log"),
    ],
)
def test_what_cannot_be_is_refused(bench, parameters, says):
    with pytest.raises(ParameterError, match=says):
        bench.start("consent", parameters)


def lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def kinds(path):
    return [line["kind"] for line in lines(path)]


def test_without_a_log_nobody_listens_to_what_it_would_hold(bench):
    assert not list(bench.start("consent").subscriptions)


def test_the_log_holds_what_was_decided(bench, tmp_path):
    path = tmp_path / "audit.jsonl"
    bench.start(
        "consent",
        {"audit_log": str(path), "deployment_context": "workplace", "exception": EXCEPTION},
    )
    say(bench, "consent", True)
    say(bench, "enable", False)
    opt_out(bench, "face_7")
    own = bench.publisher(EmotionEstimate, "emotion/robot", ESTIMATES)
    for stamp in (1.0, 2.0):
        own.publish(an_estimate(stamp, face_id="face_7"))
    bench.publisher(OperatingMode, "mode", LATCHED).publish(OperatingMode(mode=1, reason="no answer"))
    cue = ConversationCue(cue="comfort", rule="sad for long", face_id="face_7", explanation="face_7 is sad")
    bench.publisher(ConversationCue, "cue").publish(cue)
    bench.until(lambda: {"model", "mode", "cue"} <= set(kinds(path)), "everything is in the log")
    log = lines(path)
    assert [line["kind"] for line in log][:5] == ["notice", "exception", "enable", "consent", "consent"]
    told = {line["kind"]: line for line in log}
    assert told["exception"]["exception"] == EXCEPTION
    assert (told["enable"]["enabled"], told["enable"]["by"]) == (False, "service")
    assert told["opt_out"]["opted_out"] is True
    assert (told["mode"]["mode"], told["mode"]["reason"]) == ("OFFLINE", "no answer")
    assert told["model"]["model"] == "told@1"
    assert (told["cue"]["cue"], told["cue"]["rule"]) == ("comfort", "sad for long")
    assert kinds(path).count("model") == 1
    assert "face_7" not in path.read_text()


def test_a_refusal_is_in_the_log(bench, tmp_path):
    path = tmp_path / "audit.jsonl"
    with pytest.raises(ParameterError):
        bench.start("consent", {"audit_log": str(path), "deployment_context": "education"})
    assert lines(path)[-1]["kind"] == "refused"
    assert lines(path)[-1]["deployment_context"] == "education"


def test_a_full_disk_is_told_once_and_the_graph_goes_on(bench):
    bench.start("consent", {"audit_log": "/dev/full"})
    for yes in (False, True):
        assert say(bench, "enable", yes).success
    (complaint,) = bench.until(lambda: bench.complaints("audit_log"), "a complaint")
    assert "No space left on device" in complaint
    assert "the graph goes on" in complaint


def test_a_robot_in_a_namespace_has_its_own_switch(bench):
    bench.start("consent", namespace="left")
    own = bench.listen(Permission, "/left/permission", LATCHED)
    say(bench, "/left/enable", False)
    bench.until(lambda: own and not own[-1].permitted, "it is off")


def test_nobody_is_looked_at_before_the_notice_is_out(bench):
    notices, began = bench.listen(Notice, "notice", LATCHED), []
    bench.probe.create_subscription(FaceArray, "faces", lambda _: began.append(bench.now()), ESTIMATES)
    bench.start("faces", {"finder": "haar", "reader": "none", "max_age_s": 0.0}, permitted=False)
    bench.start("camera", {"width": 320, "height": 240})
    bench.spin_for(0.5)
    assert not began
    bench.start("consent")
    bench.until(lambda: notices and began, "notice and faces")
    assert seconds(notices[0].header.stamp) < began[0]
