"""What messages look like, for bags: written with their definitions, and read by them."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from rosbags.typesys import Stores, get_types_from_msg, get_typestore

from fer_ros.errors import FerError, SourceError
from fer_ros.resources import share

PACKAGE = "fer_ros/msg/"
SEPARATOR = "=" * 80 + "\nMSG: "  # in a definition, before each type that it uses


@cache
def own_types() -> Any:
    """A rosbags type store of ROS's messages and all of this package's.

    Raises:
        FerError: the package's msg files are missing.
    """
    store = get_typestore(Stores.ROS2_JAZZY)
    texts = _own_texts()
    store.register({name: found for kind in texts for name, found in _parsed(texts[kind], kind).items()})
    return store


def definition(kind: str) -> str:
    """The text of a type and of those it uses, as recorders write it: ours with their comments."""
    first, *used = own_types().generate_msgdef(kind, ros_version=2)[0].split(SEPARATOR)
    own = _own_texts()
    parts = [own.get(kind, first)]
    for part in used:
        name, _, text = part.partition("\n")
        parts.append(f"{name}\n{own.get(name.replace('/', '/msg/'), text)}")
    return SEPARATOR.join(parts)


def recorded_types(definitions: Mapping[str, str], kinds: Iterable[str]) -> Any:
    """A rosbags type store that knows `kinds`, as they were when they were recorded.

    Args:
        definitions: type → its definition in the recording; a type that is not there is taken from
            this package's msg files.
        kinds: types of this package.

    Raises:
        SourceError: a recorded definition cannot be read.
        FerError: it is needed and missing in both.
    """
    store = get_typestore(Stores.ROS2_JAZZY)
    for kind in kinds:
        found = _parsed(definitions.get(kind) or _own_texts()[kind], kind)
        store.register({name: found[name] for name in found if name.startswith(PACKAGE)})
    return store


def _parsed(text: str, kind: str) -> dict[str, Any]:
    try:
        return dict(get_types_from_msg(text, kind))
    except Exception as error:  # rosbags raises whatever its parser meets
        raise SourceError(
            f"the definition of {kind} cannot be read ({error}); record the bag again"
        ) from error


@cache
def _own_texts() -> dict[str, str]:
    """Type → its msg file."""
    texts = {f"{PACKAGE}{path.stem}": path.read_text("utf-8") for path in sorted(share("msg").glob("*.msg"))}
    if not texts:
        raise FerError(f"{share('msg')} holds no message definitions; install the package again")
    return texts
