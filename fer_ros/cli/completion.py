"""`fer_ros completion`: what a shell needs to complete commands, options and names."""

import argparse
import os
from collections.abc import Callable, Iterable, Mapping
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any

from argcomplete import autocomplete
from argcomplete.lexers import split_line
from argcomplete.shell_integration import shellcode

from fer_ros.resources import share

if TYPE_CHECKING:
    from fer_ros.cli.main import Parser

SHELLS = ("bash", "zsh", "fish")
EPILOG = """examples:
  fer_ros completion bash >> ~/.bashrc       or in this shell alone: eval "$(fer_ros completion bash)"
  fer_ros completion zsh >> ~/.zshrc         below its compinit
  fer_ros completion fish > ~/.config/fish/completions/fer_ros.fish

It completes commands, options, their choices, and the names of models, link profiles, policies, recipes and
datasets. Where the package is on the path, `eval "$(register-python-argcomplete fer_ros)"` does the same.
"""
Names = Callable[[], Iterable[str]]


def add(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "completion",
        help="print what lets a shell complete commands and options",
        description="Print a script for a shell to read, with which it completes fer_ros's commands.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("shell", choices=SHELLS, help="for which shell")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the script."""
    print(shellcode(["fer_ros"], shell=args.shell).strip())
    return 0


def words_so_far() -> list[str]:
    """The words before the one that a shell asks to complete, without the program's name."""
    line = os.environ.get("COMP_LINE", "")
    *_, words, _ = split_line(line, int(os.environ.get("COMP_POINT", len(line))))
    return words[1:]


def answer(parser: "Parser") -> None:
    """Answer the shell that asks, and end the process."""
    _name(parser)
    autocomplete(parser, always_complete_options=False)


def _name(parser: "Parser") -> None:
    """Say where the names come from that parameters without choices take."""
    command = parser.prog.partition(" ")[2]
    for action in parser.actions:
        names = OF_COMMANDS.get(f"{command} {action.dest}") or OF_ALL.get(action.dest.rpartition(".")[2])
        if names is not None and not action.choices:
            action.completer = _completer(names)  # type: ignore[attr-defined]
    for verb in parser.verbs.values():
        _name(verb)


def _completer(names: Names) -> Callable[..., list[str]]:
    return lambda **_: sorted(names())


def _of_parameter(node: str, parameter: str) -> Names:
    def names() -> Iterable[str]:
        from fer_ros.deployment import about

        return about(node, parameter).choices

    return names


def _files(*folder: str) -> list[str]:
    return [path.stem for path in share("config").joinpath(*folder).glob("*.yaml")]


def _policies() -> list[str]:
    return _files("policies")


def _recipes() -> list[str]:
    return [*_files("training"), "list"]


def _profiles() -> Iterable[str]:
    from fer_ros.link.profiles import load_profiles

    return load_profiles(share("config") / "links")


def _own_models() -> list[str]:
    return [card.parent.name for card in share("models").glob("*/card.yaml")]


def _others_models() -> list[str]:
    from fer_ros.fetch import ASSETS

    return [asset.name for asset in ASSETS]


def _models() -> list[str]:
    return [*_own_models(), *_others_models()]


def _datasets() -> list[str]:
    from fer_ros.datasets import adapters

    return [module.name for module in iter_modules(adapters.__path__)]


OF_ALL: Mapping[str, Names] = {
    "profile": _profiles,
    "links": _profiles,
    "trace": _profiles,
    "policy": _policies,
    "recipe": _recipes,
    "dataset": _datasets,
    **dict.fromkeys(("model", "models", "shapes_model", "scorer"), _own_models),
    "finder": _of_parameter("faces", "finder"),
    "reader": _of_parameter("faces", "reader"),
    "mode": _of_parameter("mode", "mode"),
}
OF_COMMANDS: Mapping[str, Names] = {
    "models show name": _models,
    "models fetch names": _others_models,
    **dict.fromkeys(("evaluate name", "calibrate name"), _own_models),
    **dict.fromkeys(("dataset check name", "dataset blendshapes name"), _datasets),
}
