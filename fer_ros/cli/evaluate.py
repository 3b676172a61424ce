"""`fer_ros evaluate`: figures of a model on a dataset."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fer_ros.cli.options import given, of
from fer_ros.cli.watching import add_watching, words_of
from fer_ros.environment import shapes_cache
from fer_ros.errors import FerError
from fer_ros.resources import own_model

if TYPE_CHECKING:
    from fer_ros.cli.evaluate_shown import Asked
    from fer_ros.estimators.model import Model
    from fer_ros.evaluate.figures import Outcome
    from fer_ros.evaluate.report import Evaluation
    from fer_ros.evaluate.run import Result
    from fer_ros.evaluate.samples import Samples

EPILOG = """examples:
  fer_ros evaluate robot --data FERPlus.zip --labels fer2013 --split test
  fer_ros evaluate cloud --data FERPlus.zip --labels ferplus --split validation --json
  fer_ros evaluate robot --data FERPlus.zip --sizes --report docs/results   every face size, with plots
  fer_ros evaluate robot --dataset ck48 --data CK+48.zip --labels basic --split test
  fer_ros evaluate blendshape --dataset blendfer --data blendfer --labels 3class --split test \\
    --baselines blendfer/*.keras
  fer_ros evaluate student --data FERPlus.zip --split validation      correlation with MediaPipe
  fer_ros evaluate models/timeconvnet --dataset recipe --data bigfacex --labels bigfacex --split test
  fer_ros evaluate robot --dataset ravdess --data RAVDESS --labels ferplus --split test     at 30, 15 and 5/s
  fer_ros evaluate robot --dataset clips/labels.csv --data clips --split test     columns: clip,label
"""
OWN = "recipe"  # the data that the model's own recipe names
RELEASED = "released blendshape LSTM"


def add(commands: Any) -> None:
    """Add the command."""
    from fer_ros.datasets import catalogue
    from fer_ros.emotions import LABEL_SPACES

    parser = commands.add_parser(
        "evaluate",
        help="accuracy, F1 and calibration of a model",
        description="Run a model over a split of a dataset and compare it with the labels.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    names = ", ".join([OWN, "blendfer", *catalogue.names()])
    parser.add_argument("name", help="a model of this package, or the path of a model folder")
    parser.add_argument("--data", type=Path, required=True, help="the dataset's file or folder")
    parser.add_argument(
        "--dataset",
        default="ferplus",
        help=f"which it is, of {names} (default ferplus), or a CSV with columns clip and label",
    )
    parser.add_argument("--labels", choices=tuple(LABEL_SPACES), default="ferplus")
    parser.add_argument("--split", choices=("train", "validation", "test"), default="validation")
    parser.add_argument("--sizes", action="store_true", help="also with the faces at smaller sizes")
    parser.add_argument("--report", type=Path, metavar="DIR", help="write report.json, report.md and plots")
    parser.add_argument("--record", action="store_true", help="write the figures into the model's card")
    parser.add_argument(
        "--baselines", type=Path, metavar="KERAS", help="the released LSTM's weights beside it"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object, for programs")
    add_watching(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Evaluate and print."""
    from fer_ros.cli import evaluate_student
    from fer_ros.cli.evaluate_shown import plain, text
    from fer_ros.estimators.card import load_card
    from fer_ros.estimators.model import load_model
    from fer_ros.evaluate import canvas
    from fer_ros.evaluate.run import record, result_of

    if not load_card(own_model(args.name)).heads:
        return evaluate_student.run(args, own_model(args.name))
    if args.report:
        canvas.require_matplotlib()  # now, not after an hour
    model = load_model(own_model(args.name), threads=of(given(args), "estimator").get("threads", 1))
    command = _command(args)
    with _bar() as step:
        asked = _ask(args, model, step)
    samples, outcome = asked.samples, asked.outcome
    result = result_of(model.card.name, samples, outcome)
    if args.report:
        conditions = {"by_face_size": asked.by_face_size, "by_frame_rate": asked.by_frame_rate}
        what = _evaluation(model.card.name, samples, outcome, command, cases=asked.cases, **conditions)
        _write(args.report, args.dataset, what)
    if args.record:
        record(own_model(args.name), result, samples.title, command.split(" ", 3)[3])
    baseline = _baseline(args, samples, command) if args.baselines else None
    print(json.dumps(plain(result, asked, baseline)) if args.json else text(result, asked, baseline))
    return 0


def _ask(args: argparse.Namespace, model: Model, step: Callable[[str, int, int], None]) -> Asked:
    from fer_ros.cli import evaluate_video
    from fer_ros.cli.evaluate_shown import Asked
    from fer_ros.evaluate.video import CLIPS

    if evaluate_video.is_video(args.dataset):
        samples, rates = evaluate_video.ask(args, model, step)
        return Asked(samples, rates[max(rates)], by_frame_rate=rates, cases=CLIPS)
    evaluate_video.refuse_watching(args)
    samples = _samples(args, model)
    return Asked(samples, *_of_crops(model, samples, args.sizes, step))


def _samples(args: argparse.Namespace, model: Model) -> Samples:
    from fer_ros.evaluate.samples import load

    if args.dataset != OWN:
        return load(args.dataset, args.data, args.labels, args.split)
    try:
        from fer_ros.train.samples import recipe_samples
    except ImportError as error:
        raise FerError(f"--dataset {OWN} needs PyTorch ({error}); pip install torch") from error
    return recipe_samples(model.card, args.data, args.labels, args.split, shapes_cache())


def _of_crops(
    model: Model, samples: Samples, sizes: bool, step: Callable[[str, int, int], None]
) -> tuple[Outcome, dict[float, Outcome]]:
    """The model's answers, and those at smaller face sizes where they are asked for."""
    from fer_ros.cli.shapes import with_needed_shapes
    from fer_ros.datasets.small_faces import FACE_SIZES_PX
    from fer_ros.evaluate.run import LARGE, ask
    from fer_ros.evaluate.samples import seen_at

    def answers(found: Samples, px: int | None) -> Outcome:
        where = "" if px is None else f", {px} px"
        read = with_needed_shapes(
            model.card, found, lambda done, total: step(f"blendshapes{where}", done, total)
        )
        return ask(
            model, read, px or LARGE, lambda done, total: step(f"{model.card.name}{where}", done, total)
        )

    outcome = answers(samples, None)
    if not sizes or "face" not in samples.inputs:
        return outcome, {}
    whole = FACE_SIZES_PX[0]
    return outcome, {
        float(px): answers(samples if px == whole else seen_at(samples, px), px) for px in FACE_SIZES_PX
    }


def _evaluation(model: str, samples: Samples, outcome: Outcome, command: str, **more: Any) -> Evaluation:
    from fer_ros.emotions import LABEL_SPACES
    from fer_ros.evaluate.report import Evaluation
    from fer_ros.evaluate.run import machine

    names = LABEL_SPACES[samples.labels]
    return Evaluation(
        model,
        samples.title,
        samples.split,
        samples.labels,
        names,
        outcome,
        command,
        machine(),
        **more,
    )


def _write(folder: Path, dataset: str, evaluation: Evaluation) -> None:
    from fer_ros.evaluate.report import write_report

    name = f"{Path(dataset).stem}-{evaluation.labels}-{evaluation.split}"
    write_report(evaluation, folder / evaluation.model.replace(" ", "_") / name)


def _baseline(args: argparse.Namespace, samples: Samples, command: str) -> Result:
    """The released LSTM on the same rows."""
    import numpy as np

    from fer_ros.emotions import THREE
    from fer_ros.evaluate.figures import Outcome
    from fer_ros.evaluate.released import released_lstm
    from fer_ros.evaluate.run import result_of

    predict = released_lstm(args.baselines)
    probabilities = predict(np.asarray(samples.inputs["blendshapes"], np.float32))
    readable = np.asarray(np.isfinite(probabilities).all(axis=1), np.bool_)
    sets = np.eye(len(THREE), dtype=np.bool_)[probabilities.argmax(axis=1)]  # it gives no sets
    outcome = Outcome(samples.truth, probabilities, sets, readable)
    if args.report:
        _write(args.report, args.dataset, _evaluation(RELEASED, samples, outcome, command, baseline=True))
    print_confusion(outcome, args.json)
    return result_of(RELEASED, samples, outcome)


def print_confusion(outcome: Outcome, quiet: bool) -> None:
    """A row per true label, as the paper prints it."""
    if not quiet:
        print(f"{RELEASED}: {outcome.confusion()[:, :-1].tolist()}")


def _command(args: argparse.Namespace) -> str:
    """What gives the same figures again, with the dataset's name for its place."""
    dataset = "" if args.dataset == "ferplus" else f" --dataset {Path(args.dataset).name}"
    sizes = " --sizes" if args.sizes else ""
    name = Path(args.name).name
    what = f"--data {args.data.name}{dataset} --labels {args.labels} --split {args.split}{sizes}"
    return " ".join([f"fer_ros evaluate {name} {what}", *words_of(args)])


@contextmanager
def _bar() -> Iterator[Callable[[str, int, int], None]]:
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda what, done, total: bar.update(task, description=what, completed=done, total=total)
