"""Draw the graph for the documents: nodes of fer_ros/graph.py, topics of what they really use.

    python scripts/draw_graph.py [docs/_static/graph.svg]

What nodes use is read from config/security, which `fer_ros security` writes by asking the nodes; only
where things are drawn is said here. A connection that has no place yet is an error that names it.
"""

import sys
import textwrap
from dataclasses import dataclass
from html import escape
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [] if str(ROOT) in sys.path else [str(ROOT)]

from fer_ros.graph import cloud_graph, robot_graph  # noqa: E402
from fer_ros.security import OF_EVERY_NODE  # noqa: E402

OUT = ROOT / "docs" / "_static" / "graph.svg"
WIDTH, BOX = 1080, (150, 50)
OUTSIDE = "your dialogue"
EVERYBODY = "permission"  # consent tells it to all who ask; lines would hide everything else

# Node → its box's upper left corner, px.
PLACES = {
    "camera": (40, 80),
    "faces": (280, 80),
    "estimator": (500, 80),
    "mode": (710, 80),
    "conversation": (890, 80),
    "consent": (40, 220),
    "uplink": (500, 220),
    OUTSIDE: (890, 220),
    "cloud/receiver": (400, 410),
    "cloud/estimator": (710, 410),
}
# (from, topic, to) → corners of its line, and where its name begins.
ROUTES = {
    ("camera", "image_raw", "faces"): ("190,105 280,105", (194, 98)),
    ("faces", "faces", "estimator"): ("430,105 500,105", (446, 98)),
    ("faces", "faces", "uplink"): ("355,130 355,245 500,245", (400, 238)),
    ("estimator", "emotion/robot", "mode"): ("650,105 710,105", (636, 68)),
    ("uplink", "emotion/cloud", "mode"): ("650,245 785,245 785,130", (660, 238)),
    ("mode", "emotion", "conversation"): ("860,97 890,97", (848, 68)),
    ("mode", "mode", "conversation"): ("860,115 890,115", (848, 150)),
    ("conversation", "cue", OUTSIDE): ("915,130 915,220", (883, 200)),
    ("conversation", "reaction", OUTSIDE): ("938,130 938,220", (944, 180)),
    (OUTSIDE, "turn", "conversation"): ("1014,220 1014,130", (1019, 180)),
    ("consent", "notice", ""): ("115,270 115,300", (122, 294)),
    ("uplink", "link", ""): ("610,220 610,190", (617, 200)),
    ("uplink", "cloud/payload", "cloud/receiver"): ("515,270 515,410", (408, 345)),
    ("cloud/receiver", "cloud/ack", "uplink"): ("540,410 540,270", (547, 345)),
    ("cloud/receiver", "cloud/faces", "cloud/estimator"): ("550,435 710,435", (587, 428)),
    ("cloud/estimator", "cloud/emotion/cloud", "uplink"): ("785,410 785,300 620,300 620,270", (641, 293)),
}
STYLE = """
  text { font: 15px system-ui, sans-serif; fill: #17323a }
  .name { font-size: 16px; font-weight: 600 } .topic { fill: #0b5f66 } .small { font-size: 13.5px }
  .page { fill: #fbfdfd }
  .panel { fill: #0b6e7512; stroke: #0b6e75 }
  .node { fill: #ffffff; stroke: #0b6e75; stroke-width: 1.6 } .outside { stroke-dasharray: 5 4 }
  .line { fill: none; stroke: #3f5a61; stroke-width: 1.7; stroke-linejoin: round } .head { fill: #3f5a61 }
  @media (prefers-color-scheme: dark) {
    .page { fill: #10191d } text { fill: #e3eeef } .topic { fill: #7fd6dc }
    .panel { fill: #5cc8cf14; stroke: #5cc8cf }
    .node { fill: #14252b; stroke: #5cc8cf } .line { stroke: #a9bfc4 } .head { fill: #a9bfc4 }
  }
"""


@dataclass(frozen=True)
class Used:
    """Topics of one node, by the names they have in the graph."""

    gives: tuple[str, ...]
    takes: tuple[str, ...]


def used(folder: Path = ROOT / "config" / "security") -> dict[str, Used]:
    """Node path → its topics, as the policies have them; what every node has is left out."""
    found = {}
    for path in sorted([*folder.glob("*.xml"), *(folder / "cloud").glob("*.xml")]):
        node = str(path.relative_to(folder).with_suffix(""))
        policy = ElementTree.parse(path)
        found[node] = Used(_topics(policy, "publish", node), _topics(policy, "subscribe", node))
    return found


def _topics(policy: ElementTree.ElementTree, way: str, node: str) -> tuple[str, ...]:
    names = [topic.text or "" for topic in policy.findall(f".//topics[@{way}]/topic")]
    above = node.rpartition("/")[0]
    own = [name for name in names if name not in OF_EVERY_NODE and not name.startswith("~")]
    return tuple(sorted(name if name.startswith("/") or not above else f"{above}/{name}" for name in own))


