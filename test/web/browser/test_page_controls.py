"""Every button asks for what it says, shows what was answered, and the state that the graph has."""

import pytest

from fer_ros.web.actions import Action

BUTTONS = {
    "Give consent": Action("consent", True),
    "Withdraw consent": Action("consent", False),
    "Estimation on": Action("enable", True),
    "Estimation off": Action("enable", False),
    "Automatic mode": Action("mode", "automatic"),
    "Online mode": Action("mode", "online"),
    "Offline mode": Action("mode", "offline"),
    "Link up": Action("cut", False),
    "Link cut": Action("cut", True),
}
FOCUSED = """() => {
  const at = document.activeElement;
  const style = getComputedStyle(at);
  const name = at.getAttribute('aria-label') ?? at.querySelector('.name')?.textContent ?? at.textContent;
  const seen = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
  return [at === document.body ? '' : name.trim(), seen];
}"""


FLOOD = """async (button) => {
  const headers = { 'Content-Type': 'application/json' };
  const body = JSON.stringify({ do: 'cut', value: false });
  for (let k = 0; k < 40; k += 1) fetch('do', { method: 'POST', headers, body });
  button.click();
}"""
HISTORY = """(button) => {
  button.history = [];
  new MutationObserver(() => button.history.push(button.getAttribute('aria-pressed')))
    .observe(button, { attributeFilter: ['aria-pressed'] });
}"""


def button(visit, name):
    return visit.page.get_by_role("button", name=name, exact=True)


def output(visit, group):
    return f"[data-do={group}] output"


@pytest.mark.parametrize(("name", "action"), BUTTONS.items(), ids=BUTTONS)
def test_a_button_does_what_it_says_and_shows_the_answer_and_the_new_state(visit, served, name, action):
    button(visit, name).click()
    assert visit.until_text(output(visit, action.name), "now") == f"{action.name} is {action.value} now"
    assert served.script.acted == [action]
    visit.until(lambda: button(visit, name).get_attribute("aria-pressed") == "true", "it is so")
    others = visit.page.locator(f"[data-do={action.name}] button[aria-pressed=true]")
    assert others.count() == 1


def test_a_profile_is_used_when_its_button_says_so_and_not_before(visit, served):
    visit.until_text("[data-do=link] .now", "in use: wifi")
    visit.page.select_option("#profile", "3g")
    visit.page.wait_for_timeout(300)  # states come meanwhile: the choice must stay
    assert visit.page.input_value("#profile") == "3g"
    assert served.script.acted == []
    button(visit, "Use this link profile").click()
    visit.until_text("[data-do=link] .now", "in use: 3g")
    assert served.script.acted == [Action("link", "3g")]


def test_what_was_refused_is_said_and_shown_as_it_was(visit, served):
    served.script.refusal = "the service set_mode is not there; does the node mode run?"
    visit.until(lambda: button(visit, "Automatic mode").get_attribute("aria-pressed") == "true", "automatic")
    button(visit, "Online mode").evaluate(HISTORY)
    button(visit, "Online mode").click()
    visit.until_text(output(visit, "mode"), f"Not done: {served.script.refusal}")
    assert visit.page.locator(output(visit, "mode")).get_attribute("data-success") == "false"
    assert button(visit, "Online mode").evaluate("(button) => button.history") == []
    assert button(visit, "Online mode").get_attribute("aria-pressed") == "false"
    assert button(visit, "Automatic mode").get_attribute("aria-pressed") == "true"


def test_nothing_is_asked_twice_while_the_answer_is_awaited(visit, served):
    served.script.held.set()
    button(visit, "Estimation off").click()
    visit.until_text(output(visit, "enable"), "waiting")
    off = button(visit, "Estimation off")
    assert off.get_attribute("aria-disabled") == "true"
    assert button(visit, "Estimation on").get_attribute("aria-pressed") == "true"
    off.press("Enter")
    button(visit, "Link cut").press("Enter")
    visit.until(lambda: len(served.script.acted) == 2, "another group may be used")
    assert served.script.acted == [Action("enable", False), Action("cut", True)]


def test_the_state_that_somebody_else_made_is_shown_too(visit, served):
    visit.until_text("[data-do=mode] .now", "OFFLINE: there has been no result")
    served.script.act_on("mode", "online")
    visit.until(lambda: button(visit, "Online mode").get_attribute("aria-pressed") == "true", "online")
    assert "ONLINE: asked" in visit.text("[data-do=mode] .now")
    visit.until_text("#said", "Mode ONLINE")


def test_a_hasty_hand_is_told_to_wait(visit, served):
    cut = button(visit, "Link cut")

    def press_after_many():
        cut.evaluate(FLOOD)
        visit.until(lambda: cut.get_attribute("aria-disabled") == "false", "there is an answer")
        return "too many" in visit.text(output(visit, "cut"))

    visit.until(press_after_many, "it is too much")
    assert visit.text(output(visit, "cut")) == "Not done: too many requests; wait a moment"


def test_without_a_connection_nothing_is_asked(visit, served):
    served.stop()
    visit.until_so("document.body.dataset.connection === 'lost'")
    button(visit, "Link cut").press("Enter")
    visit.until_text(output(visit, "cut"), "Not done: the page is not connected")
    assert button(visit, "Link cut").get_attribute("aria-disabled") == "true"


def test_the_keyboard_reaches_everything_in_order_and_is_seen(visit):
    visit.until_so("document.querySelectorAll('#health li').length === 4")
    visit.page.locator("body").press("Tab")
    reached = []
    while (now := visit.page.evaluate(FOCUSED))[0] and now not in reached:
        reached.append(now)
        visit.page.keyboard.press("Tab")
    names = [name for name, _ in reached]
    assert [name for name, seen in reached if not seen] == []
    profile = ["Link profile", "Use this link profile"]
    expected = ["Skip to the content", *BUTTONS, *profile, "camera", "estimator", "cloud/receiver"]
    assert [name for name in names if name in expected] == expected
    assert names[-1] == "In other languages"


def test_enter_presses_and_the_focus_stays(visit, served):
    button(visit, "Estimation off").focus()
    visit.page.keyboard.press("Enter")
    visit.until_text("[data-do=enable] .now", "off")
    assert visit.page.evaluate(FOCUSED)[0] == "Estimation off"
    visit.page.keyboard.press("Shift+Tab")
    visit.page.keyboard.press("Space")
    visit.until_text("[data-do=enable] .now", "on")
    assert served.script.acted == [Action("enable", False), Action("enable", True)]


def test_the_skip_link_leads_past_the_top(visit):
    visit.page.locator("body").press("Tab")
    visit.page.keyboard.press("Enter")
    assert visit.page.evaluate("document.activeElement.id") == "main"
