"""The policies that are shipped: what the real nodes use, no less and no more, and no picture too many."""

import os
from dataclasses import replace
from pathlib import Path

import pytest
from fer_ros.msg import FaceArray
from policy_files import read_policy

from fer_ros.deployment import MACHINES, nodes_of
from fer_ros.nodes.qos import IMAGES_OUT
from fer_ros.resources import share

from . import interface_package
from .graph_at_work import NAMESPACE, run_until_it_works, seen
from .images import header
from .people import a_face, an_array
from .program import fer_ros

SHIPPED = share("config") / "security"
AGAIN = "write them anew: cd test && ../.venv/bin/python -m nodes.policies_anew"
PATHS = [spec.path for spec in nodes_of("both")]
EVERY = [*PATHS, "hri", "hri_faces", "viewer", "web"]
PICTURES = ("sensor_msgs/msg/Image", "sensor_msgs/msg/CompressedImage", "fer_ros/msg/FaceArray")
KINDS = ("publishes", "subscribes")
COMPOSED = [f"composed/{machine}" for machine in MACHINES]


def shipped(path):
    """What the policy of a node's enclave allows."""
    enclave, allowed = read_policy((SHIPPED / f"{path}.xml").read_text(encoding="utf-8"))
    assert enclave == f"/fer_ros/{path}"
    return allowed


def node_of(path):
    """(namespace, name) of a node of the graph at the root."""
    namespace, _, name = path.rpartition("/")
    return f"/{namespace}", name


def absolute(namespace, names):
    return {name if name.startswith("/") else f"{namespace.rstrip('/')}/{name}" for name in names}


def allowed_topics(path, kind):
    """Absolute names of the topics that a node may publish or subscribe."""
    return absolute(node_of(path)[0], getattr(shipped(path)[node_of(path)], kind))


def files(folder):
    return {str(p.relative_to(folder)): p.read_text("utf-8") for p in folder.rglob("*") if p.is_file()}


def test_the_policies_are_what_the_working_nodes_use(bench, programs):
    run_until_it_works(bench, programs)
    for path in PATHS:
        allowed = shipped(path)[node_of(path)]
        assert seen(bench, allowed, allowed) == allowed, AGAIN
    topics = bench.probe.get_topic_names_and_types()
    with_pictures = {name.removeprefix("/robot") for name, kinds in topics if kinds[0] in PICTURES}
    assert with_pictures == {"/image_raw", "/faces", "/cloud/faces"}


def test_a_composed_machine_may_what_its_nodes_may():
    for path, machine in zip(COMPOSED, MACHINES, strict=True):
        together = {}
        for spec in nodes_of(machine):
            together |= shipped(spec.path)
        assert shipped(path) == together


def test_the_policies_of_ros_4_hri_are_what_its_nodes_use_with_a_face(bench, hri_msgs):
    from hri_msgs.msg import IdsList

    bench.start("hri", namespace=NAMESPACE)
    bench.start("hri_faces", namespace=NAMESPACE)
    faces = bench.publisher(FaceArray, f"/{NAMESPACE}/faces")
    tracked = bench.publisher(IdsList, "/humans/faces/tracked", IMAGES_OUT)
    shapes = a_face(blendshapes=[0.2] * 52, landmarks=[0.5] * 3 * 478)
    bench.probe.create_timer(0.1, lambda: faces.publish(an_array(shapes, stamp=bench.now())))
    bench.probe.create_timer(
        0.1, lambda: tracked.publish(IdsList(header=header(bench.now()), ids=["face_1"]))
    )
    for path in ("hri", "hri_faces"):
        allowed = shipped(path)[node_of(path)]
        assert seen(bench, allowed, allowed, of_any_face) == allowed, AGAIN


@pytest.mark.parametrize(
    ("path", "later"),
    [("viewer", {"markers", "camera_info"}), ("web", {"overlay/image_raw/compressed"})],
)
def test_the_policies_of_what_people_look_at_are_what_its_nodes_use(bench, path, later):
    bench.start(path, {"port": 0} if path == "web" else {}, NAMESPACE)
    allowed = shipped(path)[node_of(path)]

    def but_later(uses):
        rest = {kind: tuple(n for n in getattr(uses, kind) if n not in later) for kind in KINDS}
        return replace(uses, **rest)

    assert later <= {*allowed.publishes, *allowed.subscribes}
    assert seen(bench, allowed, but_later(allowed), but_later) == but_later(allowed), AGAIN


def of_any_face(uses):
    def of_any(names):
        return tuple(name.replace("/face_1/", "/*/") for name in names)

    return replace(uses, publishes=of_any(uses.publishes), subscribes=of_any(uses.subscribes))


@pytest.mark.parametrize("path", EVERY)
def test_no_name_stands_for_many_but_those_of_the_faces_that_will_come(path):
    (uses,) = shipped(path).values()
    names = [name for *_, some in uses.rules() for name in some if set(name) & set("*?[{")]
    assert all(name.startswith("/humans/faces/*/") and path in ("hri", "hri_faces") for name in names)


def test_nobody_but_the_camera_may_publish_images():
    may = [path for path in EVERY if "/image_raw" in allowed_topics(path, "publishes")]
    assert may == ["camera"]


