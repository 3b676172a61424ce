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
        _note(root, (), lines, path)
        return loader.construct_document(root), lines
    except OSError as error:
        raise ParameterError(
            f"{path} cannot be read ({error.strerror}); give the path of a YAML file"
        ) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        problem = " ".join(str(error).split())
        raise ParameterError(f"{path} is not YAML: {problem}; correct it there") from error


def _note(node: yaml.Node, place: Place, lines: dict[Place, int], path: Path) -> None:
    lines[place] = node.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            _note(item, (*place, index), lines, path)
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            inside = (*place, str(key.value))
            if inside in lines:
                raise ParameterError(
                    f"{path}:{key.start_mark.line + 1}: {key.value} stands here a second time; remove one"
                )
            _note(value, inside, lines, path)
            lines[inside] = key.start_mark.line + 1
