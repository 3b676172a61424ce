"""One browser for all tests of a file; a server and a profile of its own for each."""

import pytest
from chromium import Visit, chromium
from scripted import Served


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


@pytest.fixture
def served():
    served = Served()
    yield served
    served.close()
    assert served.warnings == []


@pytest.fixture
def visits(browser):
    """Opens profiles with options of playwright's."""
    opened = []

    def visit(**options):
        opened.append(Visit(browser.new_context(**options)))
        return opened[-1]

    yield visit
    for each in opened:
        each.close()


@pytest.fixture
def visit(visits, served):
    """The page at a common size, connected, and showing the first state."""
    visit = visits(viewport={"width": 1280, "height": 900}).open(served.server.address)
    visit.until_so("document.body.dataset.connection === 'live'")
    visit.until_so("document.querySelector('[data-do=enable] .now').textContent !== ''")
    return visit
