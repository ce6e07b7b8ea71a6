"""Authorization codes (RFC 6749, 4.1) with their proof of possession (RFC 7636): good once."""

import hashlib
import hmac
import re
import secrets
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass

from deploy.local.personas import Persona

LIFE_S = 60.0
_MOST = 1_000
"""Codes that wait to be redeemed; of more, the oldest are forgotten."""
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")


@dataclass(frozen=True)
class Wish:
    """What a front end asks when it sends somebody here to sign in."""

    client_id: str
    redirect_uri: str
    challenge: str
    state: str | None = None
    nonce: str | None = None


@dataclass(frozen=True)
class Redemption:
    """What a front end shows to turn a code into tokens."""

    code: str
    client_id: str
    redirect_uri: str
    verifier: str

    def fulfils(self, wish: Wish) -> bool:
        """Tell whether it comes from whoever had the wish."""
        proof = hashlib.sha256(self.verifier.encode()).digest()
        challenge = urlsafe_b64encode(proof).rstrip(b"=").decode()
        return (
            (self.client_id, self.redirect_uri) == (wish.client_id, wish.redirect_uri)
            and _VERIFIER.fullmatch(self.verifier) is not None
            and hmac.compare_digest(challenge, wish.challenge)
        )


class Codes:
    """Those that are out and neither redeemed nor expired."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Measure their life, in seconds, with the clock."""
        self._clock = clock
        self._out: dict[str, tuple[Wish, Persona, float]] = {}

    def issue(self, wish: Wish, persona: Persona) -> str:
        """Return a code for somebody who has signed in."""
        while len(self._out) >= _MOST:
            del self._out[next(iter(self._out))]
        code = secrets.token_urlsafe(32)
        self._out[code] = wish, persona, self._clock() + LIFE_S
        return code

    def redeem(self, shown: Redemption) -> tuple[Wish, Persona] | None:
        """Return what a code stands for, once; a wrong attempt uses it up as well."""
        wish, persona, until = self._out.pop(shown.code, (None, None, 0.0))
        if wish is None or persona is None or self._clock() > until or not shown.fulfils(wish):
            return None
        return wish, persona
