"""Write the reference pages of the site, from what the program itself declares.

    python scripts/reference.py FOLDER

Parameters come from their dataclasses, messages and services from msg/ and srv/, link profiles from
config/links; commands are in reference_commands.py. Nothing of it is typed twice.
"""

import re
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from math import inf
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path[:0] = [str(path) for path in (HERE, ROOT) if str(path) not in sys.path]

from reference_commands import commands  # noqa: E402

from fer_ros.graph import PARAMETERS  # noqa: E402
from fer_ros.link.profiles import DIRECT, Direction, LinkProfile, load_profiles  # noqa: E402
from fer_ros.params import Meta, default_of, meta  # noqa: E402

CHANGES = "can be changed while it runs"
SHARED_BY = 3  # parameters that so many nodes have are listed once
TYPES = {float: "number", int: "whole number", bool: "true or false", str: "text"}
LINE = re.compile(
    r"(?P<type>[\w/]+(?:\[\d*\])?)\s+(?P<name>\w+)(?:=(?P<value>\S+))?\s*(?:#\s*(?P<about>.*))?"
)


def write(folder: Path) -> None:
    """Write every page; one that says the same already is left alone."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        path = folder / f"{name}.md"
        if not path.is_file() or path.read_text("utf-8") != text:
            path.write_text(text, encoding="utf-8")


def pages() -> dict[str, str]:
    """Name → Markdown."""
    return {
        "parameters": parameters(),
        "messages": interfaces("Messages", sorted((ROOT / "msg").glob("*.msg"))),
        "services": interfaces("Services", sorted((ROOT / "srv").glob("*.srv"))),
        "commands": commands(),
        "links": links(),
    }


def parameters() -> str:
    """Every parameter of every node."""
    uses = Counter(kind for kinds in PARAMETERS.values() for kind in kinds)
    shared = [kind for kind, count in uses.items() if count >= SHARED_BY]
    text = [
        "# Parameters",
        "A parameter is declared once, and is the same everywhere: an option of `fer_ros run` "
        "(`--mode.dwell_s 1`), a ROS parameter (`ros2 param set /mode dwell_s 1.0`, where it can be changed "
        "while the node runs), and a line of a file for `--config` or `config:=`:",
        "```yaml\nmode:\n  ros__parameters:\n    dwell_s: 1.0\n```",
        "What ships is in `config/robot.yaml` and `config/cloud.yaml`. A value that is out of bounds, of "
        "another type or misspelt is refused in one line before anything starts.",
    ]
    for node, kinds in PARAMETERS.items():
        text.append(f"## {node}")
        text += [part for kind in kinds if kind not in shared for part in _of_kind(kind)]
        links = [f"[{_title(kind)}](#{_title(kind).replace(' ', '-')})" for kind in kinds if kind in shared]
        text.append(f"And those of {_listed(links)}." if links else "")
    for kind in shared:
        nodes = _listed([f"`{node}`" for node, kinds in PARAMETERS.items() if kind in kinds])
        text += [f"## {_title(kind)}", f"Of the nodes {nodes}.", *_of_kind(kind)]
    return _joined(text)


def _title(kind: type[Any]) -> str:
    return f"{kind.__name__.removesuffix('Params').lower()} parameters"


def _of_kind(kind: type[Any]) -> list[str]:
    types = get_type_hints(kind)
    rows = [
        (
            f"`{parameter.name}`",
            _default(default_of(parameter)),
            _takes(types[parameter.name], meta(parameter)),
            meta(parameter).help + (f" ({CHANGES})" if meta(parameter).dynamic else ""),
        )
        for parameter in fields(kind)
    ]
    heading = ("parameter", "default", "takes", "meaning")
    return [f"*{_first_line(kind)}*", _table(heading, rows)]


def _type(kind: Any) -> str:
    if get_origin(kind) is tuple:
        return f"list of {TYPES.get(get_args(kind)[0], 'values')}"
    return TYPES.get(kind, "mapping")


def _default(value: Any) -> str:
    if value is None or value == "" or value == ():
        return "none"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if value == inf:
        return "unlimited"
    return f"`{value:.12g}`" if isinstance(value, float) else f"`{value}`"


def _takes(kind: Any, about: Meta) -> str:
    if about.choices:
        return ", ".join(f"`{choice}`" for choice in about.choices)
    if about.low is None:
        return _type(kind)
    return f"{_type(kind)}, {about.low:.12g} to {about.high:.12g}"


@dataclass
class Part:
    """What stands between two `---` of an interface: a message has one, a service two."""

    about: list[str]
    constants: list[list[str]]
    fields: list[list[str]]

    def blocks(self) -> list[str]:
        """As Markdown."""
        text = [" ".join(self.about)] if self.about else []
        if self.constants:
            text.append(_table(("constant", "value", "meaning"), self.constants))
        if self.fields:
            text.append(_table(("field", "type", "meaning"), self.fields))
        return text


def interfaces(title: str, files: Sequence[Path]) -> str:
    """Every field of every message or service, with its comment."""
    kind = files[0].suffix[1:]
    text = [
        f"# {title}",
        f"Of the package `fer_ros`: `from fer_ros.{kind} import {files[0].stem}`; "
        f"`ros2 interface show fer_ros/{kind}/{files[0].stem}` shows one. A number that was not measured is "
        "NaN, never 0.",
    ]
    for path in files:
        text.append(f"## {path.stem}")
        parts = [interface(part) for part in path.read_text("utf-8").split("\n---\n")]
        for name, part in zip(("Request", "Response") if len(parts) > 1 else ("",), parts, strict=True):
            text += [f"**{name}**" if name else "", *part.blocks()]
    return _joined(text)


def interface(text: str) -> Part:
    """Fields, constants and comments of an interface definition.

    A comment of its own goes on with the line above it, where that has one; else it is about the whole.
    """
    part, last = Part([], [], []), None
    for line in map(str.strip, text.splitlines()):
        if line.startswith("#"):
            (part.about if last is None else last).append(line.lstrip("# "))
        elif found := LINE.fullmatch(line):
            about = found["about"] or ""
            if found["value"]:
                last = _row(part.constants, found["name"], f"`{found['value']}`", about)
            else:
                last = _row(part.fields, found["name"], f"`{found['type']}`", about)
        elif not line:
            last = None if not part.fields and not part.constants else last
    for row in (*part.constants, *part.fields):
        row[2:] = [" ".join(row[2:])]
    return part


def _row(rows: list[list[str]], name: str, what: str, about: str) -> list[str]:
    rows.append([f"`{name}`", what, about])
    return rows[-1]


def links() -> str:
    """Every emulated link that ships, and what a profile may say."""
    profiles = {DIRECT.name: DIRECT, **load_profiles(ROOT / "config" / "links")}
    ways = [(name, way, side) for name, profile in profiles.items() for way, side in _ways(profile)]
    plain = Direction()
    names = [f.name for f in fields(Direction)]
    differing = [key for key in names if any(_shown(getattr(s, key), getattr(plain, key)) for *_, s in ways)]
    rows = [
        (f"`{name}`", way, *(_shown(getattr(side, key), getattr(plain, key)) for key in differing))
        for name, way, side in ways
    ]
    return _joined(
        [
            "# Link profiles",
            "`--profile NAME`, `uplink.profile`, or the service `set_link` while it runs. `up` leads to the "
            "cloud, `down` back to the robot; an empty cell is the default. How to write one of your own: "
            "[link profiles](../../project/_generated/links.md).",
            _table(("profile", "way", *(name.replace("_", " ") for name in differing)), rows),
            "## What a direction takes",
            *_of_kind(Direction),
        ]
    )


def _ways(profile: LinkProfile) -> list[tuple[str, Direction]]:
    both = profile.up == profile.down
    return [("both", profile.up)] if both else [("up", profile.up), ("down", profile.down)]


def _shown(value: Any, default: Any) -> str:
    """A part of a profile in a few words; empty where it is the default."""
    if value == default:
        return ""
    if isinstance(value, (bool, int, float, str)):
        return _default(value)
    return getattr(value, "name", None) or "yes"


def _first_line(kind: type[Any]) -> str:
    return (kind.__doc__ or "").strip().splitlines()[0]


def _table(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heading, ["---"] * len(heading), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)


def _listed(words: Sequence[str]) -> str:
    return " and ".join([*([", ".join(words[:-1])] if words[1:] else []), words[-1]]) if words else ""


def _joined(blocks: Iterable[str]) -> str:
    return "\n\n".join(block for block in blocks if block) + "\n"


if __name__ == "__main__":
    write(Path(sys.argv[1]))
