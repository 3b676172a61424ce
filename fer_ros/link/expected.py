"""Which results may come back: those of images that were sent."""

REMEMBERED_S = 10.0  # longer than any result is of use


class Expected:
    """Stamps of the images that left lately; results are not believed in anything else.

    Attributes:
        refused: results so far that were not passed on.
    """

    def __init__(self) -> None:
        self.refused = 0
        self._sent: dict[int, float] = {}  # stamp, ns → when it left, s; oldest first

    def sent(self, stamp_ns: int, now: float) -> None:
        """Note an image that leaves."""
        self._sent[stamp_ns] = now
        for old in [stamp for stamp, at_s in self._sent.items() if not 0.0 <= now - at_s <= REMEMBERED_S]:
            del self._sent[old]

    def problem(self, stamp_ns: int) -> str:
        """Why a result of this stamp cannot be one; empty where it can."""
        if stamp_ns in self._sent:
            return ""
        return f"no image of {stamp_ns / 1e9:.3f} s was sent in the last {REMEMBERED_S:g} s"