def test_nobody_but_who_cuts_out_faces_or_draws_on_them_may_see_images():
    may = [path for path in EVERY if "/image_raw" in allowed_topics(path, "subscribes")]
    assert may == ["faces", "hri_faces", "viewer"]


def test_nothing_of_the_robot_reaches_the_cloud_but_payloads():
    robot, cloud = ([spec.path for spec in nodes_of(machine)] for machine in ("robot", "cloud"))
    said = set().union(*(allowed_topics(path, "publishes") for path in robot))
    heard = set().union(*(allowed_topics(path, "subscribes") for path in cloud))
    assert said & heard == {"/cloud/payload"}
    assert {topic for topic in said if topic.startswith("/cloud/")} == {"/cloud/payload"}
    assert [p for p in robot if "/cloud/payload" in allowed_topics(p, "publishes")] == ["uplink"]


def test_no_node_may_call_a_service_of_the_other_machine():
    for path in PATHS:
        (uses,) = shipped(path).values()
        assert not [name for name in uses.calls if name.startswith(("cloud/", "/"))]


def test_what_is_shipped_is_what_the_command_writes(programs, tmp_path, hri_prefix):
    out = tmp_path / "out"
    env = {**os.environ, **interface_package.environment(hri_prefix)}
    ended = programs(fer_ros("security", "--out", out), env=env).end()
    assert (ended.status, ended.err) == (0, "")
    assert files(SHIPPED) == files(out), AGAIN
    enclaves = {line.split()[0] for line in ended.out.splitlines()}
    assert enclaves == {f"/fer_ros/{path}" for path in (*EVERY, *COMPOSED)}


def test_that_nodes_are_asked_is_not_in_the_audit_log(programs, tmp_path):
    log, config = tmp_path / "audit.jsonl", tmp_path / "mine.yaml"
    config.write_text(f"consent: {{ros__parameters: {{audit_log: {log}}}}}")
    ended = programs(fer_ros("security", "--config", config)).end()
    assert ended.status == 0, ended.err
    assert "`cue`" in next(line for line in ended.out.splitlines() if line.startswith("| `consent`"))
    assert not log.exists()


def test_parameters_of_ones_own_give_policies_of_ones_own(programs, tmp_path):
    config = tmp_path / "mine.yaml"
    config.write_text(
        "camera: {ros__parameters: {compressed: true, calibration: eye.yaml, real_time: false}}\n"
        "uplink: {ros__parameters: {allow: frames}}\n"
        '"/**": {ros__parameters: {use_sim_time: true}}\n'
    )
    out = tmp_path / "out"
    ended = programs(fer_ros("security", "--out", out, "--namespace", "/left/", "--config", config)).end()
    assert ended.status == 0, ended.err
    paths = ("camera", "uplink", "cloud/receiver")
    mine = {path: read_policy((out / f"{path}.xml").read_text()) for path in paths}
    assert [enclave for enclave, _ in mine.values()] == [f"/fer_ros/left/{path}" for path in mine]
    camera, uplink = mine["camera"][1]["/left", "camera"], mine["uplink"][1]["/left", "uplink"]
    assert {"image_raw", "image_raw/compressed", "camera_info"} <= set(camera.publishes)
    assert camera.subscribes == ("/clock", "faces")
    assert "image_raw" in uplink.subscribes
    assert "/clock" in mine["cloud/receiver"][1]["/left/cloud", "receiver"].subscribes


def test_where_nothing_may_leave_the_uplink_hears_of_nobody(programs, tmp_path):
    config = tmp_path / "mine.yaml"
    config.write_text("uplink: {ros__parameters: {allow: nothing}}")
    images = ("--image-topic", "/eye/image_raw")
    ended = programs(fer_ros("security", "--out", tmp_path, "--config", config, *images)).end()
    assert ended.status == 0, ended.err
    assert not (tmp_path / "camera.xml").exists()
    _, uplink = read_policy((tmp_path / "uplink.xml").read_text())
    assert not {"faces", "image_raw", "cloud/ack"} & set(uplink["/", "uplink"].subscribes)
    _, faces = read_policy((tmp_path / "faces.xml").read_text())
    assert "/eye/image_raw" in faces["/", "faces"].subscribes
    assert "image_raw" not in faces["/", "faces"].subscribes


def test_nobody_meets_the_nodes_that_are_asked(bench, programs):
    program = programs(fer_ros("security"))
    met = set()
    bench.until(lambda: met.update(bench.probe.get_node_names()) or program.process.poll() is not None)
    assert met == {"probe"}
    assert all(f"| `{path}` |" in program.end().out for path in PATHS)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        pytest.param(["--namespace", "a b"], "namespace is 'a b'; it takes words", id="namespace"),
        pytest.param(["--config", "gone.yaml"], "gone.yaml cannot be read", id="no such file"),
        pytest.param(["--image-topic", "a b"], "'a b' is not a topic", id="topic"),
        pytest.param(["--out", Path("/dev/null/policies")], "cannot be written", id="no such place"),
    ],
)
def test_what_cannot_be_done_is_refused_in_one_line(programs, arguments, says):
    ended = programs(fer_ros("security", *arguments)).end()
    assert ended.status == 1
    assert says in ended.complaint
