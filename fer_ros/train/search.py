"""Bayesian search for a recipe's hyper-parameters (Maclean 2021, section 3.2), with optuna.

A Gaussian process maps hyper-parameters to the validation score and proposes what is worth trying next.
Every trial is written to a file as it ends, so a search that was stopped goes on where it was.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
import yaml

from fer_ros.errors import FerError, ParameterError
from fer_ros.train import networks
from fer_ros.train.examples import Examples
from fer_ros.train.loop import fit, scores
from fer_ros.train.recipe import Recipe

JOURNAL = "trials.log"
FIRST = 8  # trials drawn at random, before the Gaussian process has anything to go by
RANGE_KEYS = {"low", "high", "log"}

Report = Callable[[int, float, Mapping[str, Any]], None]


@dataclass(frozen=True)
class Dimension:
    """What one hyper-parameter may be: `choices`, or a range.

    Attributes:
        key: of the recipe; a dot leads into a mapping.
        choices: values to choose from; empty for a range.
        low, high: ends of the range, inclusive; whole numbers where both are.
        log: whether the range is spread over orders of magnitude.
    """

    key: str
    choices: tuple[Any, ...] = ()
    low: float = 0.0
    high: float = 0.0
    log: bool = False

    def suggest(self, trial: Any) -> Any:
        """A value for an optuna trial."""
        if self.choices:
            return trial.suggest_categorical(self.key, self.choices)
        if isinstance(self.low, int) and isinstance(self.high, int):
            return trial.suggest_int(self.key, self.low, self.high, log=self.log)
        return trial.suggest_float(self.key, self.low, self.high, log=self.log)


@dataclass(frozen=True)
class Best:
    """The best trial so far.

    Attributes:
        score: mean validation score over the heads, 0..1.
        values: key → value.
        trials: that have ended.
    """

    score: float
    values: Mapping[str, Any]
    trials: int


def load_space(path: Path) -> tuple[Dimension, ...]:
    """Read what a search varies.

    Raises:
        ParameterError: the file is absent or no YAML, or an entry is neither a range nor choices.
    """
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ParameterError(f"{path} is no search space that can be read ({error})") from error
    if not isinstance(content, dict) or not content:
        raise ParameterError(f"{path} holds {content!r}; it takes keys of a recipe with their ranges")
    return tuple(_dimension(str(key), value, f"{path}: {key}") for key, value in content.items())


def search(
    recipe: Recipe,
    space: tuple[Dimension, ...],
    train: Examples,
    validation: Examples,
    folder: Path,
    trials: int,
    *,
    threads: int = 2,
    seed: int = 0,
    report: Report | None = None,
) -> Best:
    """Train with one set of hyper-parameters after another, until there are enough trials.

    Args:
        recipe: where every trial starts from.
        space: what to vary.
        train: examples to learn from.
        validation: examples to score.
        folder: of the journal, made where absent; trials in it already count.
        trials: in all.
        threads: CPU threads.
        seed: of the proposals, initial weights and training.
        report: called after each trial with its number, score and values.

    Raises:
        FerError: optuna is not installed, or a trial fails as training can.
        ParameterError: `trials` is below 1, or the space has a key or value the recipe does not take.
    """
    if trials < 1:
        raise ParameterError(f"trials is {trials}; it takes 1 or more")
    for dimension in space:  # before the first trial, not in the middle of the night
        changed(recipe, {dimension.key: (dimension.choices or (dimension.low,))[0]})
    torch.set_num_threads(threads)
    folder.mkdir(parents=True, exist_ok=True)
    study = _study(recipe.name, folder, seed)

    def objective(trial: Any) -> float:
        values = {dimension.key: dimension.suggest(trial) for dimension in space}
        score = _score(changed(recipe, values), train, validation, folder, seed)
        if report:
            report(trial.number, score, values)
        return score

    left = trials - _ended(study)
    if left > 0:
        study.optimize(objective, n_trials=left)
    return Best(study.best_value, study.best_params, _ended(study))


def changed(recipe: Recipe, values: Mapping[str, Any]) -> Recipe:
    """The recipe with other values.

    Args:
        recipe: stays as it is.
        values: key → value; a dot leads into a mapping, as in "optimizer.rate".

    Raises:
        ParameterError: the recipe has no such key, or does not take the value.
    """
    for key, value in values.items():
        recipe = _with(recipe, key.split("."), value, f"recipe {recipe.name}: {key}")
    return recipe


def _with(owner: Any, path: list[str], value: Any, where: str) -> Any:
    name, deeper = path[0], path[1:]
    if isinstance(owner, Mapping):
        return {**owner, name: _with(owner.get(name, {}), deeper, value, where) if deeper else value}
    known = [f.name for f in fields(owner)] if is_dataclass(owner) else []
    if name not in known:
        raise ParameterError(f"{where} is not a key here; it takes {', '.join(known) or 'none'}")
    inner = _with(getattr(owner, name), deeper, value, where) if deeper else value
    return replace(owner, **{name: inner})


def _score(recipe: Recipe, train: Examples, validation: Examples, folder: Path, seed: int) -> float:
    """Mean validation score over the heads after training."""
    torch.manual_seed(seed)  # the same initial weights in every trial: only the values differ
    labels = {head: target.shape[1] for head, target in train.targets.items()}
    network = networks.build(recipe.network, labels, recipe.options)
    checkpoint = folder / "trial.pt"
    trained = fit(network, train, None, validation, recipe, checkpoint, seed, resume=False)
    checkpoint.unlink(missing_ok=True)
    return float(np.mean(list(scores(trained, validation).values())))


def _study(name: str, folder: Path, seed: int) -> Any:
    try:
        import optuna
        from optuna.storages.journal import JournalFileBackend
    except ImportError as error:
        raise FerError(f"a search needs optuna and scipy ({error}); pip install optuna scipy") from error
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    storage = optuna.storages.JournalStorage(JournalFileBackend(str(folder / JOURNAL)))
    sampler = optuna.samplers.GPSampler(seed=seed, n_startup_trials=FIRST)
    return optuna.create_study(
        study_name=name, storage=storage, sampler=sampler, direction="maximize", load_if_exists=True
    )


def _ended(study: Any) -> int:
    return sum(trial.state.name == "COMPLETE" for trial in study.get_trials(deepcopy=False))


def _dimension(key: str, value: Any, where: str) -> Dimension:
    if isinstance(value, Mapping) and set(value) == {"choices"}:
        return Dimension(key, choices=_choices(value["choices"], where))
    if not isinstance(value, Mapping) or not {"low", "high"} <= set(value) <= RANGE_KEYS:
        raise ParameterError(f"{where} is {value!r}; it takes {{low, high, log}} or {{choices}}")
    low, high, log = value["low"], value["high"], bool(value.get("log", False))
    if not all(isinstance(end, (int, float)) for end in (low, high)) or not low < high or (log and low <= 0):
        raise ParameterError(f"{where} is {dict(value)}; it takes numbers with low < high, above 0 with log")
    return Dimension(key, low=low, high=high, log=log)


def _choices(values: Any, where: str) -> tuple[Any, ...]:
    """Choices that the journal can keep: it gives lists back as something else."""
    if (
        not isinstance(values, list)
        or not values
        or not all(isinstance(v, (int, float, str)) for v in values)
    ):
        raise ParameterError(
            f"{where}: choices are {values!r}; it takes a list of numbers, words or truth values"
        )
    return tuple(values)
