"""The reference of the command line: every command and option, from the parsers themselves."""

import argparse
import re
from collections.abc import Iterator, Sequence

from fer_ros.cli.main import COMMANDS, Parser, parser_for

STATUS = re.compile(r"^exit status.*?(?=^$|\Z)", re.MULTILINE | re.DOTALL)
OF_A_NODE = re.compile(r"--([\w/]+)\.\w+")  # documented with the other parameters


def commands() -> str:
    """Every command, its options and its examples."""
    status = STATUS.search(parser_for([]).epilog or "")
    text = [
        "# Commands",
        "`fer_ros COMMAND --help` says the same in a terminal. Options of nodes, such as "
        "`--faces.finder`, are [parameters](parameters.md).",
        _code(status[0] if status else ""),
    ]
    for words in every_command():
        text += _section(words)
    return "\n\n".join(block for block in text if block) + "\n"


def every_command() -> list[tuple[str, ...]]:
    """The words of each command: ("run",), ("link", "plot")."""
    found: list[tuple[str, ...]] = []
    for name in COMMANDS:
        found += [(name, verb) for verb in parser_of((name,)).verbs] or [(name,)]
    return found


def parser_of(words: Sequence[str]) -> Parser:
    """What reads the options of a command."""
    parser = parser_for(words)
    for word in words:
        parser = parser.verbs[word]
    return parser


def options_of(words: Sequence[str]) -> list[argparse.Action]:
    """Arguments and options of a command, without --help and parameters of nodes."""
    return [
        action
        for action in parser_of(words).actions
        if "--help" not in action.option_strings and not any(map(OF_A_NODE.match, action.option_strings))
    ]


def _section(words: Sequence[str]) -> list[str]:
    parser = parser_of(words)
    rows = [f"| `{_typed(action)}` | {_meaning(action)} |" for action in options_of(words)]
    return [
        f"## fer_ros {' '.join(words)}",
        _plain(parser.description or ""),
        "\n".join(["| argument | meaning |", "| --- | --- |", *rows]) if rows else "It takes no arguments.",
        _of_nodes(parser.actions),
        _code(parser.epilog or ""),
    ]


def _of_nodes(actions: Sequence[argparse.Action]) -> str:
    nodes = dict.fromkeys(
        found[1] for a in actions for o in a.option_strings if (found := OF_A_NODE.match(o))
    )
    listed = ", ".join(f"`{node}`" for node in nodes)
    return f"And the [parameters](parameters.md) of {listed}." if nodes else ""


def _typed(action: argparse.Action) -> str:
    """What is typed: the option's names, and what follows them."""
    takes = "" if action.nargs == 0 else "\u00a0".join(_values(action))
    return ", ".join(f"{name} {takes}".strip() for name in action.option_strings) or takes


def _values(action: argparse.Action) -> Iterator[str]:
    dots = "…" if action.nargs in ("*", "+") else ""
    if action.choices:
        yield f"{{{','.join(map(str, action.choices))}}}{dots}"
    elif isinstance(action.metavar, tuple):
        yield from action.metavar
    else:
        yield (action.metavar or (action.dest.upper() if action.option_strings else action.dest)) + dots


def _meaning(action: argparse.Action) -> str:
    text = (action.help or "").replace("%(default)s", str(action.default)).replace("%%", "%")
    return _plain(text) + (" (needed)" if action.required and action.option_strings else "")


def _plain(text: str) -> str:
    return re.sub(r"([<*_|])", r"\\\1", " ".join(text.split()))


def _code(text: str) -> str:
    return f"```text\n{text.strip()}\n```" if text.strip() else ""
