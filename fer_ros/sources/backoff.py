"""How long to wait before the next attempt."""


class Backoff:
    """Waits that double from the first to the longest, until a success resets them."""

    FACTOR = 2.0

    def __init__(self, first_s: float = 0.25, longest_s: float = 8.0) -> None:
        """Start with the first wait; both in seconds."""
        self._first_s, self._longest_s = first_s, longest_s
        self._wait_s = first_s

    def next_s(self) -> float:
        """The wait before the next attempt, in s."""
        wait_s = self._wait_s
        self._wait_s = min(self._longest_s, wait_s * self.FACTOR)
        return wait_s

    def reset(self) -> None:
        """An attempt has succeeded."""
        self._wait_s = self._first_s
