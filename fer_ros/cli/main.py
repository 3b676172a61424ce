"""`fer_ros`: one door to everything."""

import argparse
import sys
from collections.abc import Sequence

from fer_ros.cli import (
    calibrate,
    dataset,
    evaluate,
    flicker,
    grid,
    link,
    models,
    policy,
    recorded,
    replay,
    results,
    run,
    search,
    security,
    train,
)
from fer_ros.errors import FerError

COMMANDS = (
    run,
    recorded,
    replay,
    dataset,
    train,
    search,
    calibrate,
    evaluate,
    grid,
    flicker,
    results,
    models,
    link,
    policy,
    security,
)
EPILOG = """examples:
  fer_ros run --duration 20            the whole graph on the built-in source
  fer_ros run --source device --input 0
  fer_ros video clip.mp4 --json        one line per frame and face
  fer_ros models list

exit status: 0 done; 1 it could not be done, and one line says why; 2 the command was not understood
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the exit status."""
    parser = argparse.ArgumentParser(
        prog="fer_ros",
        description="Apparent facial expression for social robots.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for command in COMMANDS:
        command.add(commands)
    args = parser.parse_args(arguments)
    try:
        return int(args.run(args))
    except FerError as error:
        # A parser's message may have several lines.
        print(f"fer_ros: {' '.join(str(error).split())}", file=sys.stderr)
        return 1
    except BrokenPipeError:  # the reader of our output has had enough
        sys.stderr.close()
        return 1
    except KeyboardInterrupt:
        return 130
