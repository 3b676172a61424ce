"""The web node: what is published is on the page, and the page's buttons call the real services."""

import threading
from math import nan

import pytest
from diagnostic_msgs.msg import DiagnosticArray, DiagnosticStatus, KeyValue
from fer_ros.msg import ConversationCue, EmotionEstimate, LinkStatus, Notice, OperatingMode
from fer_ros.msg import Permission as PermissionMsg
from sensor_msgs.msg import CompressedImage

from fer_ros.consent.permissions import Consent, Permission
from fer_ros.errors import FerError, ParameterError
from fer_ros.nodes import web
from fer_ros.nodes.beside import OVERLAY_JPEG
from fer_ros.nodes.qos import ESTIMATES, IMAGES_OUT, LATCHED

from .images import face, header, jpeg
from .visitor import Visitor

TOKEN = "a-token-for-the-tests-0123"
ANYWHERE = {"port": 0, "token": TOKEN, "rate_hz": 50.0}


@pytest.fixture
def node(bench):
    return bench.start("web", ANYWHERE)


@pytest.fixture
def page(bench, node):
    """One who looks at the node's page, and has been greeted."""
    with Visitor(node.address) as page:
        bench.until(lambda: page.states, "the page is told what is so")
        yield page


def pressed(bench, page, **told):
    """What a button's service answered."""
    answer = page.press(**told)
    bench.until(answer.done, f"an answer to {told}")
    return answer.result()


def estimate(bench, **about):
    return EmotionEstimate(
        **{
            "header": header(bench.now()),
            "face_id": "face_1",
            "source": EmotionEstimate.BOTH,
            "labels": ["happy", "sad"],
            "probabilities": [0.75, 0.25],
            "prediction_set": ["happy"],
            "valence": 0.5,
            "arousal": nan,
            "face_size_px": 80.0,
            **about,
        }
    )


def test_an_estimate_is_on_the_page_and_in_its_minute(bench, node, page):
    emotion = bench.publisher(EmotionEstimate, "emotion", ESTIMATES)
    bench.probe.create_timer(0.05, lambda: emotion.publish(estimate(bench)))
    (person,) = bench.until(lambda: page.state["people"], "a person")
    assert (person["id"], person["source"], person["set"]) == ("face_1", "both", ["happy"])
    assert dict(zip(person["labels"], person["probabilities"], strict=True)) == {"happy": 0.75, "sad": 0.25}
    assert (person["valence"], person["arousal"]) == (0.5, None)
    assert 0 <= person["age_s"] < 1
    bench.until(lambda: [each for each in node.hello()["history"] if each["probabilities"]], "a sample")
    with Visitor(node.address) as late:
        bench.until(lambda: late.hello, "a greeting")
    assert late.hello["labels"] == ["happy", "sad"]
    assert late.hello["history"][-1]["probabilities"] == {"happy": 0.75, "sad": 0.25}


def test_what_was_latched_before_the_page_came_is_on_it(bench):
    publish(bench, OperatingMode, "mode", mode=OperatingMode.OFFLINE, forced=True, reason="set")
    publish(bench, LinkStatus, "link", profile="wifi", cut=True, goodput_bps=1e6, loss=nan, round_trip_s=nan)
    publish(bench, Notice, "notice", languages=["en"], texts=["A camera."], deployment_context="museum")
    bench.permit(Permission(consent=Consent.WITHDRAWN))
    with Visitor(bench.start("web", ANYWHERE).address) as page:
        told = ("mode", "link", "notice", "permission")
        bench.until(lambda: page.state and all(page.state[name] for name in told), "all that is latched")
    state = page.state
    assert (state["mode"]["mode"], state["mode"]["forced"]) == ("OFFLINE", True)
    assert (state["link"]["profile"], state["link"]["cut"]) == ("wifi", True)
    assert [state["link"][name] for name in ("goodput_bps", "loss", "round_trip_s")] == [1e6, None, None]
    assert state["notice"] == {"languages": ["en"], "texts": ["A camera."], "deployment_context": "museum"}
    assert (state["permission"]["permitted"], state["permission"]["consent"]) == (False, "WITHDRAWN")


