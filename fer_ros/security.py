"""SROS 2 policies: what a node uses of ROS's graph, written down as all that it may use."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree

VERSION = "0.2.0"  # of sros2's policy format
ENCLAVES = "/fer_ros"  # above all of ours
HEADING = " Written by `fer_ros security`, from what the nodes use: run it again rather than change this. "

# What every node has, and nobody needs to be told of.
OF_EVERY_NODE = ("/diagnostics", "/parameter_events", "/rosout")


@dataclass(frozen=True)
class Uses:
    """What one node uses; each name as a policy writes it, sorted.

    A name is `~/` below the node, relative to its namespace, or absolute.

    Attributes:
        path: the node's place in the graph, such as `cloud/receiver`.
        publishes: topics.
        subscribes: topics.
        serves: services.
        calls: services.
    """

    path: str
    publishes: tuple[str, ...] = ()
    subscribes: tuple[str, ...] = ()
    serves: tuple[str, ...] = ()
    calls: tuple[str, ...] = ()

    @property
    def node(self) -> str:
        """The node's name."""
        return self.path.rpartition("/")[2]

    def namespace(self, graph: str) -> str:
        """The node's namespace, absolute, where the graph has the namespace `graph`."""
        return f"/{_joined(graph, self.path.rpartition('/')[0])}"

    def rules(self) -> tuple[tuple[str, str, str, tuple[str, ...]], ...]:
        """(list, element, attribute, names) of a profile: the words of the policy format."""
        return (
            ("topics", "topic", "publish", self.publishes),
            ("topics", "topic", "subscribe", self.subscribes),
            ("services", "service", "reply", self.serves),
            ("services", "service", "request", self.calls),
        )


def written(name: str, node: str, namespace: str) -> str:
    """An absolute name as a policy writes it: names that move with the node move with its profile.

    Args:
        name: of a topic or a service.
        node: the node's name.
        namespace: the node's, absolute; not the root, where nothing tells relative from absolute.
    """
    own = f"{namespace}/{node}/"
    if name.startswith(own):
        return f"~/{name.removeprefix(own)}"
    return name.removeprefix(f"{namespace}/")


def enclave(path: str, namespace: str) -> str:
    """The enclave of a process: a node's by its place in the graph, or one of several nodes."""
    return f"{ENCLAVES}/{_joined(namespace, path)}"


def policy(path: str, nodes: Sequence[Uses], namespace: str = "") -> str:
    """The policy of one process.

    Args:
        path: of its enclave, below ENCLAVES and the namespace.
        nodes: what runs in it.
        namespace: of the graph.

    Returns:
        XML, the same for the same nodes.
    """
    root = ElementTree.Element("policy", version=VERSION)
    enclaves = ElementTree.SubElement(root, "enclaves")
    own = ElementTree.SubElement(enclaves, "enclave", path=enclave(path, namespace))
    profiles = ElementTree.SubElement(own, "profiles")
    for uses in nodes:
        _add_profile(profiles, uses, uses.namespace(namespace))
    ElementTree.indent(root)
    body = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<!--{HEADING}-->\n{body}\n'


def table(nodes: Sequence[Uses]) -> str:
    """What each node may do, in Markdown; what every node may is left out."""
    rows = ["| node | publishes | subscribes | serves | calls |", "|---|---|---|---|---|"]
    for uses in nodes:
        cells = (_told(names) for _, _, _, names in uses.rules())
        rows.append(f"| `{uses.path}` | {' | '.join(cells)} |")
    return "\n".join(rows) + "\n"


def policies(nodes: Sequence[Uses], processes: Mapping[str, Sequence[str]], namespace: str) -> dict[str, str]:
    """Every policy: one for each node in a process of its own, and one for each process of several.

    Args:
        nodes: what they use.
        processes: enclave path → node paths.
        namespace: of the graph.

    Returns:
        enclave path → XML.
    """
    alone = {uses.path: policy(uses.path, [uses], namespace) for uses in nodes}
    composed = {
        path: policy(path, [uses for uses in nodes if uses.path in members], namespace)
        for path, members in processes.items()
    }
    return alone | composed


def _add_profile(profiles: ElementTree.Element, uses: Uses, namespace: str) -> None:
    profile = ElementTree.SubElement(profiles, "profile", ns=namespace, node=uses.node)
    for kind, element, attribute, names in uses.rules():
        if names:
            allowed = ElementTree.SubElement(profile, kind, {attribute: "ALLOW"})
            for name in names:
                ElementTree.SubElement(allowed, element).text = name


def _told(names: Sequence[str]) -> str:
    return ", ".join(f"`{n}`" for n in names if n not in OF_EVERY_NODE and not n.startswith("~/"))


def _joined(*parts: str) -> str:
    return "/".join(part.strip("/") for part in parts if part.strip("/"))
