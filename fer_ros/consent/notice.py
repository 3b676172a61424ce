"""What people in front of the robot are told, in their languages."""

import re
from collections.abc import Mapping
from pathlib import Path

import yaml

from fer_ros.errors import ParameterError
from fer_ros.resources import share

TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def load_notice(path: str = "") -> Mapping[str, str]:
    """Read a file of notices.

    Args:
        path: of a YAML file, language tag → text; empty: the one of this package.

    Returns:
        language tag → text, in the file's order.

    Raises:
        ParameterError: the file cannot be read, or says nothing to somebody.
    """
    file = Path(path).expanduser() if path else share("config") / "notice.yaml"
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is not UTF-8"
        raise ParameterError(f"notice {file} cannot be read: {why}") from error
    except yaml.YAMLError as error:
        raise ParameterError(f"notice {file} is not YAML: {' '.join(str(error).split())}") from error
    if not isinstance(content, dict) or not content:
        raise ParameterError(f"notice {file} is not a map of languages; write `en: what people are told`")
    return {_tag(file, tag): _text(file, tag, text) for tag, text in content.items()}


def _tag(file: Path, tag: object) -> str:
    if not isinstance(tag, str) or not TAG.fullmatch(tag):
        raise ParameterError(f'notice {file}: {tag!r} is not a language; write a tag such as "en" or pt-BR')
    return tag


def _text(file: Path, tag: object, text: object) -> str:
    if not isinstance(text, str) or not text.strip():
        raise ParameterError(f"notice {file}: {tag} has no text; write what people are told")
    return text.strip()
