"""`fer_ros evaluate student`: how well it says what MediaPipe would."""

import argparse
import json
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.progress import Progress

from fer_ros.cli.shapes import shapes_reader
from fer_ros.datasets import ferplus
from fer_ros.errors import ParameterError
from fer_ros.evaluate.pupil import correlation_by_size
from fer_ros.faces.student import Student


def run(args: argparse.Namespace, folder: Path) -> int:
    """Print the mean correlation at each face size, and that of each blendshape at full size."""
    if args.dataset != "ferplus":
        raise ParameterError(f"--dataset is {args.dataset!r}; a student is evaluated on ferplus")
    student = Student(folder)
    faces = ferplus.load(args.data, args.split).images
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("blendshapes", total=len(faces))
        read = shapes_reader(lambda done, total: bar.update(task, completed=done, total=total))
        shapes = read(faces)
    found = correlation_by_size(student.read_grey, faces, shapes)
    means = {px: float(np.nanmean(list(values.values()))) for px, values in found.items()}
    n = int(np.isfinite(shapes[:, 0]).sum())
    if args.json:
        by_size = {px: round(value, 4) for px, value in means.items()}
        print(json.dumps({"model": student.identity, "split": args.split, "n": n, "correlation": by_size}))
        return 0
    print(f"{student.identity}: {args.split}, n = {n}, mean correlation with MediaPipe over 27 blendshapes")
    for px, value in means.items():
        print(f"  at {px} px   {value:.4f}")
    for name, value in next(iter(found.values())).items():
        print(f"  {name:<20} {value:.4f}")
    return 0
