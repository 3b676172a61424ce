"""How much of one client is borne, so that it can harm neither the others nor the machine."""

from collections import OrderedDict
from dataclasses import dataclass

BODY_BYTES = 4096  # of a request; what the page asks for has some forty
HEADER_BYTES = 8192  # of a request, all headers together
BUFFER_BYTES = 65536  # of what a client sent and nobody has read
HEADERS_WITHIN_S = 10.0  # from the connection, or the answer before, to the last header
BODY_WITHIN_S = 5.0
STALLED_S = 10.0  # a client that takes nothing for so long is dropped
SOCKET_BYTES = 131072  # that the kernel keeps for a slow client: about one picture, so that none is old
CONNECTIONS_PER_CLIENT = 6  # a browser's own limit
ADDRESSES = 1000  # that are remembered

REQUESTS = (100.0, 600.0)  # a second, and at once; 20 pages that load together ask for some 360 things
ACTIONS = (5.0, 20.0)


@dataclass
class _Bucket:
    tokens: float
    at_s: float


class Buckets:
    """A token bucket for each address."""

    def __init__(self, rate_hz: float, burst: float, most: int = ADDRESSES) -> None:
        """Allow every address so much.

        Args:
            rate_hz: 1/s, in the long run.
            burst: at once.
            most: addresses that are remembered; the one that was silent longest is forgotten first.
        """
        self._rate_hz, self._burst, self._most = rate_hz, burst, most
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def __len__(self) -> int:
        return len(self._buckets)

    def take(self, address: str, now: float) -> bool:
        """Whether one more is allowed, s of any clock that never goes back."""
        bucket = self._buckets.setdefault(address, _Bucket(self._burst, now))
        self._buckets.move_to_end(address)
        if len(self._buckets) > self._most:
            self._buckets.popitem(last=False)
        bucket.tokens = min(bucket.tokens + (now - bucket.at_s) * self._rate_hz, self._burst)
        bucket.at_s = now
        if bucket.tokens < 1.0:
            return False
        bucket.tokens -= 1.0
        return True
