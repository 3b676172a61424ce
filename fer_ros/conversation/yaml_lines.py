"""YAML whose values know their lines, so that an error can point at one."""

from pathlib import Path
from typing import Any

import yaml

from fer_ros.errors import ParameterError

Place = tuple[str | int, ...]


def load_with_lines(path: Path) -> tuple[Any, dict[Place, int]]:
    """Read a YAML file.

    Returns:
        Its content, and the line (from 1) of every value by its place: keys and indices from the top.

    Raises:
        ParameterError: the file cannot be read, is not YAML, or says something twice.
    """
    try:
        loader = yaml.SafeLoader(path.read_text(encoding="utf-8"))
        root = loader.get_single_node()
        if root is None:
            return None, {(): 1}
        lines: dict[Place, int] = {}
        _Walk(path, lines).note(root, ())
        return loader.construct_document(root), lines
    except OSError as error:
        raise ParameterError(
            f"{path} cannot be read ({error.strerror}); give the path of a YAML file"
        ) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{path}:{mark.line + 1}" if mark else str(path)
        problem = getattr(error, "problem", None) or " ".join(str(error).split())
        raise ParameterError(f"{where}: this is not YAML: {problem}; correct it there") from error


class _Walk:
    """Notes the line of every value; one that aliases repeat is noted where it first stands."""

    def __init__(self, path: Path, lines: dict[Place, int]) -> None:
        self._path = path
        self._lines = lines
        self._seen: set[int] = set()

    def note(self, node: yaml.Node, place: Place) -> None:
        self._lines[place] = node.start_mark.line + 1
        if id(node) in self._seen:  # an alias may even stand inside of what it names
            return
        self._seen.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            for index, item in enumerate(node.value):
                self.note(item, (*place, index))
        elif isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                inside = (*place, str(key.value))
                line = key.start_mark.line + 1
                if inside in self._lines:
                    raise ParameterError(
                        f"{self._path}:{line}: {key.value} stands here a second time; remove one"
                    )
                self.note(value, inside)
                self._lines[inside] = line
