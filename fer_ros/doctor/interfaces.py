"""Whether the messages that were built are those of the msg and srv files."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from fer_ros.doctor.finding import Finding, failure, fine

# As ROS's generated Python names the types.
NAMES = {"bool": "boolean", "byte": "octet", "char": "uint8", "float32": "float", "float64": "double"}
LINE = re.compile(
    r"(?P<kind>[\w/]+)(?P<bound><=\d+)?(?P<array>\[(?:<=)?\d*\])?\s+(?P<name>\w+)\s*(?P<constant>=)?"
)
PARTS = ("Request", "Response")  # of a service


def declared(text: str) -> tuple[dict[str, str], list[str]]:
    """Fields (name → type, as generated Python calls it) and constants of a message's definition."""
    fields, constants = {}, []
    for line in text.splitlines():
        if found := LINE.match(line.partition("#")[0].strip()):
            if found["constant"]:
                constants.append(found["name"])
            else:
                fields[found["name"]] = _type(found["kind"], found["bound"] or "", found["array"] or "")
    return fields, constants


def definitions(folder: Path) -> list[Path]:
    """The .msg and .srv files of a folder."""
    return sorted(path for path in folder.glob("*") if path.suffix in (".msg", ".srv"))


def differing(folder: Path, built: Mapping[str, Any]) -> Iterator[str]:
    """Names of interfaces that were not built, or not as the files say.

    Args:
        folder: of .msg or .srv files.
        built: name → generated class.
    """
    for path in definitions(folder):
        parts = path.read_text("utf-8").split("\n---")
        owner = built.get(path.stem)
        kinds = [owner] if len(parts) == 1 else [getattr(owner, part, None) for part in PARTS]
        if not all(_same(kind, text) for kind, text in zip(kinds, parts, strict=True)):
            yield path.stem


def interfaces(folders: Mapping[Path, Mapping[str, Any]]) -> Finding:
    """Whether everything was built as it is written.

    Args:
        folders: folder of .msg or .srv files → name → generated class.
    """
    stale = [name for folder, built in folders.items() for name in differing(folder, built)]
    if stale:
        return failure(
            "interfaces", f"{', '.join(stale)}: not built as the files say", "make build, or colcon build"
        )
    return fine(
        "interfaces", f"{sum(len(definitions(folder)) for folder in folders)} built, as the files say"
    )


def _same(kind: Any, text: str) -> bool:
    if kind is None:
        return False
    fields, constants = declared(text)
    return fields == kind.get_fields_and_field_types() and all(hasattr(kind, name) for name in constants)


def _type(kind: str, bound: str, array: str) -> str:
    kind = NAMES.get(kind, kind if "/" in kind or kind[0].islower() else f"fer_ros/{kind}")
    kind += f"<{bound.removeprefix('<=')}>" if bound else ""
    if not array:
        return kind
    size = array[1:-1]
    if size.startswith("<="):
        return f"sequence<{kind}, {size[2:]}>"
    return f"{kind}[{size}]" if size else f"sequence<{kind}>"
