"""What the overlay says, in a chosen language: one file of config/words/ each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from math import isfinite
from typing import Any

import yaml

from fer_ros.errors import ParameterError
from fer_ros.resources import share

MEGA_FROM = 0.95e6  # bit/s from which a rate is told in Mbit/s


@dataclass(frozen=True)
class Words:
    """The words of one language.

    Attributes:
        labels: name of each label of emotions.py.
        comma, or_: what joins names, the last two with `or_`.
        ask: a question around joined names.
        percent: around a number.
        decimal: between whole numbers and fractions.
        unsure: instead of a name, where nobody should act on one.
        no_estimate: the same, where there is no estimate.
        reasons: why, by `reason` of an EmotionEstimate.
        sources: who estimated: robot, cloud, both.
        modes: by name of the mode.
        cut: the link carries nothing.
        paused: nothing is inferred.
        pauses: why, by what the consent node says up to its semicolon.
    """

    labels: Mapping[str, str]
    comma: str
    or_: str
    ask: str
    percent: str
    decimal: str
    unsure: str
    no_estimate: str
    reasons: Mapping[str, str]
    sources: Mapping[str, str]
    modes: Mapping[str, str]
    cut: str
    paused: str
    pauses: Mapping[str, str]

    def name(self, label: str) -> str:
        """A label's name; the label itself where it is none of emotions.py."""
        return self.labels.get(label, label)

    def question(self, labels: Sequence[str]) -> str:
        """Names as a question, such as: happy, sad or surprised?"""
        *first, last = (self.name(label) for label in labels)
        return self.ask.format(self.or_.join([self.comma.join(first), last] if first else [last]))

    def percentage(self, share: float) -> str:
        """A share of 0..1 in percent."""
        return self.percent.format(round(share * 100))

    def rate(self, bits_per_s: float) -> str:
        """A data rate with its unit, in two digits; empty where it is not known."""
        if not isfinite(bits_per_s):
            return ""
        size, unit = (1e6, "Mbit/s") if bits_per_s >= MEGA_FROM else (1e3, "kbit/s")
        value = bits_per_s / size
        return f"{value:.{1 if value < 9.95 else 0}f} {unit}".replace(".", self.decimal)


@cache
def load_words(language: str) -> Words:
    """The words of a language.

    Raises:
        ParameterError: there is no such file in config/words, or it is not complete.
    """
    file = share("config") / "words" / f"{language}.yaml"
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        known = ", ".join(sorted(path.stem for path in file.parent.glob("*.yaml")))
        raise ParameterError(f"language is {language!r}; config/words has {known}") from error
    except yaml.YAMLError as error:
        raise ParameterError(f"words {file} is not YAML: {' '.join(str(error).split())}") from error
    return _checked(str(file), content)


def _checked(file: str, content: Any) -> Words:
    if not isinstance(content, dict):
        raise ParameterError(f"words {file} is not a map; begin with `labels:`")
    names = {field.name: field.type for field in fields(Words)}
    given = {f"{key}_" if key == "or" else str(key): value for key, value in content.items()}
    for name in names:
        if name not in given:
            raise ParameterError(f"words {file} has no `{name.rstrip('_')}`; see config/words/en.yaml")
        wanted = str if names[name] is str else dict
        if not isinstance(given[name], wanted):
            raise ParameterError(f"words {file}: `{name.rstrip('_')}` is not a {wanted.__name__}")
    return Words(**{name: given[name] for name in names})
