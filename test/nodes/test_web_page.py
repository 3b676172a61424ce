"""`fer_ros run --web` in a real browser: the page shows the real graph, and its buttons change it."""

import socket

import pytest
from chromium import Visit, chromium
from fer_ros.msg import LinkStatus, OperatingMode, Permission

from fer_ros.nodes.qos import LATCHED

from .program import fer_ros
from .running import BUILTIN, LIGHT

TOKEN = "a-token-that-the-test-knows"
PICTURE = """() => {
  const image = document.getElementById('video');
  const canvas = document.createElement('canvas');
  const pen = canvas.getContext('2d');
  pen.drawImage(image, 0, 0, 64, 36);
  return image.naturalWidth && pen.getImageData(0, 0, 64, 36).data.join();
}"""
HAPPY = "#expressions [data-key=happy] .value"


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


class Watched:
    """A whole run in another process, heard by the bench and seen in the browser."""

    def __init__(self, bench, programs, browser):
        self.bench = bench
        self.permissions = bench.listen(Permission, "permission", LATCHED)
        self.modes = bench.listen(OperatingMode, "mode", LATCHED)
        self.links = bench.listen(LinkStatus, "link", LATCHED)
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        page = ("--web", "--web.port", port, "--web.token", TOKEN, "--profile", "wifi")
        self.program = programs(fer_ros("run", "--json", "--duration", 120, *page, *BUILTIN, *LIGHT))
        bench.until(lambda: self.permissions and self.links and answers(port), "the page is served", 60)
        self.visit = Visit(browser.new_context()).open(f"http://127.0.0.1:{port}/{TOKEN}/")

    def press(self, name, heard, group, shown):
        """Press a button; wait until the graph says so, and then the page."""
        self.visit.page.get_by_role("button", name=name, exact=True).click()
        self.bench.until(heard, f"the graph does what {name!r} says")
        self.visit.until_text(f"[data-do={group}] .now", shown)
        answer = self.visit.page.locator(f"[data-do={group}] output")
        self.visit.until(lambda: answer.get_attribute("data-success") == "true", f"{name!r} was answered")


def answers(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_the_page_shows_a_run_and_its_buttons_change_it(bench, programs, browser):
    watched = Watched(bench, programs, browser)
    visit, permissions, modes, links = watched.visit, watched.permissions, watched.modes, watched.links

    visit.until_so("document.querySelectorAll('.person').length === 1", "a person is seen")
    first, words = visit.until_so(PICTURE, "there is a picture"), visit.text(HAPPY)
    visit.until(lambda: visit.page.evaluate(PICTURE) != first, "the picture moves")
    visit.until(lambda: visit.text(HAPPY) != words, "the estimate moves")
    visit.until_text("#health", "uplink")
    assert "This robot has a camera" in visit.text("#notice")

    press = watched.press
    press("Estimation off", lambda: not permissions[-1].enabled, "enable", "off")
    assert "switched off" in visit.until_text("#paused", "Paused")
    press("Estimation on", lambda: permissions[-1].enabled, "enable", "on")
    press("Withdraw consent", lambda: permissions[-1].consent == Permission.WITHDRAWN, "consent", "withdrawn")
    press("Give consent", lambda: permissions[-1].consent == Permission.GIVEN, "consent", "given")
    visit.until_so("document.querySelectorAll('.person').length === 1", "a person is seen again")

    forced = lambda mode: modes[-1].forced and modes[-1].mode == mode  # noqa: E731
    press("Online mode", lambda: forced(OperatingMode.ONLINE), "mode", "ONLINE")
    press("Offline mode", lambda: forced(OperatingMode.OFFLINE), "mode", "OFFLINE")
    press("Automatic mode", lambda: not modes[-1].forced, "mode", "")

    press("Link cut", lambda: links[-1].cut, "cut", "cut")
    press("Link up", lambda: not links[-1].cut, "cut", "")
    visit.page.select_option("#profile", "3g")
    press("Use this link profile", lambda: links[-1].profile == "3g", "link", "in use: 3g")

    assert (visit.complaints, visit.refused) == ([], [])
    ended = watched.program.interrupt()
    assert (ended.status, ended.err.count("Traceback")) == (0, 0), ended.err
    visit.until_text("#lost", "Connection lost")
