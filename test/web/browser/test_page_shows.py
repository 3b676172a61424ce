"""The page shows what the server says: pictures, the last minute, people, cues and nodes."""

from dataclasses import replace
from time import monotonic
from urllib.parse import urlsplit

import pytest
from scripted import HOSTILE

HAS_PICTURE = "document.getElementById('video').naturalWidth > 0"
INK = """() => [...document.querySelectorAll('canvas')].map((canvas) => {
  const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
  return data.reduce((sum, value, index) => (sum * 31 + value + index) % 1000003, 7);
})"""
DRAWN = """() => [...document.querySelectorAll('#expressions canvas')].map((canvas) => {
  const data = canvas.getContext('2d').getImageData(0, canvas.height - 3, canvas.width, 1).data;
  return data.filter((value, index) => index % 4 === 3 && value > 0).length / canvas.width;
})"""


def test_it_loads_without_complaint_and_from_nowhere_else(visit, served):
    visit.until_so(HAS_PICTURE)
    visit.until_so("document.querySelectorAll('.person').length === 1")
    own = urlsplit(served.server.address).netloc
    assert {urlsplit(address).netloc for address in visit.asked} == {own}
    assert {urlsplit(address).scheme for address in visit.asked} == {"http", "ws"}
    assert (visit.complaints, visit.refused) == ([], [])


def test_the_first_picture_comes_soon(visits, served):
    visit = visits()
    began = monotonic()
    visit.open(served.server.address).until_so(HAS_PICTURE)
    took_s = monotonic() - began
    assert took_s < 4.0  # the target is 1 s; this machine may be busy
    visit.until_so("document.getElementById('no-picture').hidden")


def test_the_page_that_is_opened_late_shows_the_whole_minute(visit):
    rows = visit.until_so("document.querySelectorAll('#expressions tbody tr').length")
    assert rows == 8
    visit.until(lambda: min(visit.page.evaluate(DRAWN)) > 0.9, "every lane is drawn from side to side")


def test_charts_and_their_words_move(visit):
    visit.until_so("document.querySelectorAll('#expressions canvas').length === 8")
    happy = "#expressions [data-key=happy] .value"
    ink, words = visit.page.evaluate(INK), visit.text(happy)
    moved = visit.until(lambda: (now := visit.page.evaluate(INK)) != ink and now, "the charts change")
    assert len(moved) == 8 + 2 + 4
    visit.until(lambda: visit.text(happy) != words, "the number changes")
    summary = visit.until_text("#expressions > p", "Last minute, most likely expression: ")
    assert "happy " in summary
    assert "sad " in summary


def test_each_person_has_an_answer_or_the_reason_why_there_is_none(visit, served):
    served.script.faces = 5
    visit.until_so("document.querySelectorAll('.person').length === 5")
    answers = visit.page.locator(".person").all_inner_texts()
    assert all(answer.splitlines()[0].startswith(("happy ", "sad ")) for answer in answers[:1])
    assert answers[1].startswith("Unsure ")
    assert "?" in answers[1]
    assert "face_1 · robot" in answers[1]
    served.script.faces = 0
    visit.until_text("#nobody", "Nobody is seen")


def test_a_pause_is_said(visit, served):
    visit.until_so("document.querySelectorAll('.person').length === 1")
    served.script.act_on("enable", False)
    assert "switched off" in visit.until_text("#paused", "Paused")
    visit.until_text("#nobody", "Nothing is estimated")
    visit.until_text("#said", "Paused")
    served.script.act_on("enable", True)
    visit.until_so("document.getElementById('paused').hidden")


def test_cues_come_with_the_rule_behind_them_newest_first(visit, served):
    visit.until_text("#cues", "happy for 2.1 s")
    served.script.cue("and now she smiles", rule="share_joy")
    visit.until_text("#cues li:first-child", "and now she smiles")
    newest = visit.text("#cues li:first-child")
    assert "Keep going" in newest
    assert "rule share_joy · happy 80 % · face_0" in newest
    assert visit.page.locator("#cues li").count() == 2
    for number in range(30):
        served.script.cue(f"number {number}")
    visit.until_text("#cues li:first-child", "number 29")
    assert visit.page.locator("#cues li").count() == 20


