"""A page that is served while a test looks at it."""

import pytest

from .served import served


@pytest.fixture
def page():
    with served() as page:
        yield page
