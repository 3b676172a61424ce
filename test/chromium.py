"""A real browser for tests: Debian's chromium, driven by playwright, and what it complains of."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any

import pytest

ARGUMENTS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DEADLINE_S = 20.0  # this machine may be busy


@contextmanager
def chromium() -> Iterator[Any]:
    """A browser with a fresh profile; the test is skipped where there is none."""
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="playwright is not installed: `make dev` gets it"
    )
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("chromium is not installed: scripts/install_browser.sh gets it")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


class Visit:
    """One page, and what happened on it.

    Attributes:
        context: playwright's: the browser's profile.
        page: playwright's.
        complaints: errors of its console, violations of its Content-Security-Policy among them.
        asked: addresses of everything that it asked for.
        refused: addresses of everything that was answered with an error.
    """

    def __init__(self, context: Any) -> None:
        self.context = context
        self.page = context.new_page()
        self.page.set_default_timeout(1000 * DEADLINE_S)
        self.complaints: list[str] = []
        self.asked: list[str] = []
        self.refused: list[str] = []
        self.page.on("console", self._on_console)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("websocket", lambda socket: self.asked.append(socket.url))
        self.page.on("response", self._on_response)

    def open(self, address: str) -> "Visit":
        """Open a page; its video never ends loading."""
        self.page.goto(address, wait_until="domcontentloaded")
        return self

    def until(self, condition: Callable[[], Any], what: str, deadline_s: float = DEADLINE_S) -> Any:
        """What a condition gives as soon as it holds; the browser lives on meanwhile."""
        end = monotonic() + deadline_s
        while not (met := condition()):
            assert monotonic() < end, f"not within {deadline_s:g} s: {what}\n{self.complaints}"
            self.page.wait_for_timeout(20)
        return met

    def until_so(self, script: str, what: str = "") -> Any:
        """Wait until a JavaScript expression gives something true: playwright's own way needs `eval`."""
        return self.until(lambda: self.page.evaluate(script), what or script)

    def text(self, selector: str) -> str:
        """What stands in the one element that a selector names."""
        return str(self.page.locator(selector).inner_text())

    def until_text(self, selector: str, part: str) -> str:
        """Wait until an element's text holds a part; the whole of it."""
        self.until(lambda: part in self.text(selector), f"{part!r} in {selector}")
        return self.text(selector)

    def close(self) -> None:
        self.context.close()

    def _on_console(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def _on_response(self, response: Any) -> None:
        if response.status >= 400:
            self.refused.append(response.url)
