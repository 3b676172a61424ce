"""`fer_ros models`: which models there are, what their cards say, and the third-party ones."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fer_ros.environment import MODEL_PATH, model_cache, model_folders
from fer_ros.errors import ModelError
from fer_ros.resources import own_model, share

if TYPE_CHECKING:
    from fer_ros.estimators.card import Figure, Input, ModelCard
    from fer_ros.fetch import Asset

EPILOG = """examples:
  fer_ros models list
  fer_ros models show robot
  fer_ros models show robot --json
  fer_ros models fetch                            everything, into the user's cache
  fer_ros models fetch yunet --to /opt/models
  fer_ros models fetch --from https://mirror.example/fer_ros --from http://10.0.0.1/models
  fer_ros models fetch --optional --timeout 5     go on without what cannot be had
"""
TIMEOUT_S = 5.0


def add(commands: Any) -> None:
    """Add the command and its verbs."""
    parser = commands.add_parser(
        "models",
        help="list, describe and fetch models",
        description="Models of this package, and those of others that it can use.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    verbs = parser.add_subparsers(metavar="VERB", required=True)
    _add_list(verbs)
    _add_show(verbs)
    _add_fetch(verbs)


def run_list(args: argparse.Namespace) -> int:
    """List every model: ours with what its card says, others' with where they are."""
    from fer_ros.estimators.card import CARD_FILE
    from fer_ros.fetch import ASSETS

    own = [_own_entry(path.parent) for path in sorted(share("models").glob(f"*/{CARD_FILE}"))]
    others = [_other_entry(asset) for asset in ASSETS]
    if args.json:
        print(json.dumps({"own": own, "third_party": others}))
        return 0
    print("models of this package:")
    for entry in own:
        print(f"  {entry['name']:<10} {entry.get('error') or _own_line(entry)}")
    print(f"models of others (looked for in {MODEL_PATH}, then {model_cache()}):")
    for entry in others:
        print(f"  {entry['name']:<10} {_other_line(entry)}")
    return 0


def run_show(args: argparse.Namespace) -> int:
    """Show a model's card."""
    from fer_ros.estimators.card import load_card
    from fer_ros.fetch import ASSETS, pick

    if args.name in {asset.name for asset in ASSETS}:
        (asset,) = pick([args.name])
        entry = _other_entry(asset)
        print(json.dumps(entry) if args.json else "\n".join(f"{key:<8} {entry[key]}" for key in entry))
        return 0
    card = load_card(own_model(args.name))
    print(json.dumps(_plain_card(card)) if args.json else _card_text(card))
    return 0


def run_fetch(args: argparse.Namespace) -> int:
    """Fetch what is not here yet."""
    from fer_ros.cli import models_fetch

    return models_fetch.run(args)


def _add_list(verbs: Any) -> None:
    parser = verbs.add_parser("list", help="every model, and where it is")
    parser.add_argument("--json", action="store_true", help="one JSON object, for programs")
    parser.set_defaults(run=run_list)


def _add_show(verbs: Any) -> None:
    parser = verbs.add_parser("show", help="a model's card: labels, input, figures, limits, licence")
    parser.add_argument("name", help="a name of `fer_ros models list`, or the path of a model folder")
    parser.add_argument("--json", action="store_true", help="one JSON object, for programs")
    parser.set_defaults(run=run_show)


def _add_fetch(verbs: Any) -> None:
    parser = verbs.add_parser(
        "fetch",
        help="download third-party models from their official addresses",
        description="Mirrors in FER_ROS_MODEL_MIRRORS, separated by spaces, are asked before the official "
        "addresses; with --from nobody else is asked. A download that was interrupted goes on where it was. "
        "HTTPS_PROXY, HTTP_PROXY and NO_PROXY are obeyed.",
    )
    parser.add_argument(
        "names", nargs="*", help="third-party models of `fer_ros models list`; all without names"
    )
    parser.add_argument("--to", type=Path, metavar="DIR", help="folder (default: the user's cache)")
    parser.add_argument(
        "--from",
        dest="mirrors",
        action="append",
        default=[],
        metavar="URL_PREFIX",
        help="a mirror of the files, asked instead of others; repeatable, they are tried in turn",
    )
    parser.add_argument(
        "--timeout", type=_seconds, default=TIMEOUT_S, help=f"s, for an answer (default {TIMEOUT_S:g})"
    )
    parser.add_argument(
        "--optional", action="store_true", help="say in one line what cannot be had, and succeed"
    )
    parser.set_defaults(run=run_fetch)


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds") from error
    if not 0 < value <= 3600:
        raise argparse.ArgumentTypeError(f"{text} s: give more than 0 and at most 3600")
    return value


def _own_entry(folder: Path) -> dict[str, Any]:
    from fer_ros.estimators.card import load_card

    try:
        card = load_card(folder)
    except ModelError as error:
        return {"name": folder.name, "error": str(error)}
    accuracy = {f"{f.labels} {f.split}": f.accuracy for f in card.figures}
    return {
        "name": folder.name,
        "identity": card.identity,
        "summary": card.summary,
        "parameters": card.parameters,
        "accuracy": accuracy,
        "folder": str(folder),
    }


def _own_line(entry: dict[str, Any]) -> str:
    figures = ", ".join(f"{name} {value:.3f}" for name, value in entry["accuracy"].items())
    size = f"{entry['parameters']} parameters"
    return f"{entry['identity']}: {entry['summary']}\n{'':13}{size}; accuracy {figures}"


def _other_entry(asset: Asset) -> dict[str, Any]:
    from fer_ros.fetch import find

    path = find(asset, model_folders())
    return {**asdict(asset), "path": str(path) if path else None}


def _other_line(entry: dict[str, Any]) -> str:
    where = entry["path"] or f"missing; `fer_ros models fetch {entry['name']}` gets it"
    return f"{entry['file']}: {entry['purpose']}; {entry['licence']}\n{'':13}{where}"


def _plain_card(card: ModelCard) -> dict[str, Any]:
    return {**asdict(card), "folder": str(card.folder), "identity": card.identity}


def _card_text(card: ModelCard) -> str:
    return "\n".join(
        [
            f"{card.identity}: {card.summary}",
            f"  folder      {card.folder}",
            *(f"  input       {_input_text(read)}" for read in card.inputs),
            f"  framing     {card.framing}",
            f"  parameters  {card.parameters}",
            f"  sha256      {card.sha256}",
            *(f"  {name:<11} {', '.join(head.labels)}" for name, head in card.heads.items()),
            "training:",
            *_indented(f"{name}: {value}" for name, value in card.training.items()),
            "figures:",
            *_indented(_figure_line(figure) for figure in card.figures),
            "limits:",
            *_indented(card.limits),
        ]
    )


def _input_text(read: Input) -> str:
    low, high = read.range
    return f"{read.kind}, {'x'.join(map(str, read.shape))}, {low:g} to {high:g}"


def _figure_line(figure: Figure) -> str:
    return (
        f"{figure.labels}, {figure.split}, n = {figure.n}: accuracy {figure.accuracy:.4f}, "
        f"macro F1 {figure.macro_f1:.4f}, ECE {figure.ece:.4f}, "
        f"sets hold the truth in {figure.coverage:.4f}\n    {figure.command}"
    )


def _indented(lines: Iterable[str]) -> list[str]:
    return [f"  {line}" for line in lines]
