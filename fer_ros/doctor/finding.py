"""What a check says."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How it is with something."""

    OK = "ok"
    WARN = "warn"  # it works without, or not as well
    FAIL = "fail"  # something that is needed is missing


@dataclass(frozen=True)
class Finding:
    """How it is with one thing.

    Attributes:
        name: of the thing.
        state: how it is with it.
        text: what is there, or what is not.
        remedy: what to do; empty where nothing is to be done.
    """

    name: str
    state: State
    text: str
    remedy: str = ""


def fine(name: str, text: str) -> Finding:
    """Nothing is to be done."""
    return Finding(name, State.OK, text)


def warning(name: str, text: str, remedy: str) -> Finding:
    """It works without, or not as well."""
    return Finding(name, State.WARN, text, remedy)


def failure(name: str, text: str, remedy: str) -> Finding:
    """Something that is needed is missing."""
    return Finding(name, State.FAIL, text, remedy)


def healthy(findings: list[Finding]) -> bool:
    """Whether everything that is needed is there."""
    return all(finding.state is not State.FAIL for finding in findings)
