"""What claims grant: how their words become roles and scopes of ours."""

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Final

from pydantic import BaseModel, BeforeValidator, Field, TypeAdapter, field_validator

from shared.access.actor import Grant, Role, Scope, ScopeKind


def _steps(path: Any) -> Any:  # noqa: ANN401 (pydantic says what is wrong with it)
    return [path] if isinstance(path, str) else path


ClaimPath = Annotated[tuple[str, ...], Field(min_length=1), BeforeValidator(_steps)]
"""Where a claim is: its name, or the names on the way to it."""

_FROM_A_CLAIM: Final = re.compile(r"(region|unit|enterprise|partner):\{([^{}]+)\}")


def found(claims: Any, path: ClaimPath) -> Any:  # noqa: ANN401 (JSON has all kinds)
    """What a token says at a path, None when it says nothing there."""
    for step in path:
        if not isinstance(claims, Mapping):
            return None
        claims = claims.get(step)
    return claims


class RoleRule(BaseModel, extra="forbid", frozen=True):
    """A value of a claim, and the role that it stands for here."""

    claim: ClaimPath
    """A text, or a list that has the value among others."""
    value: str = Field(min_length=1)
    role: Role
    scope: str
    """A scope, or a kind and the claim with what it is of, one or several: "unit:{plut_unit}"."""

    @field_validator("scope")
    @classmethod
    def _is_a_scope(cls, scope: str) -> str:
        if not _FROM_A_CLAIM.fullmatch(scope):
            try:
                Scope.parse(scope)
            except ValueError:
                example = '"nation", "region:35.79", "unit:<id>" or "unit:{claim}"'
                message = f"a scope is one like {example}"
                raise ValueError(message) from None
        return scope

    def grants(self, claims: Mapping[str, Any]) -> Iterator[Grant]:
        """The grants that the claims amount to: none unless the value is there.

        Raises ValueError when a claim that should name a scope does not.
        """
        if self.value in _texts(found(claims, self.claim)):
            for scope in self._scopes(claims):
                yield Grant(self.role, scope)

    def _scopes(self, claims: Mapping[str, Any]) -> Iterator[Scope]:
        template = _FROM_A_CLAIM.fullmatch(self.scope)
        if template is None:
            yield Scope.parse(self.scope)
            return
        kind, claim = template.groups()
        for of in _texts(claims.get(claim)):
            yield Scope.parse(f"{kind}:{of}")


class _PlainGrant(BaseModel, strict=True):
    role: str
    scope: str


_plain = TypeAdapter(list[_PlainGrant])


def plain_grants(claim: Any) -> Iterator[Grant]:  # noqa: ANN401 (as above)
    """The grants of a claim in our own words: `{"role": "desk_officer", "scope": "unit:<id>"}`.

    A role or kind of scope that a newer issuer may know grants nothing. Raises ValueError when
    the claim is no list of grants.
    """
    for said in _plain.validate_python([] if claim is None else claim):
        kind = said.scope.partition(":")[0]
        if said.role in list(Role) and kind in list(ScopeKind):
            yield Grant(Role(said.role), Scope.parse(said.scope))


def _texts(value: Any) -> list[str]:  # noqa: ANN401 (as above)
    values = value if isinstance(value, list) else [value]
    return [text for text in values if isinstance(text, str)]
