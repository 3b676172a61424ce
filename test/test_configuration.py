import pytest

from fer_ros.configuration import read_parameter_file, resolve
from fer_ros.deployment import nodes_of, parameters
from fer_ros.errors import ParameterError
from fer_ros.resources import share

SPECS = nodes_of("both")


def write(folder, text):
    path = folder / "robot.yaml"
    path.write_text(text)
    return path


@pytest.mark.parametrize("name", ["robot.yaml", "cloud.yaml"])
def test_the_files_of_the_package_fit_the_graph(name):
    resolve(SPECS, [read_parameter_file(share("config") / name)], {})


def test_the_last_word_wins(tmp_path):
    file = write(tmp_path, "faces: {ros__parameters: {scan_every: 5, crop_px: 64}}")
    values = parameters([file], {"faces": {"scan_every": 7}})
    assert (values["faces"]["scan_every"], values["faces"]["crop_px"]) == (7, 64)


@pytest.mark.parametrize(
    ("pattern", "nodes"),
    [
        pytest.param("estimator", {"estimator"}, id="a name"),
        pytest.param("/cloud/estimator", {"cloud/estimator"}, id="a path"),
        pytest.param("/**/estimator", {"estimator", "cloud/estimator"}, id="anywhere"),
    ],
)
def test_patterns_reach_the_nodes_ros_would(tmp_path, pattern, nodes):
    file = write(tmp_path, f'"{pattern}": {{ros__parameters: {{threads: 3}}}}')
    values = resolve(SPECS, [read_parameter_file(file)], {})
    assert {path for path, some in values.items() if some.get("threads") == 3} == nodes


def test_use_sim_time_is_everybodys(tmp_path):
    file = write(tmp_path, '"/**": {ros__parameters: {use_sim_time: true}}')
    values = resolve(SPECS, [read_parameter_file(file)], {})
    assert all(some["use_sim_time"] for some in values.values())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("faces: [", ("robot.yaml", "not YAML"), id="not yaml"),
        pytest.param("- faces", ("robot.yaml", "not a map of nodes"), id="a list"),
        pytest.param(
            "faces: {scan_every: 3}", ("robot.yaml", "faces", "ros__parameters"), id="no parameters"
        ),
        pytest.param("mouth: {ros__parameters: {}}", ("mouth", "faces"), id="no such node"),
        pytest.param(
            "faces: {ros__parameters: {eyes: 2}}", ("faces.eyes", "scan_every"), id="no such parameter"
        ),
        pytest.param(
            "faces: {ros__parameters: {scan_every: 0}}", ("faces.scan_every", "0"), id="out of bounds"
        ),
    ],
)
def test_a_wrong_file_is_refused_with_place_and_remedy(tmp_path, text, words):
    with pytest.raises(ParameterError) as error:
        resolve(SPECS, [read_parameter_file(write(tmp_path, text))], {})
    assert all(word in str(error.value) for word in words)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(ParameterError, match=r"nowhere\.yaml.*No such file"):
        read_parameter_file(tmp_path / "nowhere.yaml")
