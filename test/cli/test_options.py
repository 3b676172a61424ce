"""Every parameter of a dataclass as an option of the command line."""

import argparse
from dataclasses import dataclass, fields

import pytest

from fer_ros.cli.options import add_parameters, given, of
from fer_ros.graph import PARAMETERS
from fer_ros.params import param

KINDS = [kind for kinds in PARAMETERS.values() for kind in kinds]


@dataclass(frozen=True)
class Example:
    """Of every type."""

    rate_hz: float = param(5.0, "how often, 1/s; 100 % is all", low=0.5, high=30.0)
    count: int = param(3, "how many", low=1, high=9)
    on: bool = param(False, "whether")
    colour: str = param("red", "which", choices=("red", "blue"))
    name: str = param("", "any text")


def parsed(*arguments):
    parser = argparse.ArgumentParser(prog="fer_ros")
    add_parameters(parser, "cloud/faces", Example)
    return given(parser.parse_args(arguments))


@pytest.mark.parametrize(
    ("option", "text", "value"),
    [
        pytest.param("rate_hz", "7", 7.0, id="number"),
        pytest.param("rate_hz", "1e1", 10.0, id="number with an exponent"),
        pytest.param("count", "4", 4, id="whole number"),
        pytest.param("on", "true", True, id="true"),
        pytest.param("on", "False", False, id="false"),
        pytest.param("colour", "blue", "blue", id="choice"),
        pytest.param("name", "", "", id="empty text"),
    ],
)
def test_an_option_has_its_parameters_type(option, text, value):
    values = parsed(f"--cloud/faces.{option}", text)
    assert values == {"cloud/faces": {option: value}}
    assert type(values["cloud/faces"][option]) is type(value)


def test_what_is_not_given_is_not_there():
    assert parsed() == {}
    assert of(parsed(), "cloud/faces") == {}


@pytest.mark.parametrize(
    ("option", "text", "words"),
    [
        pytest.param("rate_hz", "often", "'often' is not a number", id="not a number"),
        pytest.param("count", "2.5", "'2.5' is not a whole number", id="not whole"),
        pytest.param("on", "yes", "'yes' is not true or false", id="not a truth value"),
    ],
)
def test_text_of_another_type_is_not_understood(option, text, words, capsys):
    with pytest.raises(SystemExit) as ended:
        parsed(f"--cloud/faces.{option}", text)
    assert ended.value.code == 2
    last = capsys.readouterr().err.splitlines()[-1]
    assert words in last
    assert f"--cloud/faces.{option}" in last


def test_help_shows_bounds_choices_and_defaults(capsys):
    with pytest.raises(SystemExit):
        parsed("--help")
    text = " ".join(capsys.readouterr().out.split())
    for part in ("0.5..30", "100 % is all (default 5)", "red|blue", "(default false)", "(default none)"):
        assert part in text


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_default_can_be_typed(kind):
    parser = argparse.ArgumentParser()
    add_parameters(parser, "node", kind)
    for field in fields(kind):
        text = str(field.default).lower() if isinstance(field.default, bool) else str(field.default)
        assert given(parser.parse_args([f"--node.{field.name}={text}"])) == {
            "node": {field.name: field.default}
        }
