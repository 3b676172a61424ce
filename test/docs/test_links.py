"""Every link from one document to another leads somewhere."""

import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ABOVE = ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md")
BELOW = ("docs/**/*.md", "config/**/*.md", "benchmarks/*.md")
PAGES = sorted(
    path
    for path in [*(ROOT / name for name in ABOVE), *(found for p in BELOW for found in ROOT.glob(p))]
    if "_generated" not in path.parts
)
CODE = re.compile(r"^( *)(```+|~~~+).*?^\1\2\s*?$|`[^`\n]+`", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[(?:[^\]\[]|\[[^\]]*\])*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#{1,6} +(.+?) *#*$", re.MULTILINE)
OF_A_WEB_HOST = ("http://", "https://", "mailto:")


def links(path):
    """What a document links to, other hosts left out."""
    found = LINK.findall(CODE.sub(" ", path.read_text("utf-8")))
    return [target for target in found if not target.startswith(OF_A_WEB_HOST)]


@cache
def anchors(path):
    """The names by which headings can be linked, as GitHub and the site make them."""
    fenced = re.compile(r"^( *)(```+|~~~+).*?^\1\2\s*?$", re.MULTILINE | re.DOTALL)
    seen, names = Counter(), []
    for heading in HEADING.findall(fenced.sub("", path.read_text("utf-8"))):
        words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()
        name = re.sub(r"[^\w\- ]", "", words).replace(" ", "-")
        names.append(f"{name}-{seen[name]}" if seen[name] else name)
        seen[name] += 1
    return frozenset(names)


def broken(path):
    """The links of a document that lead nowhere."""
    for target in links(path):
        place, _, anchor = target.partition("#")
        there = (path.parent / place).resolve() if place else path
        if not there.exists() or (anchor and there.suffix == ".md" and anchor not in anchors(there)):
            yield target


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(path):
    assert list(broken(path)) == []


def test_a_link_that_leads_nowhere_is_found(tmp_path):
    (tmp_path / "other.md").write_text("# Its own `name`, twice\n\n# Its own `name`, twice\n")
    page = tmp_path / "page.md"
    page.write_text(
        "[a](other.md#its-own-name-twice-1) [b](other.md#its-own) [c](gone.md) ![d](gone.png) [e](#no) "
        "[f](https://example.org) `[g](code.md)`\n```\n[h](code.md)\n```\n"
    )
    assert list(broken(page)) == ["other.md#its-own", "gone.md", "gone.png", "#no"]
