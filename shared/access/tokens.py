"""Turns a bearer token into an actor, or refuses it without saying why."""

import json
from typing import Any, Final, Literal
from uuid import UUID

import structlog
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwt import JWTClaimsRegistry
from pydantic import BaseModel, Field

from shared.access.actor import Actor, Grant, Role, Scope, ScopeKind
from shared.access.keys import Keys
from shared.refusals import Unauthenticated, Unavailable

AUDIENCE: Final = "sinergi"
LEEWAY: Final = 30
"""Seconds by which the issuer's clock and ours may differ."""
SIZE_CAP: Final = 8 * 1024

_log = structlog.get_logger(__name__)


class _Header(BaseModel, extra="forbid"):
    """Nothing that brings its own key or asks for special treatment (RFC 8725, 3.1 and 3.10)."""

    alg: Literal["ES256"]
    kid: str = Field(min_length=1, max_length=255)
    typ: Literal["JWT", "at+jwt", "application/at+jwt"]


class _GrantClaim(BaseModel):
    role: str
    scope: str


class _Claims(BaseModel, strict=True):
    """What a token says; `iss` and `aud` are checked apart."""

    sub: str = Field(min_length=1, max_length=255)
    exp: int
    iat: int
    nbf: int | None = None
    person_id: str | None = None
    grants: list[_GrantClaim] = Field(default=[], max_length=100)


class Tokens:
    """Verifies tokens of one issuer: JWT, ES256, for this audience (RFC 7519, RFC 8725)."""

    def __init__(self, issuer: str, jwks_url: str) -> None:
        self._keys = Keys(jwks_url)
        self._signatures = jws.JWSRegistry(algorithms=["ES256"])
        self._claims = JWTClaimsRegistry(
            leeway=LEEWAY,
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": AUDIENCE},
            exp={"essential": True},
            iat={"essential": True},
            sub={"essential": True},
        )

    async def actor(self, token: str) -> Actor:
        """Read the actor from a token that holds.

        Raises:
            Unauthenticated: it does not; the reason goes to the log and not to the sender.
            Unavailable: the issuer has not been reached yet, so nobody can tell.

        """
        try:
            return _actor(await self._verified(token))
        except (JoseError, ValueError, RecursionError) as failure:
            # The class only: messages of these may quote the token.
            _log.info("token_refused", reason=type(failure).__name__)
            raise Unauthenticated(
                "The bearer token has expired or does not hold here; sign in again."
            ) from None

    async def _verified(self, token: str) -> _Claims:
        if len(token) > SIZE_CAP:
            raise ValueError("the token is too large")
        signed = jws.extract_compact(token.encode(), registry=self._signatures)
        header = _Header.model_validate(signed.headers())
        key = await self._keys.find(header.kid)
        if self._keys.none_yet:
            raise Unavailable("The issuer of tokens cannot be reached. Send the same again.")
        if key is None or not jws.validate_compact(signed, key, registry=self._signatures):
            raise ValueError("no key of the issuer made this signature")
        claims = json.loads(signed.payload, object_pairs_hook=_without_repeats)
        said = _Claims.model_validate(claims)
        self._claims.validate(claims)
        return said


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name is said twice")
    return found


def _actor(said: _Claims) -> Actor:
    grants = (_grant(claim) for claim in said.grants)
    return Actor(
        subject=said.sub,
        grants=frozenset(grant for grant in grants if grant is not None),
        person_id=UUID(said.person_id) if said.person_id is not None else None,
    )


def _grant(claim: _GrantClaim) -> Grant | None:
    """Read a grant; a role or kind of scope that a newer issuer may know grants nothing."""
    if claim.role not in list(Role) or claim.scope.partition(":")[0] not in list(ScopeKind):
        return None
    return Grant(Role(claim.role), Scope.parse(claim.scope))
