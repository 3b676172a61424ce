"""`fer_ros link report`: the sender that chooses beside fixed rungs, on every link."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fer_ros.cli.watching import bar, warn
from fer_ros.environment import model_folders
from fer_ros.errors import FerError, ParameterError
from fer_ros.estimators.params import EstimatorParams
from fer_ros.faces.params import FacesParams
from fer_ros.link.ladder import Step, load_ladder, save_ladder
from fer_ros.link.params import ALLOW
from fer_ros.link.profiles import LinkProfile, load_profiles
from fer_ros.resources import share

if TYPE_CHECKING:
    from fer_ros.evaluate.link_clip import LinkClip, Open
    from fer_ros.evaluate.link_report import LinkCase
    from fer_ros.faces.tracker import FaceTracker
    from fer_ros.images import Image8

EPILOG = """examples:
  fer_ros link report                               the built-in face, every link
  fer_ros link report talk.mp4 --allow crops
  fer_ros link report talk.mp4 --links wifi 3g walk --seconds 60 --out report
  fer_ros link report *.mp4 --write-ladder config/ladder.yaml     measure the rungs' use anew
"""
ABOUT = """\
# What comes of a link
By `fer_ros link report {clips} --allow {allow} --seconds {seconds:g}`: {images} images, played again and
again over each link in simulated time, with the sender that is shipped and what the cloud's models answered
to what it sent.

*Fresh and right*: share of images of a face whose newest cloud result is at most 0.25 s old and names the
same apparent expression as the full-quality one of that very image; *right*: the same up to an age of 1 s.
*auto* chooses; *best fixed* is the rung that does best on that link, known afterwards. The first 5 s are left
out. report.json has every rung.

![Every sender on every link](report.png)

"""
PLOT = "report.png"
RATE_HZ = 30.0
BUILTIN_S = 30.0
CHANGES = ("wifi", "gprs", "dsl", "edge", "wifi", "3g")  # a robot that is carried around


def add(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "report",
        help="age, number and agreement of cloud results, for the sender that chooses and for fixed rungs",
        description="Play a clip over links in simulated time, with the real sender and the real models.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("clips", nargs="*", type=Path, metavar="CLIP", help="videos (default: built-in)")
    parser.add_argument("--links", nargs="+", metavar="NAME", help="profiles (default: all, and a mixture)")
    parser.add_argument("--links-file", type=Path, help="a links file or folder instead of the installed one")
    parser.add_argument("--ladder", type=Path, help="a ladder file instead of the installed one")
    parser.add_argument("--allow", choices=tuple(ALLOW), default="frames", help="the most that may be sent")
    parser.add_argument("--seconds", type=float, default=45.0, help="of simulated time a link (default 45)")
    parser.add_argument("--write-ladder", type=Path, metavar="FILE", help="write the rungs' use as found")
    parser.add_argument("--out", type=Path, help="folder for report.json, report.md and a plot")
    parser.add_argument("--json", action="store_true", help="one JSON object, for programs")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Watch the clips, play every link, print, and write where it was asked for."""
    from fer_ros.evaluate.canvas import require_matplotlib
    from fer_ros.evaluate.link_report import as_json, compare_senders, measured_ladder, to_markdown

    if args.out:
        require_matplotlib()
    if not 10.0 <= args.seconds <= 3600.0:
        raise ParameterError(f"--seconds is {args.seconds:g}; it takes 10 to 3600")
    cases = _cases(args)
    given = load_ladder(args.ladder or share("config") / "ladder.yaml")
    clip = _watch(args.clips, given)
    steps = measured_ladder(clip, given, args.seconds)
    if args.write_ladder:
        save_ladder(args.write_ladder, steps)
    allowed = tuple(step for step in steps if step.rung.reach <= ALLOW[args.allow])
    with bar("links") as shown:
        (task,) = shown.task_ids
        share_of_one = 1.0 / (len(cases) * (len(allowed) + 1))
        found = compare_senders(
            clip, cases, allowed, args.allow, args.seconds, lambda: shown.advance(task, share_of_one)
        )
    content = {
        "clips": [clip.name for clip in args.clips] or ["built-in"],
        "images": len(clip),
        "seconds": args.seconds,
        "allow": args.allow,
        "links": as_json(found, cases),
    }
    text = to_markdown(found, cases)
    if args.out:
        _write(args.out, content, text)
    print(json.dumps(content) if args.json else text, end="" if not args.json else "\n")
    return 0


