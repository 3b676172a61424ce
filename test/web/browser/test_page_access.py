"""The page for everybody: on a phone, in the dark, by ear, with little sight, without motion."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

CONTROLS = ("button", "combobox", "link", "textbox", "checkbox", "DisclosureTriangle")
SIZES = {
    "phone": (360, 760),
    "small phone": (320, 640),
    "tablet": (768, 1024),
    "desk": (1280, 900),
    "wide": (1600, 1000),
}
LOOKS = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "light, more contrast": {"color_scheme": "light", "contrast": "more"},
    "dark, more contrast": {"color_scheme": "dark", "contrast": "more"},
}
CONTRASTS = (Path(__file__).parent / "contrasts.js").read_text()
VIDEO = "Camera image; the estimate is drawn over each face"
CANVASES = 8 + 2 + 4
HEADINGS = """() => [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')]
  .map((heading) => [Number(heading.tagName[1]), heading.textContent])"""
SMALL = """() => [...document.querySelectorAll('button, select, summary, .skip')]
  .filter((at) => at.checkVisibility())
  .map((at) => [at.textContent.trim().slice(0, 20), at.getBoundingClientRect()])
  .filter(([, { width, height }]) => width < 44 || height < 44).map(([name]) => name)"""
DRAWINGS = """() => {
  window.drawn = 0;
  const clear = CanvasRenderingContext2D.prototype.clearRect;
  CanvasRenderingContext2D.prototype.clearRect = function (...box) {
    window.drawn += 1;
    clear.apply(this, box);
  };
}"""


@pytest.fixture
def shown(visits, served):
    """The page, full of things, at a size and with a look."""

    def show(size="desk", **look):
        served.script.faces = 5
        width, height = SIZES[size]
        visit = visits(viewport={"width": width, "height": height}, **look).open(served.server.address)
        visit.until_so("document.querySelectorAll('.person').length === 5")
        visit.until_so("document.querySelectorAll('#expressions tr').length > 5")
        return visit

    return show


@pytest.mark.parametrize("size", SIZES)
def test_nothing_sticks_out_at_the_side(shown, served, size):
    served.script.cue("a" * 300, rule="b" * 200)
    visit = shown(size)
    visit.until_text("#cues", "aaaa")
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= SIZES[size][0]
    assert visit.page.evaluate("(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)(cues)") <= 0


@pytest.mark.parametrize("size", ["phone", "desk"])
def test_what_is_pressed_is_as_large_as_a_fingertip(shown, size):
    assert shown(size).page.evaluate(SMALL) == []


@pytest.mark.parametrize("look", LOOKS)
def test_every_text_stands_out_from_its_ground(shown, served, look):
    visit = shown("desk", **LOOKS[look])
    served.script.refusal = "no"
    visit.page.get_by_role("button", name="Link cut", exact=True).click()
    visit.until_text("[data-do=cut] output", "Not done")
    served.script.refusal = ""
    visit.page.get_by_role("button", name="Estimation off", exact=True).click()
    visit.until_text("#paused", "Paused")
    visit.until_text("[data-do=enable] output", "enable")
    served.stop()
    visit.until_text("#lost", "Connection lost")
    measured = visit.page.evaluate(CONTRASTS)
    assert len(measured) > 60
    assert [(text, round(ratio, 2)) for ratio, text in measured if ratio < 4.5] == []


def test_every_control_has_a_name(shown):
    visit = shown()
    session = visit.context.new_cdp_session(visit.page)
    tree = session.send("Accessibility.getFullAXTree")["nodes"]
    controls = [node for node in tree if node.get("role", {}).get("value") in CONTROLS]
    assert len(controls) >= 12
    assert [node for node in controls if not node.get("name", {}).get("value")] == []
    names = [node["name"]["value"] for node in controls if node["role"]["value"] == "button"]
    assert len(set(names)) == len(names)
    pictures = [n for n in tree if n.get("role", {}).get("value") == "image" and not n["ignored"]]
    assert [node["name"]["value"] for node in pictures] == [
        "Camera image; the estimate is drawn over each face"
    ]


def test_a_screen_reader_finds_its_way(shown):
    visit = shown()
    assert visit.page.locator("main").count() == visit.page.locator("h1").count() == 1
    assert visit.page.locator("html").get_attribute("lang") == "en"
    headings = visit.page.evaluate(HEADINGS)
    assert headings[0] == [1, "Live view"]
    levels = [level for level, _ in headings]
    assert all(b - a <= 1 for a, b in pairwise(levels))
    tree = visit.page.locator("body").aria_snapshot()
    for part in ("banner:", "main:", 'region "Controls"', 'region "Last minute"', 'group "Consent"'):
        assert part in tree
    assert re.search(r'row "happy \d+ % \d+ %"', tree)
    assert re.search(r'row "mode OFFLINE"', tree)
    assert "estimate, which can be wrong" in visit.text("header")


def test_without_motion_charts_are_drawn_once_a_second(shown):
    drawn = {}
    for motion in ("no-preference", "reduce"):
        visit = shown(reduced_motion=motion)
        visit.page.evaluate(DRAWINGS)
        visit.page.wait_for_timeout(2000)  # how often something happens takes time to see
        drawn[motion] = visit.page.evaluate("window.drawn") / CANVASES
    assert 1 <= drawn["reduce"] <= 3
    assert drawn["no-preference"] > 2 * drawn["reduce"]
