"""The page finds back to a server that was away; many come and go; and other pages get nothing."""

import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from chromium import DEADLINE_S, Visit

HAS_PICTURE = "document.getElementById('video').naturalWidth > 0"
TURN_AWAY = """(hidden) => {
  Object.defineProperty(document, 'hidden', { get: () => hidden, configurable: true });
  document.dispatchEvent(new Event('visibilitychange'));
}"""
HAPPY = "#expressions [data-key=happy] .value"
PROFILES, PAGES = 4, 5  # a browser takes no more than six connections to one server in a profile
ATTACKS = 9
READ = "JSON.parse(document.title)"


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture
def elsewhere():
    """The port of somebody else's page on this machine."""
    serve = partial(Quiet, directory=Path(__file__).parent / "elsewhere")
    with ThreadingHTTPServer(("127.0.0.1", 0), serve) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


def test_it_finds_back_to_a_server_that_was_started_again(visit, served):
    visit.until_so(HAS_PICTURE)
    served.stop()
    assert "what is shown is old" in visit.until_text("#lost", "Connection lost")
    visit.until_text("#no-picture", "not connected")
    assert visit.text("#connected") == "not connected"
    assert visit.text("#said") == "Connection lost"
    served.start_again()
    visit.until_so("document.body.dataset.connection === 'live'")
    visit.until_so("document.getElementById('lost').hidden")
    visit.until_so("document.getElementById('no-picture').hidden")
    visit.until_so(HAS_PICTURE)
    assert visit.text("#said") == "Connected again"
    served.script.act_on("mode", "offline")
    visit.until_text("[data-do=mode] .now", "OFFLINE: asked")


def test_who_cannot_wait_may_try_at_once(visit, served):
    served.stop()
    visit.until_text("#lost-text", "its address has changed")  # some attempts later
    served.start_again()
    visit.page.get_by_role("button", name="Try now").click()
    visit.until(lambda: visit.page.evaluate("document.body.dataset.connection") == "live", "at once", 1.5)


def test_a_camera_without_pictures_is_told(visits, served):
    served.uncovered.clear()
    visit = visits().open(served.server.address)
    visit.until_text("#no-picture", "No picture: no images arrive")
    assert visit.complaints == []
    served.uncovered.set()
    visit.until_so("document.getElementById('no-picture').hidden")
    served.uncovered.clear()
    visit.until_text("#no-picture", "No picture: no images arrive")


def test_a_page_that_nobody_looks_at_takes_no_pictures(visit, served):
    visit.until_so(HAS_PICTURE)
    visit.page.evaluate(TURN_AWAY, True)
    visit.until(lambda: served.server.watchers == 0, "no pictures are taken")
    assert served.server.listeners == 1
    visit.page.evaluate(TURN_AWAY, False)
    visit.until(lambda: served.server.watchers == 1, "they are taken again")
    visit.until_so("document.getElementById('no-picture').hidden")


def test_twenty_pages_come_and_vanish(browser, visits, served):
    threads = threading.active_count()
    profiles = [visits(viewport={"width": 640, "height": 480}) for _ in range(PROFILES)]
    several = [page for own in profiles for page in (own, *(Visit(own.context) for _ in range(PAGES - 1)))]
    for visit in several:
        visit.open(served.server.address)
    first = several[0]
    first.until(lambda: served.server.listeners == len(several), "all get the numbers", 2 * DEADLINE_S)
    first.until(lambda: served.server.watchers == len(several), "all get the pictures")
    for visit in several:
        visit.until_so(HAS_PICTURE)
        assert visit.complaints == []
    for own in profiles[1:]:
        own.close()
    left = (PAGES, PAGES)
    first.until(lambda: (served.server.listeners, served.server.watchers) == left, "the others are gone")
    before = first.text(HAPPY)
    first.until(lambda: first.text(HAPPY) != before, "the one that stays goes on")
    assert threading.active_count() == threads


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_another_page_can_neither_read_nor_act(visits, served, elsewhere, host):
    visit = visits().open(f"http://{host}:{elsewhere}/?of={served.server.address}")
    visit.until(lambda: len(visit.page.evaluate(READ)) == ATTACKS, "everything was tried")
    told = visit.page.evaluate(READ)
    assert {told.pop(blind) for blind in ("blind page", "blind post")} <= {"refused", "opaque"}
    assert told.pop("iframe") == "loaded"  # with the browser's word that it is refused:
    assert not [address for address in visit.asked if address.endswith("page.css")]
    assert set(told.values()) == {"refused"}
    assert served.script.acted == []
    assert (served.server.listeners, served.server.watchers) == (0, 0)


def test_a_page_with_the_wrong_token_is_not_there(visits, served):
    visit = visits()
    visit.page.goto(served.server.address[:-2] + "x/")
    assert visit.refused
    assert served.server.address.split("/")[3][:-1] not in visit.page.content()
