"""Who infers asks first: silent without permission, and those who opted out are left alone."""

from itertools import count

import pytest
from diagnostic_msgs.msg import DiagnosticArray, DiagnosticStatus
from fer_ros.msg import EmotionEstimate, FaceArray
from fer_ros.srv import SetOptOut
from lifecycle_msgs.msg import State
from sensor_msgs.msg import Image
from std_srvs.srv import SetBool

from fer_ros.consent.permissions import Consent, Permission
from fer_ros.errors import ParameterError
from fer_ros.nodes.qos import ESTIMATES, IMAGES_OUT

from . import images
from .asking import PATIENT
from .people import a_face, an_array, an_estimate
from .uplinked import Robot

OFF = Permission(enabled=False, commands=1)
OUT = Permission(opted_out=frozenset({"face_1"}))
GATED = {"faces": PATIENT, "estimator": {"max_age_s": 0.0}, "uplink": {}}
INFERRING = {"faces": PATIENT, "estimator": {}, "receiver": {"finder": "haar", "reader": "none"}}
EXCEPTION = "alertness of night-shift drivers, safety case 12"
WHILE_S = 0.4  # for what must not happen


def shut(bench, node):
    bench.until(lambda: not node.permitted.open, f"{node.get_name()} is shut")


class Watched:
    """A faces node and an estimator, shown the same face again and again."""

    def __init__(self, bench, *, permitted=True):
        self.bench = bench
        self.nodes = [bench.start(name, GATED[name], permitted=permitted) for name in ("faces", "estimator")]
        self.images = bench.publisher(Image, "image_raw", IMAGES_OUT)
        self.found = bench.listen(FaceArray, "faces")
        self.estimates = bench.listen(EmotionEstimate, "emotion/robot", ESTIMATES)
        self._number = count()
        bench.probe.create_timer(1 / 30, self._show)

    def _show(self):
        self.images.publish(images.bgr8(images.face(), 1.0 + next(self._number) / 30))

    def until_estimated(self):
        """The id of the face that is estimated."""
        self.estimates.clear()
        return self.bench.until(lambda: [e.face_id for e in self.estimates if e.face_id], "estimates")[0]


def test_nothing_is_inferred_before_somebody_permits_it(bench):
    watched = Watched(bench, permitted=False)
    bench.spin_for(WHILE_S)
    assert (watched.found, watched.estimates) == ([], [])
    bench.permit()
    watched.until_estimated()


@pytest.mark.parametrize("name", GATED)
def test_who_hears_no_permission_says_so_once_and_at_diagnostics(bench, name):
    heard = bench.listen(DiagnosticArray, "/diagnostics")
    bench.start(name, GATED[name], permitted=False)
    bench.until(lambda: bench.complaints("no permission was heard"), "a complaint")
    before = len(heard)
    bench.until(lambda: len(heard) >= before + 3, "reports")
    (status,) = heard[-1].status
    assert status.level == DiagnosticStatus.WARN
    assert "no permission was heard" in status.message
    assert len(bench.complaints("no permission was heard")) == 1


@pytest.mark.parametrize("name", GATED)
def test_being_switched_off_is_no_error(bench, name):
    heard = bench.listen(DiagnosticArray, "/diagnostics")
    node = bench.start(name, {**GATED[name], "error_after_s": 0.5})
    bench.permit(OFF)
    shut(bench, node)
    heard.clear()
    bench.until(lambda: len(heard) >= 2, "reports")
    (status,) = heard[-1].status
    assert (status.level, "switched off" in status.message) == (DiagnosticStatus.OK, True)


def test_the_cloud_asks_nobody(bench):
    """It is sent only what was allowed on the robot, and permission does not cross the link."""
    names = {
        topic
        for node in (
            bench.start("estimator", {"machine": "cloud", "model": "cloud"}),
            bench.start("receiver", INFERRING["receiver"]),
        )
        for topic in (subscription.topic_name for subscription in node.subscriptions)
    }
    assert "/permission" not in names


@pytest.mark.parametrize(
    "no",
    [
        pytest.param(OFF, id="switched off"),
        pytest.param(Permission(consent=Consent.WITHDRAWN), id="consent withdrawn"),
        pytest.param(Permission(told="a word of somebody else"), id="not permitted"),
    ],
)
def test_a_no_stops_it_and_a_yes_lets_it_go_on(bench, no):
    watched = Watched(bench)
    watched.until_estimated()
    bench.permit(no)
    for node in watched.nodes:
        shut(bench, node)
    bench.spin_for(0.1)  # what was on its way
    before = len(watched.found), len(watched.estimates)
    bench.spin_for(WHILE_S)
    assert (len(watched.found), len(watched.estimates)) == before
    bench.permit(Permission(commands=2, consent=Consent.GIVEN))
    watched.until_estimated()


def test_a_face_that_opted_out_is_counted_and_nothing_more(bench):
    watched = Watched(bench)
    face_id = watched.until_estimated()
    bench.permit(Permission(opted_out=frozenset({face_id})))
    bench.until(lambda: watched.found[-1].withheld, "a face is withheld")
    bench.spin_for(0.1)
    watched.found.clear()
    watched.estimates.clear()
    bench.until(lambda: len(watched.estimates) >= 5, "estimates of nobody")
    assert all(not msg.faces and msg.withheld == 1 for msg in watched.found)
    assert {e.reason for e in watched.estimates} == {"no face"}
    bench.permit(Permission(opted_in=frozenset({face_id})))
    assert watched.until_estimated() == face_id


