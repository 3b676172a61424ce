# PYTHON_ARGCOMPLETE_OK
"""`fer_ros`: one door to everything. Only the module of the command that is asked for is loaded."""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any, NoReturn

from fer_ros.errors import FerError

DONE, FAILED, NOT_UNDERSTOOD, INTERRUPTED = 0, 1, 2, 130

# Name → the module that adds the command, and what stands in the list of commands.
COMMANDS = {
    "run": ("fer_ros.cli.run", "run the whole graph"),
    "video": ("fer_ros.cli.recorded", "estimate the faces of a video file"),
    "image": ("fer_ros.cli.recorded", "estimate the faces of pictures, each on its own"),
    "bag": ("fer_ros.cli.recorded", "estimate the faces of a recorded image topic"),
    "replay": ("fer_ros.cli.replay", "decide a recorded run again, and compare"),
    "doctor": ("fer_ros.cli.doctor", "say what works here, what would be used, and what is missing"),
    "models": ("fer_ros.cli.models", "list, describe and fetch models"),
    "link": ("fer_ros.cli.link", "try, replay, make and check emulated links"),
    "policy": ("fer_ros.cli.policy", "check a conversation policy, or hold it against a recording"),
    "security": ("fer_ros.cli.security", "write SROS 2 policies with the least permissions"),
    "dataset": ("fer_ros.cli.dataset", "list, check and build datasets, and read their blendshapes"),
    "train": ("fer_ros.cli.train", "train a model and write its folder"),
    "combine": ("fer_ros.cli.combine", "let trained models answer together, as one model"),
    "search": ("fer_ros.cli.search", "find a recipe's hyper-parameters"),
    "calibrate": ("fer_ros.cli.calibrate", "fit a model's temperatures and prediction sets, by face size"),
    "evaluate": ("fer_ros.cli.evaluate", "accuracy, F1 and calibration of a model"),
    "grid": ("fer_ros.cli.grid", "accuracy by resolution and frame rate of video"),
    "flicker": ("fer_ros.cli.flicker", "label changes per minute on clips, and the delay of real ones"),
    "results": ("fer_ros.cli.results", "one page of figures from the reports of evaluations"),
    "completion": ("fer_ros.cli.completion", "print what lets a shell complete commands and options"),
}
EPILOG = """examples:
  fer_ros run --duration 20            the whole graph on the built-in source
  fer_ros run --source device --input 0
  fer_ros video clip.mp4 --json        one line per frame and face
  fer_ros doctor                       what is missing here, and how to get it
  fer_ros COMMAND --help               its options, with examples

exit status: 0 done; 1 it could not be done, and one line says why; 2 the command was not understood;
130 interrupted
"""
USAGE_LINES = 4  # of an error message; there are commands with hundreds of options
SIMILAR = 0.65  # of a word to what may have been meant


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the exit status."""
    words = sys.argv[1:] if arguments is None else list(arguments)
    try:
        return _run(words)
    except FerError as error:
        # A parser's message may have several lines.
        return _fail(" ".join(str(error).split()))
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("fer_ros"):  # a mistake of ours
            raise
        return _fail(f"the Python package {error.name} is not installed; `fer_ros doctor` says how to get it")
    except BrokenPipeError:  # the reader of our output has had enough
        _forget_output()
        return FAILED
    except OSError as error:  # of files that nobody looked after: a full disk, or stdout closed
        _forget_output()
        return _fail(
            f"{error.filename}: {error.strerror}" if error.filename else error.strerror or str(error)
        )
    except KeyboardInterrupt:
        return INTERRUPTED


def _run(words: list[str]) -> int:
    try:
        if "_ARGCOMPLETE" in os.environ:
            from fer_ros.cli.completion import answer, words_so_far

            answer(parser_for(words_so_far()))
        args = parser_for(words).parse_args(words)
        return int(args.run(args))
    finally:
        if sys.stdout is not None:  # closed by whoever started us
            sys.stdout.flush()  # what cannot be written is told now, not by the interpreter's end


def parser_for(words: Sequence[str]) -> "Parser":
    """What understands a command line of these words, with all of the command's options.

    Raises:
        SystemExit: there is no such command.
    """
    parser = Parser(
        prog="fer_ros",
        description="Apparent facial expression for social robots.",
        epilog=EPILOG,
        formatter_class=_with_room,
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="say the version and end")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    chosen, _ = COMMANDS.get(next((word for word in words if not word.startswith("-")), ""), ("", ""))
    for name, (module, about) in COMMANDS.items():
        if module != chosen:
            commands.add_parser(name, help=about)
        elif name not in commands.choices:  # a module may add several commands
            import_module(module).add(commands)
    parser.share_examples()
    return parser


def _with_room(prog: str) -> argparse.HelpFormatter:
    """Argparse forgets the indentation of commands when it looks for the longest name."""
    formatter = argparse.RawDescriptionHelpFormatter(prog)
    formatter._action_max_length = 4 + max(map(len, COMMANDS))
    return formatter


class Parser(argparse.ArgumentParser):
    """argparse's parser, with errors of two lines that name the nearest word.

    Attributes:
        verbs: name → parser of its commands, where it has some.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.verbs: dict[str, Parser] = {}

    @property
    def actions(self) -> Sequence[argparse.Action]:
        """Its options and arguments."""
        return self._actions

    def add_subparsers(self, **options: Any) -> Any:  # noqa: D102
        action = super().add_subparsers(**options)
        self.verbs = action.choices
        return action

    def share_examples(self) -> None:
        """Give verbs that have no examples those of their command that show them."""
        for verb in self.verbs.values():
            shown = [line for line in (self.epilog or "").splitlines() if f"{verb.prog} " in f"{line} "]
            if shown and verb.epilog is None:
                verb.epilog = "\n".join(["examples:", *shown])
                verb.formatter_class = argparse.RawDescriptionHelpFormatter
            verb.share_examples()

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Parse; what is not known is told by the parser that does not know it."""
        found, unknown = super().parse_known_args(args, namespace)
        if unknown:
            hint = _nearest(unknown[0].partition("=")[0], self._option_string_actions)
            self.error(f"{' '.join(unknown)} is not understood{hint}")
        return found, unknown

    def error(self, message: str) -> NoReturn:
        """End with a short usage and the message."""
        usage = self.format_usage()
        if len(usage.splitlines()) > USAGE_LINES:
            usage = f"usage: {self.prog} [OPTION ...]; `{self.prog} --help` lists them\n"
        self.exit(NOT_UNDERSTOOD, f"{usage}{self.prog}: error: {message}\n")

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is not None and value not in action.choices:
            known = [str(choice) for choice in action.choices]
            hint = _nearest(str(value), known)
            raise argparse.ArgumentError(action, f"{value!r} is unknown{hint}; it takes {', '.join(known)}")


class _Version(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> None:
        from fer_ros.doctor.software import own_version

        print(f"fer_ros {own_version()}")
        parser.exit()


def _nearest(word: str, known: Any) -> str:
    from difflib import get_close_matches

    near = get_close_matches(word, list(known), n=1, cutoff=SIMILAR)
    return f" (did you mean {near[0]}?)" if near else ""


def _fail(text: str) -> int:
    print(f"fer_ros: {text}", file=sys.stderr)
    return FAILED


def _forget_output() -> None:
    """Let nothing that is still to be written fail again when the interpreter ends."""
    if sys.stdout is not None:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


if __name__ == "__main__":
    sys.exit(main())
