"""One line a kind of refusal now and then, however many there are."""

from collections import Counter

EVERY_S = 5.0


class Refusals:
    """Counts what was refused, and says when it is time to speak of it again."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._said: dict[str, float] = {}

    @property
    def total(self) -> int:
        """Everything refused so far."""
        return self._counts.total()

    def count(self, about: str, text: str, now: float) -> str | None:
        """Count one refusal.

        Args:
            about: its kind; each has a line of its own.
            text: what is wrong with this one.
            now: s.

        Returns:
            A line for the log; None where one of its kind was said less than EVERY_S before.
        """
        self._counts[about] += 1
        if 0 <= now - self._said.get(about, -EVERY_S) < EVERY_S:
            return None
        self._said[about] = now
        return f"{self._counts[about]} payloads refused ({about}), the last: {text}"