def test_a_cue_comes_with_the_rule_behind_it(bench, node, page):
    cues = bench.publisher(ConversationCue, "cue")
    cues.publish(ConversationCue(cue="wait", rule="nobody", explanation="Nobody is there.", confidence=nan))
    (cue,) = bench.until(lambda: page.state["cues"], "a cue")
    assert (cue["cue"], cue["rule"], cue["explanation"]) == ("wait", "nobody", "Nobody is there.")
    assert cue["confidence"] is None
    assert cue["t"] == pytest.approx(bench.now(), abs=5.0)


@pytest.mark.parametrize("namespace", ["", "robot"])
def test_the_graphs_nodes_say_how_they_are_and_those_of_others_do_not(bench, namespace):
    told = bench.publisher(DiagnosticArray, "/diagnostics", listeners=0)
    node = bench.start("web", ANYWHERE, namespace)
    bench.start("mode", namespace=namespace)

    def tell():
        status = DiagnosticStatus(name="motor", level=DiagnosticStatus.ERROR)
        ours = DiagnosticStatus(
            name=f"{namespace}/cloud/estimator".strip("/"),
            level=DiagnosticStatus.WARN,
            message="slow",
            values=[KeyValue(key="rate_hz", value="3")],
        )
        told.publish(DiagnosticArray(status=[status, ours]))

    bench.probe.create_timer(0.1, tell)
    with Visitor(node.address) as page:
        wanted = {"mode", "web", "cloud/estimator"}
        bench.until(lambda: page.state and {n["name"] for n in page.state["health"]} == wanted, str(wanted))
    (cloud,) = (each for each in page.state["health"] if each["name"] == "cloud/estimator")
    assert (cloud["level"], cloud["message"], cloud["values"]) == ("WARN", "slow", {"rate_hz": "3"})


def test_profiles_and_modes_are_there_to_choose_from(page):
    assert {"wifi", "3g", "direct"} <= set(page.hello["profiles"])
    assert page.hello["modes"] == ["automatic", "online", "offline"]


@pytest.mark.parametrize("wanted", [True, False])
@pytest.mark.parametrize("what", ["enable", "consent"])
def test_consent_and_the_off_switch_are_the_real_ones(bench, page, what, wanted):
    permissions = bench.listen(PermissionMsg, "permission", LATCHED)
    bench.start("consent")
    bench.until(lambda: permissions and page.state["permission"], "the first permission")
    answer = pressed(bench, page, do=what, value=wanted)
    assert answer["success"]
    permission = permissions[-1]
    assert (permission.commands if what == "enable" else permission.consent) != 0
    assert permission.permitted == wanted == page_says(bench, page, "permission", "permitted", wanted)


@pytest.mark.parametrize(("wanted", "forced"), [("offline", True), ("online", True), ("automatic", False)])
def test_a_forced_mode_is_the_real_one(bench, page, wanted, forced):
    bench.start("mode")
    answer = pressed(bench, page, do="mode", value=wanted)
    assert answer["success"]
    page_says(bench, page, "mode", "forced", forced)
    if forced:
        page_says(bench, page, "mode", "mode", wanted.upper())


def test_a_link_is_changed_and_cut_and_stays_cut_with_another_profile(bench, page):
    links = bench.listen(LinkStatus, "link", LATCHED)
    bench.start("uplink")
    assert pressed(bench, page, do="link", profile="3g")["success"]
    page_says(bench, page, "link", "profile", "3g")
    assert pressed(bench, page, do="cut", value=True)["success"]
    page_says(bench, page, "link", "cut", True)
    assert pressed(bench, page, do="link", profile="wifi")["message"].startswith("wifi, cut, ")
    assert (links[-1].profile, links[-1].cut) == ("wifi", True)
    assert pressed(bench, page, do="cut", value=False)["success"]
    bench.until(lambda: not links[-1].cut, "a link that is whole")


def test_a_button_waits_for_a_node_that_is_just_being_found(bench, page):
    answer = page.press(do="enable", value=False)
    bench.start("consent")
    bench.until(answer.done, "an answer")
    assert answer.result()["success"], answer.result()["message"]


