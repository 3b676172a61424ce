"""The reference has everything that the program declares."""

import re
from dataclasses import fields
from pathlib import Path

import pytest
import reference
from reference_commands import every_command, parser_of

from fer_ros.cli.main import COMMANDS
from fer_ros.graph import PARAMETERS
from fer_ros.link.profiles import load_profiles
from fer_ros.params import default_of, meta

ROOT = Path(__file__).parents[2]
INTERFACES = sorted([*(ROOT / "msg").glob("*.msg"), *(ROOT / "srv").glob("*.srv")])


@pytest.fixture(scope="module")
def pages():
    return reference.pages()


def section(page, title):
    """What stands below a heading of the second level."""
    found = re.search(rf"^## {re.escape(title)}$(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL)
    assert found, f"{title} is not there"
    return found[1]


def rows(text):
    """First cell of a table's rows, without its back quotes → the other cells."""
    lines = [re.split(r"(?<!\\)\|", line)[1:-1] for line in text.splitlines() if line.startswith("| `")]
    return {cells[0].strip(" `"): [cell.strip() for cell in cells[1:]] for cells in lines}


@pytest.mark.parametrize("node", PARAMETERS)
def test_every_parameter_is_there_with_what_it_takes(pages, node):
    page = pages["parameters"]
    own = section(page, node)
    for kind in PARAMETERS[node]:
        title = reference._title(kind)
        shown = rows(section(page, title) if f"[{title}]" in own else own)
        for parameter in fields(kind):
            about, cells = meta(parameter), shown[parameter.name]
            default, takes, meaning = cells
            assert meaning.startswith(about.help.replace("|", "\\|"))
            assert about.dynamic is meaning.endswith(f"({reference.CHANGES})")
            assert default == reference._default(default_of(parameter))
            assert all(f"`{choice}`" in takes for choice in about.choices)
            for bound in (about.low, about.high):
                assert bound is None or f"{bound:.12g}" in takes


@pytest.mark.parametrize("path", INTERFACES, ids=lambda path: path.name)
def test_every_field_of_a_message_is_there_with_its_comment(pages, path):
    shown = section(pages["messages" if path.suffix == ".msg" else "services"], path.stem)
    plain = " ".join(shown.split())
    lines = [line for line in path.read_text().splitlines() if line.strip() and line != "---"]
    for line in lines:
        declared, _, comment = line.partition("#")
        assert " ".join(comment.split()) in plain
        words = declared.split()
        assert not words or f"| `{words[1].split('=')[0]}` |" in shown


def test_a_comment_goes_on_with_the_line_above_it():
    part = reference.interface(
        "# About it\n# and more.\n\nuint8 A=1  # first\nbool b    # one\n          # two\n"
    )
    assert (part.about, part.constants, part.fields) == (
        ["About it", "and more."],
        [["`A`", "`1`", "first"]],
        [["`b`", "`bool`", "one two"]],
    )


def test_every_command_is_there(pages):
    told = re.findall(r"^## fer_ros (.*)$", pages["commands"], re.MULTILINE)
    assert told == [" ".join(words) for words in every_command()]
    assert list(dict.fromkeys(words.split()[0] for words in told)) == list(COMMANDS)


@pytest.mark.parametrize("words", every_command(), ids=" ".join)
def test_every_option_of_a_command_is_there(pages, words):
    shown = section(pages["commands"], f"fer_ros {' '.join(words)}")
    for action in parser_of(words).actions:
        for name in action.option_strings or action.choices or [action.metavar or action.dest]:
            of_a_node = name.startswith("--") and "." in name  # these are among the parameters
            told = re.search(rf"^\| `[^`]*{re.escape(name)}(?![\w-])", shown, re.MULTILINE)
            assert bool(told) is (name not in ("-h", "--help") and not of_a_node), name


def test_the_exit_codes_are_there(pages):
    assert all(f"{code} " in pages["commands"] for code in (0, 1, 2, 130))


def test_every_link_profile_is_there(pages):
    shown = rows(pages["links"])
    for name, profile in load_profiles(ROOT / "config" / "links").items():
        assert name in shown
        if profile.up.rate_kbps < 1e9:
            assert f"`{profile.up.rate_kbps:.12g}`" in pages["links"]


def test_pages_that_say_the_same_are_left_alone(tmp_path):
    reference.write(tmp_path)
    before = {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    reference.write(tmp_path)
    assert before == {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    assert set(before) == {f"{name}.md" for name in reference.pages()}
