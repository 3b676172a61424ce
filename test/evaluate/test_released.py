import json
import os
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from fer_ros.datasets import blendfer
from fer_ros.errors import ModelError
from fer_ros.evaluate.figures import Outcome, figures
from fer_ros.evaluate.released import Lstm, released_lstm, selu, softmax
from fer_ros.faces.blendshapes import COUNT

KERAS = "epoch4437val_loss0.6506.keras"


@pytest.fixture
def blendfer_folder():
    for folder in os.environ.get("FER_ROS_DATA_PATH", "").split(os.pathsep):
        if folder and (Path(folder) / "blendfer" / KERAS).is_file():
            return Path(folder) / "blendfer"
    return pytest.skip(f"no folder in FER_ROS_DATA_PATH holds blendfer/{KERAS}")


def keras_file(path, layers=("LSTM", "LSTM", "Dense"), activation="selu", without=None):
    """A released file in small: LSTM layers of 3 and 2 units, and three classes."""
    h5py = pytest.importorskip("h5py", reason="h5py is not installed: reading .keras files is optional")
    random = np.random.default_rng(0)
    shapes = {
        "lstm/cell": [(1, 12), (3, 12), (12,)],
        "lstm_1/cell": [(3, 8), (2, 8), (8,)],
        "dense": [(2, 3), (3,)],
    }
    values = {
        f"layers/{name}/vars/{index}": random.normal(size=shape).astype(np.float32)
        for name, found in shapes.items()
        for index, shape in enumerate(found)
    }
    weights = path.with_suffix(".h5")
    with h5py.File(weights, "w") as file:
        for name, value in values.items():
            if name != without:
                file[name] = value
    names = ("lstm", "lstm_1", "dense")
    configs = [
        {
            "class_name": kind,
            "config": {"name": n, "activation": "softmax" if kind == "Dense" else activation},
        }
        for n, kind in zip(names, layers, strict=True)
    ]
    with zipfile.ZipFile(path, "w") as archive:
        config = {"config": {"layers": [{"class_name": "InputLayer", "config": {}}, *configs]}}
        archive.writestr("config.json", json.dumps(config))
        archive.write(weights, "model.weights.h5")
    return values


def test_the_released_network_gives_the_published_figures(blendfer_folder):
    pytest.importorskip("h5py", reason="h5py is not installed: reading .keras files is optional")
    rows = blendfer.load(blendfer_folder, "test")
    predict = released_lstm(blendfer_folder / KERAS)
    probabilities = predict(rows.blendshapes)
    everything = np.ones(probabilities.shape, np.bool_)
    outcome = Outcome(rows.labels, probabilities, everything, everything[:, 0])
    assert outcome.confusion()[:, :3].tolist() == [[251, 35, 5], [110, 850, 150], [21, 140, 84]]
    assert round(figures(outcome).accuracy, 4) == 0.7199
    assert round(figures(outcome).macro_f1, 4) == 0.6298


def test_layers_follow_each_other_as_the_file_says(tmp_path):
    values = keras_file(tmp_path / "small.keras")
    shapes = np.random.default_rng(1).random((4, COUNT)).astype(np.float32)
    x = shapes[:, :, None]
    for name in ("lstm", "lstm_1"):
        x = Lstm(*(values[f"layers/{name}/cell/vars/{i}"] for i in range(3))).run(x)
    logits = x[:, -1] @ values["layers/dense/vars/0"] + values["layers/dense/vars/1"]
    found = released_lstm(tmp_path / "small.keras")(shapes)
    assert np.allclose(found, softmax(logits), atol=1e-6)
    assert found.dtype == np.float32


def test_a_step_is_the_equations_written_out():
    weights = np.array([[0.1, 0.2, 0.3, 0.4]], np.float32)
    layer = Lstm(weights, np.zeros((1, 4), np.float32), np.zeros(4, np.float32))
    gate = 1 / (1 + np.exp(-np.array([0.1, 0.2, 0.3, 0.4])))
    cell = gate[0] * 1.0507009873554805 * 0.3
    assert layer.run(np.ones((1, 1, 1), np.float32))[0, 0, 0] == pytest.approx(
        gate[3] * 1.0507009873554805 * cell, rel=1e-6
    )


def test_selu_is_continuous_and_saturates():
    assert selu(np.array([-50.0, 0.0, 1.0], np.float32)) == pytest.approx([-1.7580993, 0.0, 1.0507010])


def test_other_networks_and_damaged_files_are_refused(tmp_path):
    keras_file(tmp_path / "tanh.keras", activation="tanh")
    with pytest.raises(ModelError, match=r"\('LSTM', 'tanh'\)"):
        released_lstm(tmp_path / "tanh.keras")
    keras_file(tmp_path / "half.keras", without="layers/lstm_1/cell/vars/1")
    with pytest.raises(ModelError, match="no Keras file that can be read"):
        released_lstm(tmp_path / "half.keras")
    (tmp_path / "page.keras").write_text("<html>404</html>")
    with pytest.raises(ModelError, match="no Keras file that can be read"):
        released_lstm(tmp_path / "page.keras")
    with pytest.raises(ModelError, match=r"absent\.keras"):
        released_lstm(tmp_path / "absent.keras")


def test_other_shapes_are_refused(tmp_path):
    keras_file(tmp_path / "small.keras")
    with pytest.raises(ValueError, match=r"\(3, 51\)"):
        released_lstm(tmp_path / "small.keras")(np.zeros((3, 51), np.float32))


def test_without_h5py_the_error_says_how_to_get_it(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "h5py", None)
    with pytest.raises(ModelError, match="pip install h5py"):
        released_lstm(tmp_path / "any.keras")
