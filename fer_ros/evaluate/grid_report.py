"""A grid written down: grid.json, grid.md, a heat map a model, and one of all classifiers together."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fer_ros.errors import FerError
from fer_ros.evaluate import canvas, plots
from fer_ros.evaluate.answers import NETWORK
from fer_ros.evaluate.degrade import SEQUENCE
from fer_ros.evaluate.grid import ANSWERED, Grid
from fer_ros.evaluate.markdown import table
from fer_ros.evaluate.report import rounded
from fer_ros.link.throttle import RATES_HZ, RESOLUTIONS

RATES = tuple(f"{rate:g}" for rate in RATES_HZ)
MEANING = {
    "accuracy": f"Share of clips whose label was found in {SEQUENCE} images from the clip's middle, short "
    "clips repeated. A clip in which no face was found is an error. The streaming estimate is the one after "
    "the last image.",
    "agreement": "Share of images whose label is the one that the same model gives to the clip as it is, at "
    "the same time. An image in which no face was found disagrees.",
}


OF_CLIPS = {
    "accuracy": "A clip network's answer is the mean over its windows of these images, each image once.",
    "agreement": "A clip network's label is that of the newest window, or of the first one until that ends.",
}


def as_dict(grid: Grid, data: str, quality: int | None, command: str, machine: str) -> dict[str, Any]:
    """For JSON: shares rounded to four digits, null where nothing could be compared.

    Args:
        grid: the shares.
        data: title of the clips.
        quality: of the JPEG that was used, None for none.
        command: what gives these figures again.
        machine: what gave them.
    """
    models = {
        model: {method: shares.tolist() for method, shares in methods.items()}
        for model, methods in grid.tables.items()
    }
    plain: dict[str, Any] = rounded(
        {
            "of": grid.of,
            "data": data,
            "n": grid.n,
            "images": grid.images,
            "clips_as_they_are": grid.shapes,
            "skipped": list(grid.skipped),
            "jpeg_quality": quality,
            "resolutions": list(RESOLUTIONS),
            "rates_hz": list(RATES_HZ),
            "models": models,
            "command": command,
            "machine": machine,
        }
    )
    return plain


def grid_text(content: dict[str, Any]) -> str:
    """Markdown of a grid; `content` is what grid.json holds."""
    parts = [f"# {content['of'].capitalize()} by resolution and frame rate", _intro(content)]
    if len(content["models"]) > 1:
        parts += ["## Every classifier", _summary(content)]
    for model, methods in content["models"].items():
        parts.append(f"## {model}")
        for method, shares in methods.items():
            rows = [[name, *row] for name, row in zip(content["resolutions"], shares, strict=True)]
            parts += [f"{method}:", table(("px", *(f"{rate:g}/s" for rate in content["rates_hz"])), rows)]
    parts.append(f"By `{content['command']}` on {content['machine']}.")
    return "\n\n".join(parts) + "\n"


def write_grid(grid: Grid, content: dict[str, Any], folder: Path, *, with_plots: bool) -> None:
    """Write grid.json, grid.md and grid-MODEL.png into a folder; for several models, grid.png of all too.

    Args:
        grid: the shares.
        content: what `as_dict` gave.
        folder: where to; it is made where it is not there.
        with_plots: draw the heat maps too.

    Raises:
        FerError: the folder cannot be written, or plots are wanted and matplotlib is not installed.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "grid.json").write_text(
            json.dumps(content, indent=1, allow_nan=False) + "\n", encoding="utf-8"
        )
        (folder / "grid.md").write_text(grid_text(content), encoding="utf-8")
    except OSError as error:
        raise FerError(
            f"{folder}: the grid cannot be written ({error.strerror}); name another folder"
        ) from error
    for file, about, shown in _maps(grid) if with_plots else ():
        title = f"{about} on {content['data']}, n = {_count(content)}"
        canvas.save(plots.heat_plot(shown, RESOLUTIONS, RATES, title, grid.of), folder / file)


def _maps(grid: Grid) -> Iterator[tuple[str, str, dict[str, NDArray[np.float64]]]]:
    """File, what is drawn, and name → (3, 3) shares of every heat map."""
    classifiers = {
        model: {method: shares for method, shares in methods.items() if method != ANSWERED}
        for model, methods in grid.tables.items()
    }
    for model, methods in classifiers.items():
        yield f"grid-{model.replace('/', '_')}.png", model, methods
    if len(classifiers) > 1:
        every = {f"{model}: {m}": shares for model, some in classifiers.items() for m, shares in some.items()}
        yield "grid.png", "every classifier", every


def _summary(content: dict[str, Any]) -> str:
    """A row a classifier, a column a condition."""
    rates = content["rates_hz"]
    columns = [f"{size}, {rate:g}/s" for size in content["resolutions"] for rate in rates]
    rows = [
        [f"{model}: {method}", *(share for row in shares for share in row)]
        for model, methods in content["models"].items()
        for method, shares in methods.items()
        if method != ANSWERED
    ]
    return table(("classifier", *columns), rows)


def _intro(content: dict[str, Any]) -> str:
    shapes = ", ".join(f"{count} of {shape}" for shape, count in content["clips_as_they_are"].items())
    quality = content["jpeg_quality"]
    link = f"Images went through JPEG of quality {quality}." if quality is not None else "No JPEG."
    lines = [
        f"{content['data']}, n = {_count(content)}. {MEANING[content['of']]}",
        f"{link} The clips as they are: {shapes}; where they have less than a cell, they stay as they are.",
    ]
    if any(NETWORK in methods for methods in content["models"].values()):
        lines.insert(1, OF_CLIPS[content["of"]])
    if content["skipped"]:
        lines.append(f"Left out, because they cannot be read: {', '.join(content['skipped'])}.")
    return "\n".join(lines)


def _count(content: dict[str, Any]) -> str:
    compared = f", up to {content['images']} images in a cell" if content["images"] else ""
    return f"{content['n']} clip{'s' if content['n'] != 1 else ''}{compared}"
