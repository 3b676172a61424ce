"""What each model costs at run time, beside networks of peers' architectures, in one run on one core."""

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import onnxruntime

from benchmarks.perception import REFERENCE_MS, slowness
from fer_ros.environment import data_folders
from fer_ros.estimators.card import load_card
from fer_ros.evaluate.released import released_lstm
from fer_ros.resources import share

ROUNDS = 20  # the models take turns, so that a slow moment of the machine is everybody's
RUNS = 25  # of each model a round
# Architectures of peers, as this repository builds them; weights do not change what a network costs.
PEERS = ("mini_xception", "vgg13", "resnet18")
FACE_PX = 48
RELEASED = "released blendshape LSTM (numpy)"

Run = Callable[[], Any]
Figures = dict[str, Any]


def models() -> Figures:
    """Milliseconds a face at batch 1, parameters and file size of every model, and of peers' networks."""
    with tempfile.TemporaryDirectory() as folder:
        files = {path.parent.name: path for path in sorted(share("models").glob("*/model.onnx"))}
        files |= {f"{name} (peer)": _export(name, Path(folder)) for name in PEERS}
        runs = {name: _run_of(path) for name, path in files.items()} | _released()
        times = _times(runs)
        figures = {
            name: {"ms": round(ms, 4), **(_size(files[name]) if name in files else {})}
            for name, ms in times.items()
        }
    figures["mediapipe landmarker"] = {"ms": round(slowness() * REFERENCE_MS, 3)}
    return figures


def _export(name: str, folder: Path) -> Path:
    """A peer's network as ONNX, with the weights it starts with."""
    import torch

    from fer_ros.train.export import export
    from fer_ros.train.networks import build

    torch.manual_seed(0)
    path = folder / f"{name}.onnx"
    sample = {"face": torch.rand(2, FACE_PX, FACE_PX) * 255}
    export(build(name, {"fer2013": 7}, {}), path, sample, ("fer2013",))
    return path


def _run_of(path: Path) -> Run:
    """One inference on one thread, of random input in the range of a face."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    random = np.random.default_rng(0)
    inputs: Mapping[str, np.ndarray[Any, Any]] = {
        node.name: random.random([1, *node.shape[1:]], np.float32) for node in session.get_inputs()
    }
    return lambda: session.run(None, inputs)


def _released() -> dict[str, Run]:
    """The released blendshape LSTM where its weights are."""
    found = [path for folder in data_folders() for path in sorted(folder.glob("blendfer/*.keras"))]
    if not found:
        return {}
    predict, rows = released_lstm(found[0]), np.full((1, 52), 0.1, np.float32)
    return {RELEASED: lambda: predict(rows)}


def _times(runs: Mapping[str, Run]) -> dict[str, float]:
    """Model → median time of a run, ms, over rounds in which all take turns."""
    taken: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(ROUNDS):
        for name, run in runs.items():
            run()
            start = perf_counter()
            for _ in range(RUNS):
                run()
            taken[name].append((perf_counter() - start) * 1000 / RUNS)
    return {name: float(np.median(times)) for name, times in taken.items()}


def _size(path: Path) -> Figures:
    card = path.parent / "card.yaml"
    known = {"parameters": load_card(path.parent).parameters} if card.is_file() else {}
    return {**known, "file_kb": round(path.stat().st_size / 1000)}
