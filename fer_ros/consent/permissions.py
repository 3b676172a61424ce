"""What people allow: the off switch, consent, and faces that opted out."""

from dataclasses import dataclass, replace
from enum import IntEnum

from fer_ros.consent.params import ConsentParams
from fer_ros.errors import ParameterError

MOST_OPT_OUTS = 1000  # one robot follows some twenty faces; more are a mistake or an attack


class Consent(IntEnum):
    """What was said; the numbers of Permission.msg."""

    NOT_GIVEN = 0
    GIVEN = 1
    WITHDRAWN = 2


@dataclass(frozen=True)
class Permission:
    """What is allowed at one moment.

    Attributes:
        enabled: the off switch; False is off.
        commands: explicit uses of it; at 0 `enabled` is only its initial value.
        consent_required: nothing is inferred before consent is given.
        consent: what was said. WITHDRAWN stops everything, required or not.
        opted_out: ids of faces about which nothing may be inferred.
        opted_in: ids of faces that took that back.
        told: why nothing may be inferred, by somebody who knows more than these fields say.
    """

    enabled: bool = True
    commands: int = 0
    consent_required: bool = False
    consent: Consent = Consent.NOT_GIVEN
    opted_out: frozenset[str] = frozenset()
    opted_in: frozenset[str] = frozenset()
    told: str = ""

    @property
    def why_not(self) -> str:
        """Why nothing may be inferred; empty where it may."""
        if not self.enabled:
            return "switched off; the service `enable` switches on"
        if self.consent is Consent.WITHDRAWN:
            return "consent was withdrawn; the service `consent` gives it"
        if self.consent_required and self.consent is not Consent.GIVEN:
            return "consent is required and was not given; the service `consent` gives it"
        return self.told


class Permissions:
    """Takes what people say, and knows what is allowed.

    Attributes:
        now: what is allowed now.
    """

    def __init__(self, params: ConsentParams) -> None:
        self.now = Permission(enabled=params.enabled, consent_required=params.consent_required)

    def enable(self, on: bool) -> None:
        """Switch on or off."""
        self.now = replace(self.now, enabled=on, commands=self.now.commands + 1)

    def consent(self, given: bool) -> None:
        """Give consent, or withdraw it."""
        self.now = replace(self.now, consent=Consent.GIVEN if given else Consent.WITHDRAWN)

    def opt_out(self, face_id: str, out: bool) -> None:
        """Leave a face alone, or take that back.

        Raises:
            ParameterError: this is no face's id, or there are too many.
        """
        if not face_id[:1].isalpha():
            raise ParameterError(f"face_id is {face_id!r}; give the id of a face, as it stands in `faces`")
        now = self.now
        told = now.opted_out | now.opted_in | {face_id}
        if len(told) > MOST_OPT_OUTS:
            raise ParameterError(
                f"{MOST_OPT_OUTS} faces have opted out or in, and no more are kept; switch off with `enable`"
            )
        opted_out = now.opted_out | {face_id} if out else now.opted_out - {face_id}
        self.now = replace(now, opted_out=opted_out, opted_in=told - opted_out)