def test_an_estimator_leaves_alone_whom_another_detector_sends(bench):
    bench.start("estimator", GATED["estimator"])
    faces = bench.publisher(FaceArray, "faces")
    estimates = bench.listen(EmotionEstimate, "emotion/robot", ESTIMATES)
    node = bench.start("uplink")  # asks too
    bench.permit(OUT)
    bench.until(lambda: node.permitted.opted_out, "it is known who opted out")
    bench.spin_for(0.1)
    faces.publish(an_array(a_face("face_1"), a_face("face_2")))
    bench.until(lambda: estimates, "an estimate")
    bench.spin_for(0.1)
    assert [e.face_id for e in estimates] == ["face_2"]


class Sending(Robot):
    """A robot's uplink that sends whole images."""

    def __init__(self, bench):
        super().__init__(bench, allow="frames", rung="256x144@30")
        self._number = count(1)

    def show(self, faces=(), withheld=0):
        """An image, and then its faces; how many payloads leave meanwhile."""
        before = len(self.payloads)
        stamp = next(self._number) / 30
        message = an_array(*faces, stamp=stamp)
        message.withheld = withheld
        self.camera.publish(images.bgr8(images.nobody(), stamp))
        self.seen.publish(message)
        self.bench.spin_for(0.2)
        return len(self.payloads) - before


def test_no_whole_image_leaves_while_somebody_in_it_opted_out(bench):
    robot = Sending(bench)
    assert robot.show(faces=[a_face("face_1")])
    bench.permit(OUT)
    bench.until(lambda: robot.node.permitted.opted_out, "it is known who opted out")
    assert not robot.show(faces=[a_face("face_1")])  # the face finder may not know yet
    assert not robot.show(withheld=1)
    robot.show()
    assert robot.show()


def test_crops_leave_without_those_who_opted_out(bench):
    robot = Robot(bench, rung="crops64@30")
    bench.permit(OUT)
    bench.until(lambda: robot.node.permitted.opted_out, "it is known who opted out")
    robot.see(1.0, a_face("face_1"), a_face("face_2"))
    (sent,) = robot.until_sent()
    assert [face.id for face in sent.body.faces] == ["face_2"]


def test_nothing_leaves_and_nothing_comes_back_while_it_is_switched_off(bench):
    robot = Robot(bench)
    bench.until(lambda: robot.arrived, "signs of life")
    robot.see(1.0)
    robot.until_sent()
    bench.permit(OFF)
    shut(bench, robot.node)
    bench.spin_for(0.2)
    before = len(robot.arrived), len(robot.results)
    robot.see(2.0)
    robot.cloud.publish(an_estimate(1.0, cloud=True))
    bench.spin_for(1.0)
    assert (len(robot.arrived), len(robot.results)) == before


@pytest.mark.parametrize("name", INFERRING)
@pytest.mark.parametrize("context", ["workplace", "education"])
def test_at_work_and_in_education_a_node_refuses_to_activate(bench, name, context):
    node = bench.start(name, {**INFERRING[name], "deployment_context": context, "autostart": False})
    node.trigger_configure()
    node.trigger_activate()
    assert node._state_machine.current_state[0] == State.PRIMARY_STATE_INACTIVE
    bench.until(lambda: bench.complaints(f"deployment_context is '{context}'"), "the reason is logged")


@pytest.mark.parametrize("name", INFERRING)
def test_a_node_that_starts_by_itself_says_why_it_cannot(bench, name):
    with pytest.raises(ParameterError, match="document yours in `exception`"):
        bench.start(name, {**INFERRING[name], "deployment_context": "workplace"})


@pytest.mark.parametrize("name", INFERRING)
def test_with_a_documented_exception_it_works_and_logs_it(bench, name):
    bench.start(name, {**INFERRING[name], "deployment_context": "workplace", "exception": EXCEPTION})
    bench.until(lambda: bench.complaints(EXCEPTION), "the exception is logged")


def test_a_consent_node_that_begins_anew_does_not_switch_on(bench):
    watched = Watched(bench, permitted=False)
    consent = bench.start("consent")
    watched.until_estimated()
    bench.call(SetBool, "enable", SetBool.Request(data=False))
    bench.stop(consent)
    bench.start("consent")
    bench.until(lambda: bench.complaints("began anew"), "it is said that a restart does not switch on")
    watched.estimates.clear()
    bench.spin_for(WHILE_S)
    assert not watched.estimates
    bench.call(SetBool, "enable", SetBool.Request(data=True))
    watched.until_estimated()


def test_an_opt_out_outlives_the_node_that_it_was_said_to(bench):
    watched = Watched(bench, permitted=False)
    consent = bench.start("consent")
    request = SetOptOut.Request(face_id=watched.until_estimated(), opted_out=True)
    bench.call(SetOptOut, "opt_out", request)
    bench.stop(consent)
    bench.start("consent")
    bench.until(lambda: bench.probe.count_publishers("permission"), "it is there again")
    bench.spin_for(WHILE_S)
    assert (watched.found[-1].faces, watched.found[-1].withheld) == ([], 1)


def test_nobody_is_looked_at_while_nobody_could_switch_off(bench):
    watched = Watched(bench, permitted=False)
    consent = bench.start("consent")
    watched.until_estimated()
    bench.stop(consent)
    for node in watched.nodes:
        shut(bench, node)
    assert bench.until(lambda: bench.complaints("nobody could switch off"), "a complaint")
    bench.start("consent")
    watched.until_estimated()
