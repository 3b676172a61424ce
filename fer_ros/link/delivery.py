"""What becomes of a message on a link."""

from dataclasses import dataclass


@dataclass(slots=True)
class Delivery:
    """What becomes of one message.

    Attributes:
        at_s: s, when its last byte arrives; NaN: never, or not known yet (a reliable link fills it in).
        queue_delay_s: s, wait before its first byte was sent; NaN: it never entered the queue.
        reason: why it is lost ("queue full", "loss" or "cut"); empty: it arrives.
    """

    at_s: float
    queue_delay_s: float
    reason: str = ""

    @property
    def lost(self) -> bool:
        """Whether it never arrives."""
        return bool(self.reason)
