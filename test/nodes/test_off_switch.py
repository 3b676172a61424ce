"""The off switch of a whole robot in a process of its own: it works within one image."""

import json

import pytest
from fer_ros.msg import EmotionEstimate, FaceArray, Payload
from sensor_msgs.msg import Image
from std_srvs.srv import SetBool

from fer_ros.nodes.messages import seconds
from fer_ros.nodes.qos import ESTIMATES, IMAGES_IN

from .program import fer_ros, node
from .running import BUILTIN, LIGHT

RATE_HZ = 15.0
SMALL = {
    "camera": {"width": 320, "height": 240, "distance_m": 0.8, "rate_hz": RATE_HZ},
    "faces": {"finder": "haar", "reader": "none", "max_age_s": 2.0},
    "estimator": {"max_age_s": 2.0},
}
EXCEPTION = "alertness of night-shift drivers, safety case 12"


class Live:
    """A robot in another process, and everything that it says."""

    def __init__(self, bench, programs, **parameters):
        self.bench = bench
        kinds = {
            "faces": (FaceArray, ESTIMATES),
            "emotion/robot": (EmotionEstimate, ESTIMATES),
            "emotion": (EmotionEstimate, ESTIMATES),
            "cloud/payload": (Payload, IMAGES_IN),
        }
        self.heard = {topic: bench.listen(kind, topic, qos) for topic, (kind, qos) in kinds.items()}
        self.images = bench.listen(Image, "image_raw", IMAGES_IN)
        run = "import sys; from fer_ros.nodes.process import run_graph; sys.exit(run_graph(sys.argv))"
        options = json.dumps({**SMALL, **parameters})
        programs(["-c", run, "--machine", "robot", "--options", options])

    def until_estimated(self):
        for heard in self.heard.values():
            heard.clear()
        self.bench.until(lambda: all(self.heard.values()), "everything flows")

    def say(self, service, yes):
        return self.bench.call(SetBool, service, SetBool.Request(data=yes))


def test_after_the_answer_of_the_switch_there_is_one_estimate_at_most(bench, programs):
    live = Live(bench, programs)
    live.until_estimated()
    for _ in range(5):
        assert live.say("enable", False).success
        off = bench.now()
        before = {topic: len(heard) for topic, heard in live.heard.items()}
        images = len(live.images)
        bench.until(lambda images=images: len(live.images) > images + 10, "the camera goes on")
        after = {topic: heard[before[topic] :] for topic, heard in live.heard.items()}
        assert {topic: len(late) <= 1 for topic, late in after.items()} == dict.fromkeys(after, True)
        assert not [m for late in after.values() for m in late if seconds(m.header.stamp) > off + 1 / RATE_HZ]
        assert live.say("enable", True).success
        live.until_estimated()


def test_where_consent_is_required_nothing_is_inferred_before_it_is_given(bench, programs):
    live = Live(bench, programs, consent={"consent_required": True})
    bench.until(lambda: len(live.images) > 20, "the camera works")
    assert live.heard == {topic: [] for topic in live.heard}
    assert live.say("consent", True).success
    live.until_estimated()


def test_a_run_without_the_consent_that_it_needs_ends_with_a_line_that_says_so(programs):
    options = ("--consent.consent_required", "true", "--duration", 6, *BUILTIN, *LIGHT)
    ended = programs(fer_ros("run", *options)).end()
    assert ended.status == 1
    assert "nothing was inferred: consent is required and was not given" in ended.err.splitlines()[-1]
    assert "consent is required" in ended.out
    assert json.loads(ended.last_line)["estimates"] == {"robot": 0, "cloud": 0}


@pytest.mark.parametrize("context", ["workplace", "education"])
@pytest.mark.parametrize("way", [(), ("--separate",)], ids=["one process", "one process a node"])
def test_a_run_at_work_or_in_education_is_refused_in_one_line(programs, context, way):
    ended = programs(fer_ros("run", "--json", *way, "--deployment-context", context)).end()
    assert (ended.status, ended.out) == (1, "")
    assert f"deployment_context is '{context}'" in ended.complaint


@pytest.mark.parametrize("name", ["consent", "faces", "estimator", "receiver"])
def test_a_program_at_work_is_refused_in_one_line(programs, tmp_path, name):
    ended = programs(node(tmp_path, name, deployment_context="workplace")).end()
    assert ended.status == 1
    assert f"{name}: deployment_context is 'workplace'" in ended.err.splitlines()[-1]


def test_a_run_at_work_with_an_exception_works_and_has_it_in_its_log(programs, tmp_path):
    log = tmp_path / "audit.jsonl"
    context = ("--deployment-context", "workplace", "--exception", EXCEPTION, "--consent.audit_log", log)
    ended = programs(fer_ros("run", "--json", "--duration", 10, *context, *BUILTIN, *LIGHT)).end()
    assert ended.status == 0, ended.err
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert {"notice", "exception", "mode", "model"} <= {line["kind"] for line in lines}
    assert EXCEPTION in [line.get("exception") for line in lines]
    assert "face_" not in log.read_text()


def test_a_configuration_file_may_say_it_to_all_nodes(programs, tmp_path):
    (tmp_path / "work.yaml").write_text('"/**": {ros__parameters: {deployment_context: workplace}}')
    ended = programs(fer_ros("run", "--config", tmp_path / "work.yaml", "--duration", 5)).end()
    assert ended.status == 1
    assert "deployment_context is 'workplace'" in ended.err.splitlines()[-1]
