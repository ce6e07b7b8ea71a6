"""Who may vouch for people: the issuers that are believed, and what their tokens grant here.

They stand in one file, a table for each; `docs/access.md` explains it by the ministry's example.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from pydantic import BaseModel, Field, TypeAdapter, ValidationError, model_validator

from shared.access.actor import Actor, Grant
from shared.access.granting import ClaimPath, RoleRule, found, plain_grants

Algorithm = Literal["ES256", "RS256", "PS256", "EdDSA"]
"""Signatures that need no shared secret (RFC 7518, 3.1; of RFC 8037 the curve Ed25519)."""

_Address = Annotated[str, Field(pattern=r"^https?://[!-~]+$")]
_DAY: Final = 86_400
_MOST_GRANTS: Final = 100
_NAME: Final = re.compile(r"[a-z][a-z0-9-]{1,30}")
_uuid: Final = TypeAdapter[UUID | None](UUID | None)


class IssuerRules(BaseModel, extra="forbid", frozen=True):
    """One issuer: how its tokens are recognised, and what they grant."""

    name: str
    """What its people's subjects begin with here: a subject is unique within its issuer only."""
    address: _Address
    """The claim `iss`, letter for letter."""
    keys: _Address
    """Where its key set is (RFC 7517); a token's own words about keys are never followed."""
    audience: str = Field(min_length=1)
    algorithms: tuple[Algorithm, ...] = Field(min_length=1)
    types: tuple[str, ...] = Field(min_length=1)
    """What the header `typ` may be."""
    required: dict[str, str | bool | int] = {}
    """Claims that must be exactly this."""
    longest_life_s: int = Field(gt=0, le=_DAY)
    """From `iat` to `exp`, in seconds: for so long a person who was shut out may still come in."""
    person_id: ClaimPath | None = None
    """The claim with the id by which our aggregates name the person."""
    grants: ClaimPath | None = None
    """The claim with grants in our own words, of an issuer that knows them."""
    roles: tuple[RoleRule, ...] = ()
    """What other values of other claims stand for here."""
    development: bool = False
    """Good on a laptop only."""

    @model_validator(mode="after")
    def _is_of_use_and_not_confused(self) -> "IssuerRules":
        if self.grants is None and not self.roles:
            raise ValueError("it grants nothing; give it `roles`, or `grants` if it knows ours")
        if "JWT" in self.types and not self.required:
            # RFC 8725, 3.12: else an ID token of the same issuer would do.
            raise ValueError('tokens of every kind are "JWT"; say in `required` what ours have')
        return self

    def actor(self, subject: str, claims: Mapping[str, Any]) -> Actor:
        """Who the claims say it is, in our words.

        Raises ValueError when what they grant cannot be understood.
        """
        grants = frozenset(self._granted(claims))
        if len(grants) > _MOST_GRANTS:
            raise ValueError("more grants than anyone has")
        return Actor(f"{self.name}|{subject}", grants, person_id=self._person(claims))

    def _granted(self, claims: Mapping[str, Any]) -> Iterator[Grant]:
        if self.grants is not None:
            yield from plain_grants(found(claims, self.grants))
        for rule in self.roles:
            yield from rule.grants(claims)

    def _person(self, claims: Mapping[str, Any]) -> UUID | None:
        said = found(claims, self.person_id) if self.person_id else None
        return _uuid.validate_python(said)


def read_issuers(file: Path) -> tuple[IssuerRules, ...]:
    """Read the file of those who are believed.

    Raises ValueError, whose sentence names the line or the entry that is wrong.
    """
    try:
        tables = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as failure:
        reason = failure.strerror if isinstance(failure, OSError) else failure
        message = f"{file} cannot be read: {reason}"
        raise ValueError(message) from None
    issuers: dict[str, IssuerRules] = {}
    for name, table in tables.items():
        issuer = _read(file, name, table)
        if issuer.address in issuers:
            message = f"{file}: [{name}] has the address of [{issuers[issuer.address].name}]"
            raise ValueError(message)
        issuers[issuer.address] = issuer
    if not issuers:
        message = f"{file} names no issuer, so nobody could come in"
        raise ValueError(message)
    return tuple(issuers.values())


def makeshift(issuers: tuple[IssuerRules, ...]) -> Iterator[str]:
    """What must not be believed outside of a laptop, one sentence each."""
    for issuer in issuers:
        if issuer.development:
            yield f"the issuer [{issuer.name}] is for development"
        elif not (issuer.address.startswith("https:") and issuer.keys.startswith("https:")):
            yield f"the address and the keys of the issuer [{issuer.name}] must be https"


def _read(file: Path, name: str, table: Any) -> IssuerRules:  # noqa: ANN401 (TOML has all kinds)
    if not _NAME.fullmatch(name) or not isinstance(table, dict):
        message = f"{file}: [{name}] is no issuer; its name has small letters, digits and hyphens"
        raise ValueError(message)
    try:
        return IssuerRules.model_validate(table | {"name": name})
    except ValidationError as invalid:
        first, *_ = invalid.errors(include_url=False, include_input=False)
        message = f"{file}: [{name}]{_place(first['loc'])}: {first['msg']}"
        raise ValueError(message.replace("Value error, ", "")) from None


def _place(steps: tuple[int | str, ...]) -> str:
    words = (f"entry {s + 1}" if isinstance(s, int) else s for s in steps)
    return "".join(f" {word}" for word in words)
