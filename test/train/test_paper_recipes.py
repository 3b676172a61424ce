# ruff: noqa: E402 -- imports that need torch follow the check that it is there
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: training is optional")

from fer_ros.emotions import LABEL_SPACES
from fer_ros.resources import share
from fer_ros.train import data, networks
from fer_ros.train.recipe import load_recipe
from fer_ros.train.search import changed, load_space

FOLDER = share("config") / "training"
PUBLISHED = [path for path in sorted(FOLDER.glob("*.yaml")) if load_recipe(path).source]


@pytest.mark.parametrize("path", PUBLISHED, ids=lambda path: path.stem)
def test_a_published_recipe_names_a_network_and_data_that_exist(path):
    recipe = load_recipe(path)
    assert recipe.data in data.names()
    heads = {head: len(LABEL_SPACES[head]) for head in recipe.heads}
    with torch.device("meta"):  # names and options are checked, but nothing is stored
        networks.build(recipe.network, heads, recipe.options)


@pytest.mark.parametrize(
    "network",
    [
        "attrah_dense",
        "attrah_lstm",
        "conv2d",
        "conv2plus1d",
        "conv3d",
        "jain_cnn",
        "jain_irnn",
        "maclean_image",
        "maclean_lstm",
        "mini_xception",
        "nano",
        "resnet18",
        "timeconvnet",
        "vgg13",
    ],
)
def test_every_network_of_the_papers_has_a_recipe(network):
    assert network in {load_recipe(path).network for path in PUBLISHED}


@pytest.mark.parametrize("path", sorted((FOLDER / "search").glob("*.yaml")), ids=lambda path: path.stem)
def test_a_search_space_fits_the_recipe_of_its_name(path):
    recipe = load_recipe(FOLDER / path.name)
    for dimension in load_space(Path(path)):
        changed(recipe, {dimension.key: (dimension.choices or (dimension.low,))[0]})


@pytest.mark.parametrize(
    ("epoch", "rate"),
    [(79, 1e-3), (80, 1e-4), (120, 1e-5), (160, 1e-6), (180, 5e-7)],
)
def test_lee_s_rate_falls_at_epochs_81_121_161_and_181(epoch, rate):
    recipe = load_recipe(FOLDER / "timeconvnet_resnet20.yaml")
    assert recipe.optimizer.rate * recipe.schedule.factor(epoch, recipe.epochs) == pytest.approx(rate)
