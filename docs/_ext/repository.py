"""Documents of the repository that lie outside docs/, as pages of the site; and links to them.

Documents link each other by the paths they have in the repository, so that they can be read there. Here
the few outside docs/ are copied into it, and links to them, and theirs, are turned to where pages are.
"""

import re
from os.path import relpath
from pathlib import Path
from typing import Any

DOCS = Path(__file__).resolve().parents[1]
ROOT = DOCS.parent
FOLDER = DOCS / "project" / "_generated"

REPORTS = "results/"

# Path in the repository → its page.
PAGES = {
    "README.md": DOCS / "start.md",
    "ARCHITECTURE.md": FOLDER / "architecture.md",
    "CONTRIBUTING.md": FOLDER / "contributing.md",
    "CHANGELOG.md": FOLDER / "changelog.md",
    "benchmarks/results.md": FOLDER / "benchmarks.md",
    "config/links/README.md": FOLDER / "links.md",
    "config/security/README.md": FOLDER / "permissions.md",
}
LINK = re.compile(r"(\]\()(?!https?:|mailto:|#)([^)\s#]+)((?:#[^)\s]*)?\))")


def write(folder: Path) -> None:
    """Write the pages that are copies."""
    folder.mkdir(parents=True, exist_ok=True)
    for source, page in PAGES.items():
        if page.parent == folder:
            write_changed(page, turned((ROOT / source).read_text("utf-8"), (ROOT / source).parent, folder))


def turned(text: str, read_at: Path, shown_at: Path) -> str:
    """A document's text with its links made relative to where it is shown.

    Args:
        text: Markdown.
        read_at: the folder that its links are relative to.
        shown_at: the folder they shall be relative to.
    """

    def turn(found: re.Match[str]) -> str:
        target = (read_at / found[2]).resolve()
        inside = target.is_relative_to(ROOT) and str(target.relative_to(ROOT)) in PAGES
        shown = PAGES[str(target.relative_to(ROOT))] if inside else target
        return f"{found[1]}{relpath(shown, shown_at)}{found[3]}"

    return LINK.sub(turn, text)


def write_changed(path: Path, text: str) -> None:
    """Write a file unless it says so already: what is unchanged is not built again."""
    if not path.is_file() or path.read_text("utf-8") != text:
        path.write_text(text, encoding="utf-8")


def _prepare(app: Any, name: str, source: list[str]) -> None:
    folder = Path(app.env.doc2path(name)).parent
    if not folder.is_relative_to(FOLDER):
        source[0] = turned(source[0], folder, folder)
    if name.startswith(REPORTS):  # reached from the page of results, and nothing to browse through
        source[0] = f"---\norphan: true\n---\n{source[0]}"


def setup(app: Any) -> dict[str, bool]:
    """What Sphinx calls."""
    app.connect("source-read", _prepare)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
