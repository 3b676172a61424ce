"""Names of topics and services: relative, so that they move with a robot, and each can be remapped."""

from functools import partial

import pytest
from fer_ros.msg import FaceArray
from sensor_msgs.msg import Image
from sources.recordings import write_video

from fer_ros.deployment import nodes_of, parameters
from fer_ros.nodes.qos import IMAGES_IN, RESULTS
from fer_ros.nodes.usage import usage
from fer_ros.security import OF_EVERY_NODE

from .graph_at_work import NAMESPACE, SMALL, run_until_it_works, seen
from .program import node

BOTH = nodes_of("both")


def everything_on(folder):
    """Parameters with which the nodes have every topic that they can have."""
    return {
        "**": {"use_sim_time": True},
        "camera": {"compressed": True, "calibration": "eye.yaml", "real_time": False},
        "consent": {"audit_log": str(folder / "audit.jsonl")},
        "uplink": {"allow": "frames"},
    }


def of_ones_own(uses):
    """Names of topics and services that are the node's own choice."""
    names = {name for *_, some in uses.rules() for name in some}
    return {n for n in names if n not in OF_EVERY_NODE and not n.startswith("~/")}


def test_every_name_is_relative_but_for_those_that_are_everybodys(bench, tmp_path):
    nodes = usage(BOTH, parameters([], everything_on(tmp_path)))
    names = set().union(*map(of_ones_own, nodes))
    assert {"image_raw", "image_raw/compressed", "camera_info", "faces", "set_mode", "payload"} <= names
    assert {name for name in names if name.startswith("/")} == {"/clock"}


@pytest.mark.parametrize("transport", ["raw", "compressed"])
def test_images_are_taken_in_the_namespace_of_their_node(bench, transport):
    specs = [spec for spec in BOTH if spec.executable == "faces"]
    (faces,) = usage(specs, {"faces": {**SMALL["faces"], "transport": transport}}, "left/eye")
    assert {"raw": "image_raw", "compressed": "image_raw/compressed"}[transport] in faces.subscribes


def test_every_public_name_can_be_remapped_and_the_graph_still_works(bench, programs):
    plain = {uses.path: uses for uses in usage(BOTH, parameters([], SMALL))}
    full = {path: {absolute(uses, n) for n in of_ones_own(uses)} for path, uses in plain.items()}
    rules = [f"{name}:=/told{name}" for name in sorted(set().union(*full.values()))]
    given = [part for rule in rules for part in ("-r", rule)]
    run_until_it_works(bench, programs, *given, below="/told")
    for path, uses in plain.items():
        told = {f"/told{name}" for name in full[path]}
        assert seen(bench, uses, told, of_ones_own) == told


def absolute(uses, name):
    return f"{uses.namespace(NAMESPACE)}/{name}"


def test_a_node_of_ones_own_is_renamed_moved_and_remapped(bench, programs, tmp_path):
    rules = ("image_raw:=/eye/image_raw", "__ns:=/left", "__node:=finder")
    command = node(tmp_path, "faces", finder="haar", reader="none")
    programs([*command, *(part for rule in rules for part in ("-r", rule))])
    there = ("finder", "/left")
    bench.until(lambda: there in bench.probe.get_node_names_and_namespaces(), "the node")
    takes, gives = (
        partial(getattr(bench.probe, f"get_{end}_names_and_types_by_node"), *there)
        for end in ("subscriber", "publisher")
    )
    bench.until(lambda: "/eye/image_raw" in dict(takes()), "it takes the images of /eye")
    bench.until(lambda: "/left/faces" in dict(gives()), "it gives faces in its namespace")


def test_lock_step_waits_for_faces_under_another_name(bench, programs, tmp_path):
    """Nobody answers: the second image must not follow the first at once."""
    clip = write_video(tmp_path / "clip.mp4", 10, fps=30.0)
    bench.probe.create_publisher(FaceArray, "/seen", RESULTS)
    images = bench.listen(Image, "image_raw", IMAGES_IN)
    command = node(tmp_path, "camera", source="video", input=clip, real_time="false")
    programs([*command, "-r", "faces:=/seen"])
    bench.until(lambda: images, "the first image")
    bench.spin_for(1.0)
    assert len(images) <= 2  # the probe may have been found during the first
