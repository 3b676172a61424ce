"""What pages for newcomers quote and tell to type is what the program says and takes."""

import ast
import re
import shlex
from functools import cache
from pathlib import Path

import pytest

from fer_ros.cli.main import parser_for
from fer_ros.deployment import every_node
from fer_ros.graph import PARAMETERS

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
TROUBLE = (DOCS / "troubleshooting.md").read_text("utf-8")
PAGES = [DOCS / f"{name}.md" for name in ("start", "graph", "troubleshooting")]
PAGES += sorted((DOCS / "tutorials").glob("*.md"))
NODES = {spec.path: PARAMETERS[spec.executable] for spec in every_node()}
DIFFERS = "…"


@cache
def said():
    """Every text in the sources, with … where a value stands."""
    texts = []
    for path in sorted((ROOT / "fer_ros").rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        texts += [text for node in ast.walk(tree) if (text := text_of(node))]
    return texts


def text_of(node):
    if isinstance(node, ast.JoinedStr):
        parts = (part.value if isinstance(part, ast.Constant) else DIFFERS for part in node.values)
        return "".join(parts)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def quotes(text):
    return [line[2:] for line in text.splitlines() if line.startswith("> ")]


def unsaid(text):
    """Quotes that no text of the program holds."""
    return [quote for quote in quotes(text) if not any(quote in one for one in said())]


def test_what_is_quoted_is_what_the_program_says():
    assert len(quotes(TROUBLE)) > 15
    assert unsaid(TROUBLE) == []


def test_what_the_program_does_not_say_is_found():
    assert unsaid("> … images were dropped\n\n> nobody says this\n") == ["nobody says this"]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_parameters_that_are_named_exist(path):
    for node, name in re.findall(r"`(?:--)?((?:cloud/)?\w+)\.(\w+)[` ]", path.read_text("utf-8")):
        if node in NODES:
            assert any(name in kind.__dataclass_fields__ for kind in NODES[node]), f"{node}.{name}"


def commands(path):
    """The `fer_ros` command lines of a page, as words."""
    blocks = re.findall(r"^```(?:bash)?\n(.*?)^```$", path.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    lines = [line for block in blocks for line in block.replace("\\\n", " ").splitlines()]
    inline = re.findall(r"`(fer_ros [^`]*)`", path.read_text("utf-8"))
    for line in [line for line in lines if line.startswith("fer_ros ")] + inline:
        words = re.split(r" (?:\|\||&|>) ?", " ".join(line.split()))[0]
        yield shlex.split(words, comments=True)[1:]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_commands_that_are_told_are_understood(path):
    for words in commands(path):
        if words[1:]:  # a command's bare name is a name
            parser_for(words).parse_args(words)
        else:
            assert words == ["--help"] or words[0] in parser_for(words).verbs