def test_what_the_service_refuses_is_told_as_it_says(bench, page):
    bench.start("uplink")
    answer = pressed(bench, page, do="link", profile="5g")
    assert answer["success"] is False
    assert "5g" in answer["message"]


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ({"do": "enable", "value": True}, "the service enable is not there; does the node consent run?"),
        ({"do": "mode", "value": "offline"}, "the service set_mode is not there; does the node mode run?"),
        ({"do": "cut", "value": True}, "the service set_link is not there; does the node uplink run?"),
    ],
)
def test_a_service_that_is_not_there_is_told(bench, page, told, says):
    assert pressed(bench, page, **told) == {"success": False, "message": says}


def test_the_overlay_is_taken_only_while_somebody_watches(bench, page):
    publisher = bench.probe.create_publisher(CompressedImage, OVERLAY_JPEG, IMAGES_OUT)
    picture = jpeg(face(), 1.0)
    bench.probe.create_timer(0.05, lambda: publisher.publish(picture))
    bench.until(lambda: page.states > 10, "a page without a video")
    assert bench.probe.count_subscribers(OVERLAY_JPEG) == 0
    assert page.state["images_hz"] == 0.0
    with page.video() as video:
        read = page.read(video, 2 * len(picture.data))
        bench.until(read.done, "two pictures")
        assert bytes(picture.data) in read.result()
        assert bench.probe.count_subscribers(OVERLAY_JPEG) == 1
        bench.until(lambda: page.state["images_hz"] > 5, "a rate")
    bench.until(lambda: bench.probe.count_subscribers(OVERLAY_JPEG) == 0, "nobody takes the overlay")


def test_what_is_no_jpeg_is_not_passed_on(bench, page):
    publisher = bench.probe.create_publisher(CompressedImage, OVERLAY_JPEG, IMAGES_OUT)
    bench.probe.create_timer(0.05, lambda: publisher.publish(CompressedImage(format="png", data=b"\x89PNG")))
    with page.video():
        bench.until(lambda: bench.complaints("the page shows JPEG"), "a complaint")
    assert page.state["images_hz"] == 0.0


def test_an_estimate_that_is_none_is_dropped(bench, page):
    emotion = bench.publisher(EmotionEstimate, "emotion", ESTIMATES)
    emotion.publish(estimate(bench, probabilities=[0.5, 0.1]))
    bench.until(lambda: bench.complaints("its probabilities add up to 0.6, not 1"), "a complaint")
    emotion.publish(estimate(bench, face_id="face_2"))
    assert [person["id"] for person in bench.until(lambda: page.state["people"])] == ["face_2"]


def test_the_address_is_told_once_and_to_nobody_but_who_started_it(bench, node, capfd):
    bench.until(lambda: "page" in (told := capfd.readouterr().err) and told, "the address")
    bench.spin_for(0.5)
    assert capfd.readouterr().err == ""
    assert not [text for text in bench.said() if TOKEN in text]


def test_that_other_machines_can_look_is_said(bench, monkeypatch):
    monkeypatch.setattr(web, "is_loopback", lambda _: False)
    bench.start("web", {**ANYWHERE, "hosts": "robot.local"})
    (text,) = bench.until(lambda: bench.complaints("other machines reach the page, too"), "a warning")
    assert "robot.local" in text
    assert TOKEN not in text


def test_a_port_that_is_taken_leaves_no_node_behind(bench, node):
    port = int(node.address.split(":")[2].split("/")[0])
    with pytest.raises(ParameterError, match=rf"^web.port {port} of 127.0.0.1 is taken"):
        bench.start("web", {**ANYWHERE, "port": port})
    assert [name for name in bench.probe.get_node_names() if name == "web"] == ["web"]
    bench.stop(node)
    bench.start("web", {**ANYWHERE, "port": port})


def test_a_page_that_can_be_served_no_more_ends_its_node(bench, node, monkeypatch):
    """Whoever supervises it then starts it again."""
    monkeypatch.setattr(threading, "excepthook", lambda _: None)
    monkeypatch.setattr(node, "state", lambda: {"valence": nan})
    with Visitor(node.address), pytest.raises(FerError, match="the page's server has ended"):
        bench.until(lambda: False, "the end of the node")


def publish(bench, kind, topic, **fields):
    publisher = bench.probe.create_publisher(kind, topic, LATCHED)
    publisher.publish(kind(header=header(bench.now()), **fields))


def page_says(bench, page, part, name, wanted):
    bench.until(lambda: page.state[part] and page.state[part][name] == wanted, f"{part}.{name} is {wanted}")
    return page.state[part][name]