def connections(nodes: dict[str, Used]) -> list[tuple[str, str, str]]:
    """(from, topic, to) among the nodes that are drawn, and with what is outside of them."""
    drawn = {name: node for name, node in nodes.items() if name in PLACES}
    found = []
    for giver, node in drawn.items():
        for topic in node.gives:
            takers = [name for name, other in drawn.items() if topic in other.takes]
            outside = OUTSIDE if giver == "conversation" else ""
            found += [(giver, topic, taker) for taker in takers or [outside]] if topic != EVERYBODY else []
    given = {topic for node in drawn.values() for topic in node.gives}
    found += [(OUTSIDE, t, name) for name, node in drawn.items() for t in node.takes if t not in given]
    return found


def picture(nodes: dict[str, Used]) -> str:
    """The graph as SVG.

    Raises:
        LookupError: a node or a connection has no place, or a place has no connection.
    """
    lines = connections(nodes)
    _check(nodes, lines)
    asked = [name for name, node in nodes.items() if name in PLACES and EVERYBODY in node.takes]
    cards, height = _cards({name: node for name, node in nodes.items() if name not in PLACES}, 562)
    words = "; ".join(f"{a or 'the operator'} gives {t} to {b or 'whoever listens'}" for a, t, b in lines)
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
            'aria-labelledby="title words">',
            '<title id="title">The graph: nodes on the robot and in the cloud, and their topics</title>',
            f'<desc id="words">{escape(words)}.</desc>',
            f"<style>{STYLE}</style>",
            '<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8"',
            'markerUnits="userSpaceOnUse" orient="auto">',
            '<path class="head" d="M0 0 8 4 0 8z"/></marker></defs>',
            f'<rect class="page" width="{WIDTH}" height="{height}" rx="14"/>',
            _panel(20, 20, 1040, 300, "on the robot", 42),
            _panel(380, 390, 500, 106, "in the cloud, or on the same machine", 484),
            '<text class="small" x="552" y="368">the link, emulated or real</text>',
            *(_line(*ROUTES[line], line[1]) for line in lines),
            *(_box(name, *place) for name, place in PLACES.items()),
            *_paragraph(f"{EVERYBODY} for {', '.join(asked)}", 200, 226, 20),
            *cards,
            "</svg>\n",
        ]
    )


def _check(nodes: dict[str, Used], lines: list[tuple[str, str, str]]) -> None:
    ours = {spec.path for spec in (*robot_graph(), *cloud_graph())}
    wrong = [
        *(
            f"{name} has no policy: run `fer_ros security --out config/security`"
            for name in ours - nodes.keys()
        ),
        *(f"{name} needs a place in PLACES" for name in ours - PLACES.keys()),
        *(f"{line} needs a line in ROUTES" for line in lines if line not in ROUTES),
        *(f"{line} in ROUTES is not in the graph any more" for line in ROUTES if line not in lines),
    ]
    if wrong:
        raise LookupError("; ".join(wrong))


def _cards(nodes: dict[str, Used], top: int) -> tuple[list[str], int]:
    """Nodes beside the graph, as text; and the height of the whole picture, px."""
    text = [f'<text class="name" x="20" y="{top - 12}">Beside it, where wanted</text>'] if nodes else []
    width, bottom = (WIDTH - 40) // max(len(nodes), 1), top
    for index, (name, node) in enumerate(nodes.items()):
        left, at = 20 + index * width, top + 24
        text.append(f'<text class="name" x="{left + 12}" y="{at}">{escape(name)}</text>')
        for word, topics in (("takes", node.takes), ("gives", node.gives)):
            lines = _paragraph(f"{word} {', '.join(topics)}", left + 12, at + 20, (width - 30) // 7)
            text += lines if topics else []
            at += 17 * len(lines) if topics else 0
        bottom = max(bottom, at + 20)
    size = f'y="{top}" width="{width - 12}" height="{bottom - top}" rx="10"'
    frames = [f'<rect class="node outside" x="{20 + i * width}" {size}/>' for i in range(len(nodes))]
    return [*frames, *text], bottom + 20


def _paragraph(words: str, x: int, y: int, columns: int) -> list[str]:
    lines = textwrap.wrap(words, columns, break_long_words=False, break_on_hyphens=False)
    return [
        f'<text class="small" x="{x}" y="{y + 17 * row}">{escape(line)}</text>'
        for row, line in enumerate(lines)
    ]


def _panel(x: int, y: int, width: int, height: int, name: str, name_at: int) -> str:
    return (
        f'<rect class="panel" x="{x}" y="{y}" width="{width}" height="{height}" rx="14"/>'
        f'<text x="{x + 14}" y="{name_at}">{name}</text>'
    )


def _box(name: str, x: int, y: int) -> str:
    kind = "node outside" if name == OUTSIDE else "node"
    return (
        f'<rect class="{kind}" x="{x}" y="{y}" width="{BOX[0]}" height="{BOX[1]}" rx="10"/>'
        f'<text class="name" x="{x + BOX[0] // 2}" y="{y + 30}" text-anchor="middle">{escape(name)}</text>'
    )


def _line(corners: str, at: tuple[int, int], topic: str) -> str:
    return (
        f'<polyline class="line" points="{corners}" marker-end="url(#head)"/>'
        f'<text class="topic" x="{at[0]}" y="{at[1]}">{escape(topic)}</text>'
    )


if __name__ == "__main__":
    Path(sys.argv[1] if len(sys.argv) > 1 else OUT).write_text(picture(used()), encoding="utf-8")