def _cases(args: argparse.Namespace) -> list[LinkCase]:
    from fer_ros.evaluate.link_report import LinkCase

    profiles = load_profiles(args.links_file or share("config") / "links")
    unknown = [name for name in args.links or () if name not in profiles]
    if unknown:
        raise ParameterError(f"there is no link profile {unknown[0]!r}; choose one of {', '.join(profiles)}")
    cases = [
        LinkCase(name, ((0.0, profile),), _changes(profile))
        for name, profile in profiles.items()
        if name in (args.links or profiles)
    ]
    if not args.links and all(name in profiles for name in CHANGES):
        every_s = args.seconds / len(CHANGES)
        plan = tuple((place * every_s, profiles[name]) for place, name in enumerate(CHANGES))
        cases.append(LinkCase(", ".join(CHANGES), plan, changing=True))
    return cases


def _changes(profile: LinkProfile) -> bool:
    return profile.up.trace is not None or profile.up.outages is not None


def _watch(clips: Sequence[Path], steps: Sequence[Step]) -> LinkClip:
    """What the rungs would send of these clips, one after another at RATE_HZ, and what would be answered."""
    from fer_ros.evaluate.link_clip import LinkWatch

    watch = LinkWatch(_tracker(FacesParams()), _open_cloud(), [step.rung for step in steps])
    with closing(watch), bar("the clip") as shown:
        (task,) = shown.task_ids
        shown.update(task, total=None)
        for place, image in enumerate(_images(clips)):
            watch.see(image, place / RATE_HZ)
        found = watch.result()
    if len(found) < 2 or not found.full.size:
        raise FerError("no face is seen in these clips; give one in which somebody looks at the camera")
    return found


def _images(clips: Sequence[Path]) -> Iterator[Image8]:
    from fer_ros.sources.builtin import BuiltinSource, Scene
    from fer_ros.sources.video import VideoSource

    if not clips:
        source = BuiltinSource(Scene(1280, 720))
        yield from (frame.image for frame in islice(source, round(BUILTIN_S * RATE_HZ)))
    for clip in clips:
        with VideoSource(clip, warn) as video:
            yield from (frame.image for frame in video)


def _tracker(params: FacesParams) -> FaceTracker:
    from fer_ros.faces.open import open_tracker

    return open_tracker(params, model_folders(), warn)


def _open_cloud() -> Open:
    """The cloud's nodes as they are started, without the smoothing that depends on what arrives."""
    from fer_ros.estimators.open import open_estimator

    faces = FacesParams(reader="none", student=False)
    params = EstimatorParams(model="cloud", shapes_model="blendshape", machine="cloud", smoothing_s=0.0)
    return lambda: (_tracker(faces), open_estimator(params))


def _write(folder: Path, content: dict[str, Any], text: str) -> None:
    from fer_ros.evaluate.canvas import save
    from fer_ros.evaluate.link_report_plot import link_report_plot

    about = ABOUT.format(**{**content, "clips": " ".join(content["clips"])})
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "report.json").write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
        (folder / "report.md").write_text(about + text, encoding="utf-8")
    except OSError as error:
        raise FerError(f"{folder} cannot be written ({error.strerror}); choose another folder") from error
    title = f"{content['images']} images of {', '.join(content['clips'])}"
    save(link_report_plot(content["links"], title), folder / PLOT)
