"""The authorization request of OpenID Connect, as a front end may make it here."""

import os
import re
from collections.abc import Mapping, Sequence
from urllib.parse import urlencode, urlsplit

from deploy.local.codes import Wish
from deploy.local.refusals import CannotStart

CLIENT = "sinergi-web"
"""The one client: a front end under development, which can keep no secret."""
REDIRECT_URIS = "SINERGI_REDIRECT_URIS"
"""Where the environment names further addresses to return to, with blanks between."""
_USUAL = tuple(
    f"http://{host}:{port}/callback" for host in ("localhost", "127.0.0.1") for port in (3000, 5173)
)
_LOOPBACK = re.compile(r"http://(localhost|127\.0\.0\.1)(:\d{1,5})?/[!-~]*")
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")

Parameters = Mapping[str, Sequence[str]]


class NowhereToReturn(Exception):
    """A request of whom we do not know, or to whom we may not lead anybody: it ends here."""


class Refused(Exception):
    """A request that is refused where it came from (RFC 6749, 4.1.2.1)."""

    def __init__(self, address: str) -> None:
        """Lead back to the address, which says why."""
        super().__init__(address)
        self.address = address


def redirect_uris(url: str) -> tuple[str, ...]:
    """Return every address that a person may be led to after signing in at this one.

    Raises:
        CannotStart: the environment names one that is not on this computer.

    """
    further = os.environ.get(REDIRECT_URIS, "").split()
    for address in further:
        if not _LOOPBACK.fullmatch(address) or "#" in address:
            message = f"{REDIRECT_URIS} may hold addresses like {_USUAL[0]}, on this computer only."
            raise CannotStart(message)
    return (f"{url}/callback", *_USUAL, *further)


def read_wish(asked: Parameters, allowed: Sequence[str], issuer: str) -> Wish:
    """Read the request.

    Raises:
        NowhereToReturn: its client or where it wants to return is not one of ours.
        Refused: anything else is wrong with it.

    """
    client, returning = asked.get("client_id", []), asked.get("redirect_uri", [])
    if list(client) != [CLIENT] or len(returning) != 1 or returning[0] not in allowed:
        raise NowhereToReturn
    (address,) = returning
    state = _only(asked, "state")
    if fault := _fault(asked):
        raise Refused(answer(address, {"error": fault, "state": state, "iss": issuer}))
    challenge = _only(asked, "code_challenge") or ""
    return Wish(CLIENT, address, challenge, state, _only(asked, "nonce"))


def answer(address: str, told: Mapping[str, str | None]) -> str:
    """Return the address to which a person is led back, with what is told there."""
    parameters = urlencode({name: value for name, value in told.items() if value is not None})
    return f"{address}{'&' if urlsplit(address).query else '?'}{parameters}"


def _fault(asked: Parameters) -> str | None:
    if any(len(values) > 1 for values in asked.values()):
        return "invalid_request"
    if _only(asked, "response_type") != "code":
        return "unsupported_response_type"
    if "openid" not in (_only(asked, "scope") or "").split():
        return "invalid_scope"
    challenge = _only(asked, "code_challenge") or ""
    with_proof = _only(asked, "code_challenge_method") == "S256" and _CHALLENGE.fullmatch(challenge)
    return None if with_proof else "invalid_request"


def _only(asked: Parameters, name: str) -> str | None:
    values = asked.get(name, [])
    return values[0] if len(values) == 1 else None
