"""What a node holds that infers: shut until somebody says that it may be open."""

from collections.abc import Iterable

from fer_ros.consent.permissions import Consent, Permission

UNHEARD = "no permission was heard; is the node `consent` running?"
ALONE = "the node `consent` is gone: nobody could switch off"
BEGAN_ANEW = "switched off before the node `consent` began anew; the service `enable` switches on"
FACES_COUNT_S = 0.5  # how far from an image the newest faces may be to say who is in it
WITHDRAWN = "consent was withdrawn before the node `consent` began anew; the service `consent` gives it"


class Gate:
    """Open only while inference is allowed.

    What was said explicitly outlives the node that it was said to: a consent node that begins anew has
    initial values, and those do not undo a word.

    Attributes:
        alone: nobody is there who could shut it.
        opted_out: ids of faces about which nothing may be inferred.
    """

    def __init__(self) -> None:
        self.alone = False
        self.opted_out: frozenset[str] = frozenset()
        self._heard: Permission | None = None
        self._off = False
        self._withdrawn = False

    def hear(self, permission: Permission) -> None:
        """Take a permission."""
        self._heard = permission
        if permission.commands:
            self._off = not permission.enabled
        if permission.consent is not Consent.NOT_GIVEN:
            self._withdrawn = permission.consent is Consent.WITHDRAWN
        self.opted_out = (self.opted_out | permission.opted_out) - permission.opted_in

    @property
    def open(self) -> bool:
        """Whether anything may be inferred."""
        return not self.why_shut

    @property
    def why_shut(self) -> str:
        """Why nothing may be inferred; empty while it may."""
        return self.fault or (self._heard.why_not if self._heard is not None else "")

    @property
    def fault(self) -> str:
        """Why it is shut though nobody is known to want that; empty otherwise."""
        if self._heard is None:
            return UNHEARD
        if self.alone:
            return ALONE
        if self._heard.why_not:
            return ""
        if self._off:
            return BEGAN_ANEW
        return WITHDRAWN if self._withdrawn else ""


class Onlookers:
    """Knows whether whole images may be kept or sent: not while somebody in them has opted out."""

    def __init__(self, patience_s: float = FACES_COUNT_S) -> None:
        """Make one.

        Args:
            patience_s: s for which the newest faces count; an image that is further from them shows
                nobody knows whom.
        """
        self._patience_s = patience_s
        self._stamp = float("-inf")
        self._withheld = 0
        self._ids: frozenset[str] = frozenset()

    def saw(self, stamp: float, withheld: int, ids: Iterable[str]) -> None:
        """Take the faces of the image acquired at `stamp` seconds: how many are withheld, and the others."""
        self._stamp, self._withheld, self._ids = stamp, withheld, frozenset(ids)

    def may_show(self, stamp: float, opted_out: frozenset[str]) -> bool:
        """Whether the image acquired at `stamp` seconds may be shown; `opted_out` are ids of faces."""
        if not opted_out:
            return True
        known = abs(stamp - self._stamp) <= self._patience_s
        return known and not self._withheld and not self._ids & opted_out
