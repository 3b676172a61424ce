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


FILES = ("robot.yaml", "cloud.yaml")


@pytest.mark.parametrize("name", FILES)
def test_the_files_of_the_package_fit_the_graph(name):
    resolve(SPECS, [read_parameter_file(share("config") / name)], {})


def test_no_other_file_of_the_package_is_one_of_parameters():
    """A new one must be tested too."""
    others = [p for p in share("config").rglob("*.yaml") if p.name not in FILES]
    assert others
    assert [path for path in others if "ros__parameters" in path.read_text(encoding="utf-8")] == []


SHIPPED = [
    pytest.param(name, node, parameter, id=f"{node}.{parameter}")
    for name in FILES
    for node, values in read_parameter_file(share("config") / name).items()
    for parameter in values
]


@pytest.mark.parametrize(("name", "node", "parameter"), SHIPPED)
def test_a_slip_in_a_file_of_the_package_would_be_found(name, node, parameter):
    values = read_parameter_file(share("config") / name)
    slip = {f"{parameter}s": values[node].pop(parameter)}
    no_parameter = f"{node}.{parameter}s is not a parameter; it takes .*{parameter}"
    with pytest.raises(ParameterError, match=no_parameter):
        resolve(SPECS, [values, {node: slip}], {})
    with pytest.raises(ParameterError, match=f"{node}s is not a node of this graph; it has .*{node}"):
        resolve(SPECS, [{f"{node}s": values[node]}], {})


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


@pytest.mark.parametrize("given", ["a file", "options"])
def test_names_that_are_nested_as_ros_does_get_dots(tmp_path, given):
    text = "faces: {ros__parameters: {qos_overrides: {/image_raw: {subscription: {depth: 2}}}}}"
    nested = read_parameter_file(write(tmp_path, text))
    values = resolve(SPECS, *(([nested], {}) if given == "a file" else ([], nested)))
    assert values["faces"]["qos_overrides./image_raw.subscription.depth"] == 2


def test_use_sim_time_is_everybodys(tmp_path):
    file = write(tmp_path, '"/**": {ros__parameters: {use_sim_time: true}}')
    values = resolve(SPECS, [read_parameter_file(file)], {})
    assert all(some["use_sim_time"] for some in values.values())


def test_what_is_said_to_all_nodes_is_for_those_that_have_it(tmp_path):
    file = write(tmp_path, '"/**": {ros__parameters: {deployment_context: museum}}')
    values = resolve(SPECS, [read_parameter_file(file)], {})
    where = {path for path, some in values.items() if some.get("deployment_context") == "museum"}
    assert {"consent", "faces", "estimator", "cloud/estimator", "cloud/receiver"} <= where
    assert not where & {"camera", "uplink", "mode"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param(
            '"/**": {ros__parameters: {mood: 3}}', ("/**", "mood", "of any node"), id="nobody has it"
        ),
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
