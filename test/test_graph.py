from fer_ros.deployment import nodes_of
from fer_ros.graph import PARAMETERS


def test_the_robot_and_the_cloud_are_the_whole_graph():
    both = [spec.path for spec in nodes_of("both")]
    assert both == [spec.path for machine in ("robot", "cloud") for spec in nodes_of(machine)]
    assert len(set(both)) == len(both)


def test_every_node_has_an_executable_and_parameters_it_knows():
    for spec in nodes_of("both"):
        known = {name for kind in PARAMETERS[spec.executable] for name in kind.__dataclass_fields__}
        assert set(spec.parameters) <= known


def test_somebody_elses_images_replace_the_camera():
    specs = nodes_of("robot", "/camera/image_raw")
    assert "camera" not in [spec.executable for spec in specs]
    takers = [spec.executable for spec in specs if ("image_raw", "/camera/image_raw") in spec.remappings]
    assert takers == ["faces", "uplink"]


def test_the_cloud_says_that_it_is_the_cloud():
    (estimator,) = (spec for spec in nodes_of("cloud") if spec.executable == "estimator")
    assert estimator.parameters["machine"] == "cloud"
    assert estimator.parameters["model"] == "cloud"
