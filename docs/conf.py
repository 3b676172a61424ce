"""How the site is made: `make docs`, or `python -m sphinx -W -b html docs build/docs`.

Nothing in it comes from another host: no fonts, no scripts, no counters.
"""

import sys
from pathlib import Path
from xml.etree import ElementTree

HERE = Path(__file__).parent
ROOT = HERE.parent
sys.path[:0] = [str(HERE / "_ext"), str(ROOT / "scripts"), str(ROOT)]

import reference  # noqa: E402
import repository  # noqa: E402

project = "fer_ros"
author = "the fer_ros developers"
release = version = ElementTree.parse(ROOT / "package.xml").findtext("version")  # noqa: S314  (our own file)
html_title = f"fer_ros {release}"

extensions = ["myst_parser", "repository"]
myst_heading_anchors = 4  # links to headings work as they do where Markdown is shown as it is
exclude_patterns = ["_static", "_ext"]
suppress_warnings = [
    "myst.header",  # reports are written for reading one by one
]
# A recording of what is typed and printed, and a list of commands, are not a language.
highlight_language = "none"

language = "en"
html_theme = "furo"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_logo = "_static/logo.svg"
html_favicon = "_static/logo.svg"
html_show_sphinx = False
html_copy_source = False
html_theme_options = {
    "light_css_variables": {"color-brand-primary": "#0b6e75", "color-brand-content": "#0b6e75"},
    "dark_css_variables": {"color-brand-primary": "#5cc8cf", "color-brand-content": "#5cc8cf"},
}

reference.write(HERE / "reference" / "_generated")
repository.write(HERE / "project" / "_generated")