def test_what_comes_from_outside_is_shown_as_text(visit, served):
    script = served.script
    script.mode = replace(script.mode, reason=HOSTILE)
    script.link = replace(script.link, profile=HOSTILE)
    script.notice = replace(script.notice, texts=[HOSTILE, HOSTILE], deployment_context=HOSTILE)
    script.refusal = HOSTILE
    script.cue(HOSTILE, rule=HOSTILE)
    assert visit.until_text("#cues li:first-child p:nth-child(2)", "<script>") == HOSTILE
    visit.until_text("#cues li:first-child p:nth-child(3)", f"rule {HOSTILE}")
    visit.until_text("[data-do=mode] .now", HOSTILE)
    visit.until_text("[data-do=link] .now", HOSTILE)
    visit.until_text("#notice", HOSTILE)
    visit.until_text("#context", HOSTILE)
    visit.page.get_by_role("button", name="Link cut").click()
    visit.until_text("[data-do=cut] output", HOSTILE)
    assert HOSTILE in visit.page.locator("#profile option").all_inner_texts()
    assert visit.page.title() == "fer_ros: live view"
    assert visit.page.locator("body script, main img:not(#video)").count() == 0
    assert visit.complaints == []


def test_nodes_have_a_word_a_message_and_values_for_those_who_ask(visit):
    visit.until_so("document.querySelectorAll('#health li').length === 4")
    words = visit.page.locator("#health .level").all_inner_texts()
    assert words == ["well", "warning", "error", "silent"]
    shapes = visit.page.evaluate(
        """() => [...document.querySelectorAll('#health .level')].map((level) => {
          const style = getComputedStyle(level, '::before');
          return [style.borderRadius, style.clipPath, style.backgroundColor === 'rgba(0, 0, 0, 0)'].join();
        })"""
    )
    assert len(set(shapes)) == 4
    visit.page.locator("#health summary").nth(1).click()
    assert "14.97" in visit.until_text("#health li:nth-child(2)", "rate_hz")
    visit.until_text("#health li:nth-child(2)", "reported 0 s ago")
    assert "rate_hz" not in visit.text("#health li:nth-child(1)")


def test_the_notice_stands_in_the_readers_language_and_the_others_below(visits, served):
    visit = visits(locale="de-AT").open(served.server.address)
    visit.until_text("#notice", "Dieser Roboter hat eine Kamera.")
    assert visit.page.locator("#notice").get_attribute("lang") == "de"
    visit.page.locator("#notices summary").click()
    assert visit.page.locator("#notices p[lang=en]").inner_text() == "This robot has a camera."
    assert "care" in visit.text("#context")


def test_a_graph_of_which_nothing_is_known_is_shown_as_that(visits, served):
    served.script.forget()
    visit = visits().open(served.server.address)
    visit.until_so("document.querySelectorAll('.now').length && document.body.dataset.connection === 'live'")
    visit.until(lambda: set(visit.page.locator(".now").all_inner_texts()) == {"not known yet"}, "it says so")
    assert visit.page.locator("button[aria-pressed=true]").count() == 0
    assert visit.complaints == []


def test_lists_keep_what_stays_and_nothing_else(visit):
    kept = visit.page.evaluate(
        """async () => {
          const { keep } = await import('./elements.js');
          const list = document.body.appendChild(document.createElement('ul'));
          const make = (name) => Object.assign(document.createElement('button'), { textContent: name });
          const show = (names) => keep(list, names, (name) => name, make);
          show(['a', 'b', 'c']);
          list.children[2].focus();
          show(['b', 'c']);
          show(['z', 'b', 'c']);
          const focused = document.activeElement.textContent;
          for (const names of [['d', 'd', 'c'], ['d', 'd', 'c'], ['c', 'd']]) show(names);
          return [focused, list.textContent, list.children.length];
        }"""
    )
    assert kept == ["c", "cd", 2]


@pytest.mark.parametrize("step_s", [pytest.param(0.05, id="fast"), pytest.param(5.0, id="slow")])
def test_the_minute_does_not_grow(visit, step_s):
    kept = visit.page.evaluate(
        """async (step) => {
          const { Minute } = await import('./minute.js');
          const minute = new Minute();
          for (let k = 0; k < 20000; k += 1) minute.add({ t: 100 + k * step });
          return [minute.samples.length, minute.now - minute.samples[0].t];
        }""",
        step_s,
    )
    assert kept[0] <= 302
    assert kept[1] <= 60.3


def test_a_clock_that_steps_back_begins_a_new_minute(visit):
    times = visit.page.evaluate(
        """async () => {
          const { Minute } = await import('./minute.js');
          const minute = new Minute();
          for (const t of [100, 100.2, 100.25, 100.4, 5, 5.2]) minute.add({ t });
          return minute.samples.map(({ t }) => t);
        }"""
    )
    assert times == [5, 5.2]
