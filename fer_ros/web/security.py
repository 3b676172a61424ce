"""Who gets in: the secret in the address, the names the page answers to, and the origins that may act."""

import hmac
import re
import secrets
from collections.abc import Mapping

from fer_ros.errors import ParameterError
from fer_ros.web.address import authority, is_loopback, names
from fer_ros.web.params import WebParams

TOKEN = re.compile(r"[A-Za-z0-9_-]{16,200}")
TOKEN_BYTES = 16  # of a random one
OF_THE_PAGE = ("same-origin", "none")  # Sec-Fetch-Site of what the page itself asks for

# The page needs nothing but itself, may do nothing but talk to where it came from, and tells nobody.
POLICY = "; ".join(
    [
        "default-src 'none'",
        *(f"{kind}-src 'self'" for kind in ("script", "style", "img", "connect")),
        *(f"{kind} 'none'" for kind in ("base-uri", "form-action", "frame-ancestors")),
    ]
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cache-Control": "no-store",
}


def new_token() -> str:
    """A secret of letters and digits that nobody guesses."""
    return secrets.token_hex(TOKEN_BYTES)


def check_token(token: str) -> str:
    """The same token.

    Raises:
        ParameterError: it could be guessed, or does not fit into an address.
    """
    if not TOKEN.fullmatch(token):
        raise ParameterError(
            f"web.token has {len(token)} characters; it takes 16 to 200 letters, digits, - and _, or none"
        )
    return token


class Door:
    """Looks at requests before anything else does."""

    def __init__(self, params: WebParams, port: int, token: str) -> None:
        """Guard a page.

        Args:
            params: where it is.
            port: on which it listens.
            token: the secret.
        """
        self._hosts = frozenset(authority(name, port) for name in names(params))
        self._token = token.encode()
        self._pictures = params.pictures

    def knows_host(self, headers: Mapping[str, str]) -> bool:
        """Whether the browser was led here by a name of ours, and not by one that was rebound to us."""
        return headers.get("Host", "").lower() in self._hosts

    def knows_token(self, token: str) -> bool:
        """Whether this is the secret; how long that takes tells nothing."""
        return hmac.compare_digest(token.encode(errors="replace"), self._token)

    def may_see(self, address: str) -> bool:
        """Whether the client at an address may see the camera's pictures."""
        return self._pictures == "all" or (self._pictures == "local" and is_loopback(address))

    def is_own_page(self, headers: Mapping[str, str]) -> bool:
        """Whether our own page asks, and not another one in the same browser: for all that acts."""
        host = headers.get("Host", "").lower()
        return headers.get("Origin", "").lower() == f"http://{host}" and self.is_not_foreign(headers)

    def is_not_foreign(self, headers: Mapping[str, str]) -> bool:
        """Whether no browser says that another page asks: for pictures, scripts and the like."""
        return headers.get("Sec-Fetch-Site", "none") in OF_THE_PAGE
