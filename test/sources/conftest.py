"""What every source is given in these tests."""

from dataclasses import dataclass, field

import pytest


@dataclass
class Warnings:
    """Collects what a source warns of."""

    heard: list[str] = field(default_factory=list)

    def __call__(self, text):
        self.heard.append(text)


@pytest.fixture
def warnings():
    return Warnings()
