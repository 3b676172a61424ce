"""`fer_ros grid`: how models stand fewer pixels and fewer images (Maclean's grid)."""

import argparse
import json
import shlex
from pathlib import Path
from typing import Any

from fer_ros.cli.watching import add_watching, bar, open_viewers, space_of, warn, words_of

EPILOG = """examples:
  fer_ros grid robot cloud --data RAVDESS --labels ravdess --out ravdess-grid
  fer_ros grid robot --data clips --labels clips/labels.csv       columns: clip,label
  fer_ros grid robot --data clips --agreement --quality 60        no labels are needed
  fer_ros grid models/maclean_image models/maclean_lstm --data RAVDESS --labels ravdess

A dataset's "calm" is read as "neutral" by models that do not know it. A model that reads clips, as a trained
maclean_lstm does, is asked about windows of as many faces as it takes.
"""


def add(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "grid",
        help="accuracy by resolution and frame rate of video",
        description="Classify clips at 1280x720, 640x360 and 256x144 px, and 30, 15 and 5 images a second.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("models", nargs="+", metavar="MODEL", help="of this package, or the path of a folder")
    parser.add_argument("--data", type=Path, required=True, help="folder of the clips")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--labels", help="CSV with columns clip and label, or a dataset's name: ravdess")
    what.add_argument(
        "--agreement", action="store_true", help="compare with the clip as it is, without labels"
    )
    parser.add_argument("--quality", type=_quality, help="of JPEG, 1..100 (default: no JPEG)")
    parser.add_argument("--out", type=Path, help="folder for grid.json, grid.md and heat maps")
    parser.add_argument("--no-plots", action="store_true", help="draw no heat maps; matplotlib is not needed")
    parser.add_argument("--json", action="store_true", help="one JSON object, for programs")
    add_watching(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run the grid, print it, and write it where a folder is given."""
    from fer_ros.evaluate import canvas
    from fer_ros.evaluate.clips import labelled, unlabelled
    from fer_ros.evaluate.grid import Run, accuracy_grid, agreement_grid
    from fer_ros.evaluate.grid_report import as_dict, grid_text, write_grid
    from fer_ros.evaluate.run import machine

    with_plots = args.out is not None and not args.no_plots
    if with_plots:
        canvas.require_matplotlib()  # now, not after an hour
    space = space_of(args, args.models)
    clips = unlabelled(args.data) if args.agreement else labelled(args.data, args.labels, space)
    with open_viewers(args, args.models, space) as watcher, bar(f"{len(clips)} clips") as shown:
        (task,) = shown.task_ids
        how = Run(watcher, args.quality, warn, lambda share: shown.update(task, completed=share))
        grid = agreement_grid(clips, how) if args.agreement else accuracy_grid(clips, how)
    content = as_dict(grid, _title(args), args.quality, _command(args), machine())
    if args.out:
        write_grid(grid, content, args.out, with_plots=with_plots)
    print(json.dumps(content) if args.json else grid_text(content), end="\n" if args.json else "")
    return 0


def _title(args: argparse.Namespace) -> str:
    return str(args.data.resolve().name)


def _command(args: argparse.Namespace) -> str:
    what = ["--agreement"] if args.agreement else ["--labels", args.labels]
    quality = [] if args.quality is None else ["--quality", str(args.quality)]
    return shlex.join(
        ["fer_ros", "grid", *args.models, "--data", str(args.data), *what, *quality, *words_of(args)]
    )


def _quality(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 100:
        raise argparse.ArgumentTypeError(f"{text!r} is not a JPEG quality; it takes 1 to 100")
    return int(text)
