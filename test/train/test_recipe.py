# ruff: noqa: E402 -- imports that need torch follow the check that it is there
from dataclasses import replace
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: training is optional")

from fer_ros.errors import ParameterError
from fer_ros.train import data, networks
from fer_ros.train.loop import balance
from fer_ros.train.losses import class_weights, cross_entropy, focal, mean_square, unexplained
from fer_ros.train.recipe import Recipe, load_recipe
from fer_ros.train.schedule import Decay, Steps, Trapezoid

RECIPES = sorted((Path(__file__).parents[2] / "config" / "training").glob("*.yaml"))
LEAST = "summary: s\nnetwork: facenet\ndata: ferplus\nheads: [fer2013]\nepochs: 1\n"


def written(path, text):
    (path / "mine.yaml").write_text(text)
    return path / "mine.yaml"


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.stem)
def test_every_recipe_of_this_package_can_be_read(path):
    recipe = load_recipe(path)
    assert recipe.name == path.stem
    assert recipe.network in networks.names()
    assert recipe.data in data.names()


def test_what_a_recipe_leaves_out_has_a_default(tmp_path):
    recipe = load_recipe(written(tmp_path, LEAST))
    assert (recipe.batch, recipe.loss, recipe.schedule) == (128, "cross_entropy", Trapezoid())


def test_changes_from_outside_win(tmp_path):
    assert load_recipe(written(tmp_path, LEAST), epochs=9, batch=None).epochs == 9


@pytest.mark.parametrize(
    ("more", "message"),
    [
        pytest.param("speed: 3", "speed is not a key here", id="unknown key"),
        pytest.param("batch: many", "batch is 'many'", id="a word for a number"),
        pytest.param("batch: 0", "batch is 0; it takes 1 or more", id="nothing in a batch"),
        pytest.param("loss: hate", "loss is 'hate'; choose one of cross_entropy", id="unknown loss"),
        pytest.param("heads: [moods]", "heads is 'moods'; choose one of fer2013", id="unknown labels"),
        pytest.param("balanced: [basic]", "balanced is 'basic'; choose one of fer2013", id="no such head"),
        pytest.param("emphasis: {basic: {sad: 2}}", "emphasis is 'basic'", id="emphasis on no head"),
        pytest.param("emphasis: {fer2013: 2}", "fer2013 is 2; it takes labels", id="emphasis on no label"),
        pytest.param(
            "emphasis: {fer2013: {glum: 2}}", "fer2013 is 'glum'", id="emphasis on an unknown label"
        ),
        pytest.param("emphasis: {fer2013: {sad: 0}}", "sad is 0; it takes a number above 0", id="no weight"),
        pytest.param("optimizer: {name: luck}", "name is 'luck'; choose one of sgd", id="unknown optimizer"),
        pytest.param("optimizer: fast", "takes a mapping", id="optimizer as a word"),
        pytest.param("schedule: {zigzag: {}}", "'zigzag'; choose one of trapezoid", id="unknown schedule"),
        pytest.param("augment: {mirror: true}", "mirror", id="a wrong type further down"),
    ],
)
def test_a_value_that_cannot_be_used_is_named(tmp_path, more, message):
    lines = [line for line in LEAST.splitlines() if line.split(":")[0] != more.split(":")[0]]
    with pytest.raises(ParameterError, match=message):
        load_recipe(written(tmp_path, "\n".join([*lines, more])))


@pytest.mark.parametrize("text", ["{", "- a", "", "summary: s"])
def test_a_file_that_is_no_recipe_is_named(tmp_path, text):
    with pytest.raises(ParameterError, match=r"mine\.yaml"):
        load_recipe(written(tmp_path, text))


def test_an_unknown_network_and_options_that_do_not_fit_are_named():
    with pytest.raises(ParameterError, match="network 'dream' is unknown; choose one of"):
        networks.build("dream", {"fer2013": 7}, {})
    with pytest.raises(ParameterError, match=r"options .* do not fit"):
        networks.build("facenet", {"fer2013": 7}, {"wings": 2})


def test_unknown_data_are_named(tmp_path):
    recipe = Recipe("r", "s", "facenet", "dreams", ("fer2013",), 1)
    with pytest.raises(ParameterError, match="data 'dreams' are unknown; choose one of"):
        data.load(recipe, tmp_path, "train", tmp_path)


