"""`fer_ros video`, `image` and `bag`: what they take; files_*.py do the work."""

import argparse
from pathlib import Path
from typing import Any

from fer_ros.cli.options import add_parameters
from fer_ros.estimators.params import EstimatorParams
from fer_ros.faces.params import FacesParams
from fer_ros.viewer.params import OverlayParams

EXAMPLES = {
    "video": """examples:
  fer_ros video clip.mp4                                        # a line for every image and face
  fer_ros video clip.mp4 --out labelled.mp4                     # drawn over the pictures, the sound untouched
  fer_ros video clip.mp4 --out labelled.mkv --overlay.language ja --overlay.text_scale 2
  fer_ros video clip.mp4 --csv clip.csv --srt clip.srt --plot clip.png
  fer_ros video clip.mp4 --json --faces.finder haar
""",
    "image": """examples:
  fer_ros image portrait.jpg
  fer_ros image *.jpg --sheet sheet.jpg --csv faces.csv
  fer_ros image *.png --json
""",
    "bag": """examples:
  fer_ros bag recording/
  fer_ros bag recording/ --out labelled                         # all of it, and emotion/robot beside it
  fer_ros bag run.mcap --topic /camera/image_raw --json
  fer_ros bag run.db3 --out labelled --storage mcap --estimates-topic /head/emotion/robot
""",
}


def add(commands: Any) -> None:
    """Add the three commands."""
    _add_video(commands)
    _add_image(commands)
    _add_bag(commands)


def _add_video(commands: Any) -> None:
    parser = _command(commands, "video", "estimate the faces of a video file")
    parser.add_argument("input", help="a video file")
    files = parser.add_argument_group("files that are written")
    _add_file(files, "--out", "the labelled video: .mp4, .m4v, .mov or .mkv")
    _add_file(files, "--csv", "a line for every image and face")
    _add_file(files, "--srt", "captions, of what lasts long enough to be read")
    _add_file(files, "--plot", "probabilities, valence and arousal over time, as PNG")
    _add_force(files)
    _finish(parser, run_video, overlay=True)


def _add_image(commands: Any) -> None:
    parser = _command(commands, "image", "estimate the faces of pictures, each on its own")
    parser.add_argument("input", nargs="+", help="JPEG, PNG or other picture files")
    files = parser.add_argument_group("files that are written")
    _add_file(files, "--sheet", "a contact sheet, .png or .jpg; of many pictures out.png, out-2.png, ...")
    _add_file(files, "--csv", "a line for every picture and face")
    _add_force(files)
    _finish(parser, run_image, overlay=True)


def _add_bag(commands: Any) -> None:
    parser = _command(commands, "bag", "estimate the faces of a recorded image topic")
    parser.add_argument("input", help="a rosbag2 folder, .mcap or .db3 file")
    parser.add_argument("--topic", default="", help="image topic; needed where the bag holds several")
    files = parser.add_argument_group("files that are written")
    _add_file(
        files, "--out", "a bag with everything of the input, and the estimates; a folder that is not there"
    )
    files.add_argument("--storage", choices=("mcap", "sqlite3"), help="of --out (default: as the input)")
    files.add_argument(
        "--estimates-topic", metavar="TOPIC", help="of the estimates in --out (default emotion/robot)"
    )
    _finish(parser, run_bag, overlay=False)


def run_video(args: argparse.Namespace) -> int:
    """Every frame of a video."""
    from fer_ros.cli import files_video

    return files_video.run(args)


def run_image(args: argparse.Namespace) -> int:
    """Every picture, with nothing carried from one to the next."""
    from fer_ros.cli import files_image

    return files_image.run(args)


def run_bag(args: argparse.Namespace) -> int:
    """Every image of a topic."""
    from fer_ros.cli import files_bag

    return files_bag.run(args)


def _command(commands: Any, name: str, help: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(
        name,
        help=help,
        description=f"{help.capitalize()}. No ROS is needed, and nothing is sent anywhere.",
        epilog=EXAMPLES[name],
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a line, per image and face")
    return parser


def _add_file(group: Any, option: str, help: str) -> None:
    group.add_argument(option, type=Path, metavar="FILE", help=help)


def _add_force(group: Any) -> None:
    group.add_argument("--force", action="store_true", help="replace files that are there already")


def _finish(parser: argparse.ArgumentParser, run: Any, *, overlay: bool) -> None:
    add_parameters(parser, "faces", FacesParams)
    add_parameters(parser, "estimator", EstimatorParams)
    if overlay:
        add_parameters(parser, "overlay", OverlayParams)
    parser.set_defaults(run=run)
