"""Draw docs/images/page-*.png: the live page of a whole run on the built-in source, in a real browser.

Run it from the checkout: `.venv/bin/python scripts/make_page_pictures.py`. It needs chromium and some 90 s.
"""

import shutil
import socket
import subprocess
import sys
from pathlib import Path
from time import monotonic
from typing import Any

from PIL import Image
from playwright.sync_api import sync_playwright

FOLDER = Path("docs/images")
TOKEN = "only-for-the-pictures"
RUN = ["-c", "import sys; from fer_ros.cli.main import main; sys.exit(main())", "run", "--web", "--json"]
SCENE = ["--camera.distance_m", "1.2", "--profile", "wifi", "--cut-link", "35", "9", "--duration", "240"]
SHOWN_S = 66.0  # so long that the last minute is full
READY_S = 60.0
VIEWS: dict[str, dict[str, Any]] = {
    "page-light": {"viewport": {"width": 1280, "height": 960}, "color_scheme": "light"},
    "page-dark-phone": {"viewport": {"width": 360, "height": 1180}, "color_scheme": "dark"},
}
LARGEST_BYTES = 200_000
COLOURS = 256  # of a larger picture's palette: enough for the page, and a third of the bytes


def main() -> None:
    """Run the graph, look at its page, and keep what is seen."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    page = ["--web.port", str(port), "--web.token", TOKEN]
    run = subprocess.Popen([sys.executable, *RUN, *SCENE, *page], stdout=subprocess.DEVNULL)
    try:
        wait_for(port)
        take(f"http://127.0.0.1:{port}/{TOKEN}/")
    finally:
        run.terminate()
        run.wait()


def wait_for(port: int) -> None:
    """Wait until somebody listens."""
    end = monotonic() + READY_S
    while monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
    sys.exit(f"nobody listens on port {port} after {READY_S:g} s")


def take(address: str) -> None:
    """Take all pictures of a page."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        pages = {name: browser.new_context(**view).new_page() for name, view in VIEWS.items()}
        for page in pages.values():
            page.goto(address, wait_until="domcontentloaded")
        next(iter(pages.values())).wait_for_timeout(1000 * SHOWN_S)
        for name, page in pages.items():
            path = FOLDER / f"{name}.png"
            page.screenshot(path=path)
            if path.stat().st_size > LARGEST_BYTES:
                Image.open(path).convert("RGB").quantize(COLOURS, kmeans=2).save(path, optimize=True)
            print(f"{path}: {path.stat().st_size} bytes")
        browser.close()


if __name__ == "__main__":
    main()