def test_the_rate_rises_stays_and_falls():
    rates = [Trapezoid(0.1, 0.5).factor(epoch, 100) for epoch in (0, 5, 10, 50, 75, 100)]
    assert rates == pytest.approx([0.0, 0.5, 1.0, 1.0, 0.5, 0.0])


def test_the_rate_falls_in_lees_steps_and_jains_decay():
    steps = Steps((81, 121), (0.1, 0.01))
    assert [steps.factor(epoch, 200) for epoch in (0, 79.9, 80, 119, 120)] == [1, 1, 0.1, 0.1, 0.01]
    assert Decay(0.5).factor(2, 10) == pytest.approx(0.5)


def test_a_shorter_run_takes_its_steps_sooner():
    steps = Steps((81, 121), (0.1, 0.01), of=200)
    assert [steps.factor(epoch, 50) for epoch in (0, 19.9, 20, 29.9, 30)] == [1, 1, 0.1, 0.1, 0.01]


def test_a_row_without_a_label_weighs_nothing():
    logits = torch.randn(4, 3, generator=torch.Generator().manual_seed(0))
    for loss in (cross_entropy, focal, mean_square):
        assert loss(logits, torch.zeros(4, 3)) == 0


def test_every_answer_of_a_committee_counts():
    logits, target = torch.randn(6, 3), torch.eye(3)
    apart = (cross_entropy(logits[:3], target) + cross_entropy(logits[3:], target)) / 2
    torch.testing.assert_close(cross_entropy(logits, target), apart)


def test_what_is_sure_and_right_weighs_less_in_the_focal_loss():
    sure, unsure, target = torch.tensor([[4.0, 0.0]]), torch.tensor([[0.1, 0.0]]), torch.tensor([[1.0, 0.0]])
    ratio = focal(sure, target) / focal(unsure, target)
    assert ratio < 0.1 * cross_entropy(sure, target) / cross_entropy(unsure, target)


def test_classes_get_the_same_say_and_an_absent_one_none():
    weights = class_weights(torch.tensor([[1.0, 0, 0], [1, 0, 0], [1, 0, 0], [0, 1, 0]]))
    assert weights.tolist() == pytest.approx([4 / 6, 2.0, 0.0])


def test_unexplained_is_one_for_the_mean_and_nothing_for_the_truth():
    target = torch.rand(100, 3, generator=torch.Generator().manual_seed(0)) * 0.8 + 0.1
    assert unexplained(torch.logit(target), target) < 1e-6
    mean = torch.logit(target.mean(0)).expand(100, 3)
    assert unexplained(mean, target) == pytest.approx(1.0, abs=0.05)


def test_part_of_the_weights_goes_part_of_the_way(tmp_path):
    targets = {"fer2013": torch.tensor([[1.0, 0], [1, 0], [1, 0], [0, 1]])}
    least = load_recipe(written(tmp_path, LEAST))
    assert balance(targets, least) == {}
    shares = (replace(least, class_weights=share) for share in (1.0, 0.5))
    full, half = (balance(targets, recipe)["fer2013"] for recipe in shares)
    assert full[1] / full[0] == pytest.approx(3.0)
    assert half[1] / half[0] == pytest.approx(3.0**0.5)


def test_a_balanced_head_gives_every_class_the_same_say_beside_heads_that_do_not():
    uneven = torch.tensor([[1.0, 0], [1, 0], [1, 0], [0, 1]])
    recipe = Recipe("r", "", "facenet", "ferplus", ("fer2013", "basic"), epochs=1, balanced=("basic",))
    weights = balance({"fer2013": uneven, "basic": uneven}, recipe)
    assert list(weights) == ["basic"]
    assert (uneven * weights["basic"]).sum(0).tolist() == pytest.approx([2.0, 2.0])


def test_emphasis_multiplies_what_a_label_weighs():
    recipe = Recipe("r", "", "facenet", "ferplus", ("3class",), epochs=1, emphasis={"3class": {"sad": 2}})
    targets = {"3class": torch.eye(3)[[0, 1, 1, 2]]}
    assert balance(targets, recipe)["3class"].tolist() == [1.0, 1.0, 2.0]
    uneven = balance(targets, replace(recipe, class_weights=1.0))["3class"]
    assert (uneven[2] / uneven[0]).item() == pytest.approx(2.0)
