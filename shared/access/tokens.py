"""Turns a bearer token into an actor, or refuses it without saying why."""

import json
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final, NoReturn

import structlog
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jws import CompactSignature, JWSRegistry
from joserfc.jwt import JWTClaimsRegistry
from joserfc.util import urlsafe_b64decode
from pydantic import BaseModel, Field

from shared.access.actor import Actor
from shared.access.issuers import Algorithm, IssuerRules
from shared.access.keys import Keys
from shared.refusals import Unauthenticated, Unavailable
from shared.sentences import Sentence, Spoken

LEEWAY: Final = 30
"""Seconds by which an issuer's clock and ours may differ."""
SIZE_CAP: Final = 8 * 1024

_log = structlog.get_logger(__name__)


class _Unfit(Spoken, ValueError):
    """Why a token is refused, in words of ours that quote nothing of it."""


class _Header(BaseModel, extra="forbid"):
    """Nothing that brings its own key or asks for special treatment (RFC 8725, 3.1 and 3.10)."""

    alg: Algorithm
    kid: str = Field(min_length=1, max_length=255)
    typ: str


class _Claims(BaseModel, strict=True):
    """What every token says; `iss` and `aud` are checked apart."""

    sub: str = Field(pattern=r"^[ -~]{1,255}$")
    exp: int
    iat: int
    nbf: int | None = None
    scope: str | None = None


class Tokens:
    """Verifies the tokens of several issuers, each by its own rules (RFC 7519, RFC 8725)."""

    def __init__(self, issuers: Iterable[IssuerRules]) -> None:
        self._verifiers = {rules.address: _Verifier(rules) for rules in issuers}

    async def actor(self, token: str) -> Actor:
        """Read the actor from a token that holds.

        Raises:
            Unauthenticated: it does not; the reason goes to the log and not to the sender.
            Unavailable: its issuer has not been reached yet, so nobody can tell.

        """
        try:
            return await self._actor(token)
        except (JoseError, ValueError, RecursionError) as failure:
            # The class only: messages of others' may quote the token.
            reason = Sentence(failure) if isinstance(failure, _Unfit) else type(failure).__name__
            _log.info("token_refused", reason=reason)
            raise Unauthenticated(
                "The bearer token has expired or does not hold here; sign in again."
            ) from None

    async def _actor(self, token: str) -> Actor:
        if len(token) > SIZE_CAP:
            raise _Unfit("too large")
        signed = jws.extract_compact(token.encode())
        claims = _read(signed.payload)
        # Not yet believed: it only chooses whose rules the token must pass whole.
        verifier = self._verifiers.get(str(claims.get("iss")))
        if verifier is None:
            raise _Unfit("of an issuer that is not believed")
        return await verifier.actor(signed, claims)


class _Verifier:
    """The rules of one issuer at work, with its keys and no others."""

    def __init__(self, rules: IssuerRules) -> None:
        self._rules = rules
        self._keys = Keys(rules.keys, rules.algorithms)
        self._signatures = _signatures(rules.algorithms)
        self._claims = JWTClaimsRegistry(
            leeway=LEEWAY,
            iss={"essential": True, "value": rules.address},
            aud={"essential": True, "value": rules.audience},
            exp={"essential": True},
            iat={"essential": True},
            sub={"essential": True},
        )

    async def actor(self, signed: CompactSignature, claims: Mapping[str, Any]) -> Actor:
        await self._refuse_forged(signed)
        said = _Claims.model_validate(claims)
        self._claims.validate(dict(claims))
        self._refuse_other_kinds(said, claims)
        return self._rules.actor(said.sub, claims)

    async def _refuse_forged(self, signed: CompactSignature) -> None:
        header = _Header.model_validate(_read(urlsafe_b64decode(signed.segments["header"])))
        if header.alg not in self._rules.algorithms or header.typ not in self._rules.types:
            raise _Unfit("of an algorithm or a type that its issuer does not use")
        key = await self._keys.find(header.kid, header.alg)
        if self._keys.none_yet:
            raise Unavailable("The issuer of tokens cannot be reached. Send the same again.")
        if key is None or not jws.validate_compact(signed, key, registry=self._signatures):
            raise _Unfit("signed by no key of its issuer")

    def _refuse_other_kinds(self, said: _Claims, claims: Mapping[str, Any]) -> None:
        for name, wanted in self._rules.required.items():
            is_so = type(claims.get(name)) is type(wanted) and claims[name] == wanted
            if not is_so:
                raise _Unfit("without a claim that its issuer's access tokens have")
        if said.exp - said.iat > self._rules.longest_life_s:
            raise _Unfit("good for longer than its issuer's tokens may be")


def _signatures(allowed: Collection[Algorithm]) -> JWSRegistry:
    registry = JWSRegistry(algorithms=allowed)
    # Of the two curves that EdDSA may mean (RFC 9864), the one whose keys we take.
    registry.algorithms = {**registry.algorithms, "EdDSA": registry.algorithms["Ed25519"]}
    return registry


def _read(part: bytes) -> dict[str, Any]:
    read = json.loads(part, object_pairs_hook=_without_repeats, parse_constant=_no_such_number)
    if not isinstance(read, dict):
        raise _Unfit("no JSON object where one belongs")
    return read


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _Unfit("a name is said twice")
    return found


def _no_such_number(_: str) -> NoReturn:
    raise _Unfit("a number that JSON has not")
