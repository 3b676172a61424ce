"""Policies as text: names that move with a robot, one enclave a process, the same text every time."""

import pytest
from policy_files import read_policy

from fer_ros.security import Uses, enclave, policies, policy, table, written

CAMERA = Uses("camera", ("/rosout", "image_raw", "~/transition_event"), (), ("~/get_state",))
RECEIVER = Uses("cloud/receiver", ("/rosout", "ack"), ("payload",))
CALLER = Uses("caller", calls=("set_mode",))


@pytest.mark.parametrize(
    ("name", "as_written"),
    [
        ("/robot/cloud/receiver/get_state", "~/get_state"),
        ("/robot/cloud/payload", "payload"),
        ("/robot/cloud/emotion/cloud", "emotion/cloud"),
        ("/robot/emotion", "/robot/emotion"),
        ("/robot/cloudy", "/robot/cloudy"),
        ("/diagnostics", "/diagnostics"),
    ],
)
def test_a_name_is_written_so_that_it_moves_with_its_node(name, as_written):
    assert written(name, "receiver", "/robot/cloud") == as_written


@pytest.mark.parametrize(
    ("namespace", "path", "expected"),
    [
        ("", "camera", "/fer_ros/camera"),
        ("left", "cloud/receiver", "/fer_ros/left/cloud/receiver"),
        ("/a/b/", "camera", "/fer_ros/a/b/camera"),
    ],
)
def test_every_process_of_every_robot_has_an_enclave_of_its_own(namespace, path, expected):
    assert enclave(path, namespace) == expected


@pytest.mark.parametrize(
    ("namespace", "camera", "receiver"),
    [("", "/", "/cloud"), ("left", "/left", "/left/cloud"), ("/left/", "/left", "/left/cloud")],
)
def test_a_namespace_moves_the_profiles_and_not_the_names(namespace, camera, receiver):
    path, allowed = read_policy(policy("composed", [CAMERA, RECEIVER], namespace))
    assert path == enclave("composed", namespace)
    assert list(allowed) == [(camera, "camera"), (receiver, "receiver")]
    assert allowed[camera, "camera"].publishes == CAMERA.publishes
    assert allowed[receiver, "receiver"].subscribes == ("payload",)


def test_what_a_node_may_call_is_told_from_what_it_serves():
    _, allowed = read_policy(policy("caller", [CALLER]))
    assert (allowed["/", "caller"].calls, allowed["/", "caller"].serves) == (("set_mode",), ())


def test_what_a_node_does_not_use_is_not_there():
    text = policy("receiver", [RECEIVER])
    assert "services" not in text
    assert "request" not in text


def test_a_process_of_several_nodes_may_what_they_may():
    written_policies = policies([CAMERA, RECEIVER], {"composed/robot": ["camera"]}, "left")
    assert set(written_policies) == {"camera", "cloud/receiver", "composed/robot"}
    _, alone = read_policy(written_policies["camera"])
    path, composed = read_policy(written_policies["composed/robot"])
    assert path == "/fer_ros/left/composed/robot"
    assert composed == alone


def test_the_table_leaves_out_what_every_node_may():
    row = table([CAMERA]).splitlines()[-1]
    assert row == "| `camera` | `image_raw` |  |  |  |"
