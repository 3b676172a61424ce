# ruff: noqa: E402 -- imports that need torch follow the check that it is there
import sys

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: training is optional")

from fer_ros.train import networks
from fer_ros.train.examples import Examples
from fer_ros.train.loop import fit, scores
from fer_ros.train.recipe import load_recipe

NETWORK = '''
"""A stranger's network: the mean of each quarter of a face, and a linear layer."""

from torch import nn


def build(heads, *, side=2):
    return Quarters(heads, side)


class Quarters(nn.Module):
    def __init__(self, heads, side):
        super().__init__()
        self.side = side
        self.heads = nn.ModuleDict({name: nn.Linear(side * side, count) for name, count in heads.items()})

    def forward(self, face):
        means = nn.functional.adaptive_avg_pool2d(face[:, None] / 255, self.side).flatten(1)
        return tuple(head(means) for head in self.heads.values())
'''
RECIPE = """
summary: a stranger's
network: strangers_own
options: {side: 2}
data: ferplus
heads: [3class]
epochs: 12
batch: 8
optimizer: {name: adam, rate: 0.1}
augment:
  {mirror: 0.0, rotate_rad: 0.0, scale: 0.0, shift: 0.0, shear: 0.0, gamma: 0.0, degrade: 0.0, erase: 0.0}
"""


@pytest.fixture
def stranger(tmp_path, monkeypatch):
    (tmp_path / "strangers_own.py").write_text(NETWORK)
    (tmp_path / "mine.yaml").write_text(RECIPE)
    monkeypatch.setattr(networks, "__path__", [*networks.__path__, str(tmp_path)])
    yield tmp_path / "mine.yaml"
    sys.modules.pop(f"{networks.__name__}.strangers_own", None)


def test_one_file_and_one_recipe_make_a_network_that_trains(stranger, tmp_path):
    recipe = load_recipe(stranger)
    assert "strangers_own" in networks.names()
    labels = torch.arange(24) % 3
    faces = torch.full((24, 1, 8, 8), 20, dtype=torch.uint8)
    for row, label in enumerate(labels.tolist()):
        faces[row, 0, 4 * (label % 2) :, 4 * (label // 2) :] = 230
    examples = Examples({"face": faces}, {"3class": torch.eye(3)[labels]})
    network = networks.build(recipe.network, {"3class": 3}, recipe.options)
    result = fit(network, examples, None, examples, recipe, tmp_path / "checkpoint.pt", 0, resume=False)
    assert scores(result, examples)["3class"] == 1.0
