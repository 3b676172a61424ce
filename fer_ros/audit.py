"""A log of what was decided: lines of JSON that are only ever appended; no image, no face's id."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fer_ros.errors import ParameterError

MODE = 0o600  # whoever runs the robot, and nobody else


class AuditLog:
    """Appends one line for each decision. A line that cannot be written is counted, and nothing else stops.

    Attributes:
        path: of the file.
        failure: why the newest line could not be written; empty where it could.
        lost: lines that could not be written.
    """

    def __init__(self, path: Path) -> None:
        """Open it; ParameterError where it cannot be."""
        self.path = path
        self.failure = ""
        self.lost = 0
        try:
            self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, MODE)
            self._torn = _ends_in_the_middle(path)
        except OSError as error:
            raise ParameterError(
                f"audit_log {path} cannot be written ({error.strerror}); name another place"
            ) from error

    def write(self, at_s: float, kind: str, **about: Any) -> None:
        """Append a line.

        Args:
            at_s: s since 1970, when it was decided.
            kind: what about: notice, exception, refused, enable, consent, opt_out, mode, model or cue.
            about: what was decided.
        """
        time = datetime.fromtimestamp(at_s, UTC).isoformat(timespec="milliseconds")
        line = json.dumps({"time": time, "kind": kind, **about}, ensure_ascii=False)
        data = (b"\n" if self._torn else b"") + line.encode() + b"\n"
        try:
            written = os.write(self._file, data)
            self.failure = "" if written == len(data) else "No space left on device"
        except OSError as error:
            written, self.failure = 0, error.strerror or str(error)
        self._torn = self._torn if written == 0 else written < len(data)
        self.lost += bool(self.failure)

    def close(self) -> None:
        """Close it."""
        os.close(self._file)


def _ends_in_the_middle(path: Path) -> bool:
    """Whether the newest line was cut off, as by a power failure; a new one must not join it."""
    if not path.is_file() or not path.stat().st_size:
        return False
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read() != b"\n"
