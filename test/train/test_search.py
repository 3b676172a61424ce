# ruff: noqa: E402 -- imports that need torch follow the check that it is there
import sys

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: training is optional")

from fer_ros.errors import FerError, ParameterError
from fer_ros.train.augment import Augment
from fer_ros.train.examples import Examples
from fer_ros.train.recipe import Optimizer, Recipe
from fer_ros.train.search import Dimension, changed, load_space, search

RECIPE = Recipe(
    name="tiny",
    summary="for tests",
    network="attrah_dense",
    options={"hidden": [4]},
    data="ferplus_shapes",
    heads=("3class",),
    epochs=4,
    batch=8,
    optimizer=Optimizer("adam", rate=0.01),
    augment=Augment(mirror=0.0, shape_noise=0.0, forget=0.0),
)
SPACE = (
    Dimension("optimizer.rate", low=1e-6, high=0.3, log=True),
    Dimension("batch", low=4, high=8),
)


@pytest.fixture
def examples():
    torch.manual_seed(0)
    labels = torch.arange(24) % 3
    shapes = 0.1 * torch.rand(24, 1, 52)
    shapes[torch.arange(24), 0, labels] = 0.9
    return Examples({"blendshapes": shapes}, {"3class": torch.eye(3)[labels]})


def tried(examples, folder, trials):
    seen = []
    best = search(
        RECIPE,
        SPACE,
        examples,
        examples,
        folder,
        trials,
        threads=1,
        report=lambda number, score, values: seen.append((number, score, values)),
    )
    return best, seen


def test_a_search_finds_the_best_of_its_trials_and_goes_on_where_it_stopped(examples, tmp_path):
    pytest.importorskip("optuna", reason="optuna is not installed: a search is optional")
    _, first = tried(examples, tmp_path, 2)
    best, more = tried(examples, tmp_path, 4)
    assert [number for number, _, _ in first + more] == [0, 1, 2, 3]
    _, score, values = max(first + more, key=lambda trial: trial[1])
    assert (best.score, best.trials) == (score, 4)
    assert best.values == values
    _, none_left = tried(examples, tmp_path, 4)
    assert none_left == []


def test_values_go_where_their_keys_lead():
    other = changed(RECIPE, {"optimizer.rate": 0.5, "options.hidden": [], "options.deep.er": 1, "batch": 2})
    assert (other.optimizer.rate, other.batch) == (0.5, 2)
    assert other.options == {"hidden": [], "deep": {"er": 1}}
    assert RECIPE.options == {"hidden": [4]}


@pytest.mark.parametrize(
    ("key", "said"),
    [
        pytest.param("optimizer.speed", "it takes name, rate", id="inner"),
        pytest.param("speed", "it takes name, summary", id="outer"),
        pytest.param("batch.size", "it takes none", id="into a number"),
    ],
)
def test_a_key_the_recipe_does_not_have_is_named_before_the_first_trial(key, said, examples, tmp_path):
    with pytest.raises(ParameterError, match=said):
        search(RECIPE, (Dimension(key, low=0.0, high=1.0),), examples, examples, tmp_path, 1)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("", id="empty"),
        pytest.param("batch: 8", id="a value"),
        pytest.param("batch: {low: 8}", id="half a range"),
        pytest.param("batch: {low: 8, high: 4}", id="upside down"),
        pytest.param("optimizer.rate: {low: 0.0, high: 1.0, log: true}", id="logarithm of 0"),
        pytest.param("batch: {choices: []}", id="no choice"),
        pytest.param("options.hidden: {choices: [[], [8]]}", id="lists, which the journal cannot keep"),
        pytest.param("batch: [", id="no YAML"),
    ],
)
def test_a_search_space_that_says_nothing_is_refused(content, tmp_path):
    (tmp_path / "space.yaml").write_text(content)
    with pytest.raises(ParameterError, match=r"space\.yaml"):
        load_space(tmp_path / "space.yaml")


def test_without_optuna_the_error_says_how_to_get_it(examples, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "optuna", None)
    with pytest.raises(FerError, match="pip install optuna"):
        search(RECIPE, SPACE, examples, examples, tmp_path, 1)


def test_no_trial_is_no_search(examples, tmp_path):
    with pytest.raises(ParameterError, match="trials is 0"):
        search(RECIPE, SPACE, examples, examples, tmp_path, 0)
