"""The actor behind a request and the pure decisions about what is theirs to do."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self
from uuid import UUID

from shared.indonesia.regions import dotted, region_contains


class Role(StrEnum):
    """What somebody is, as the issuer names it in a grant."""

    MINISTRY = "ministry"
    EVALUATOR = "evaluator"
    PROVINCE_OFFICER = "province_officer"
    REGENCY_OFFICER = "regency_officer"
    UNIT_HEAD = "unit_head"
    DESK_OFFICER = "desk_officer"
    CONSULTANT = "consultant"
    FACILITY_OFFICER = "facility_officer"
    PARTNERSHIP_OFFICER = "partnership_officer"
    OWNER = "owner"
    PARTNER_CLIENT = "partner_client"
    OPERATOR = "operator"
    AUDITOR = "auditor"


class ScopeKind(StrEnum):
    """What a scope is measured in."""

    NATION = "nation"
    REGION = "region"
    UNIT = "unit"
    ENTERPRISE = "enterprise"
    PARTNER = "partner"


@dataclass(frozen=True, slots=True)
class Scope:
    """How far a grant reaches: the nation, a region with all within it, or one thing by its id."""

    kind: ScopeKind
    of: str | UUID | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "nation", "region:35.79" or "unit:<uuid>".

        Raises:
            ValueError: it is none of these.

        """
        kind, _, of = text.partition(":")
        if kind == ScopeKind.REGION:
            code = dotted(of)
            if code is None:
                raise ValueError("the region of a scope has no Kemendagri code")
            return cls(ScopeKind.REGION, code)
        if kind == ScopeKind.NATION:
            if text != kind:
                raise ValueError("the nation has no id")
            return cls(ScopeKind.NATION)
        return cls(ScopeKind(kind), UUID(of))

    def __str__(self) -> str:
        """Write the scope as `parse` reads it."""
        return self.kind.value if self.of is None else f"{self.kind.value}:{self.of}"

    def covers_unit(self, unit: UUID, region: str) -> bool:
        """Whether a unit, known by its id and its region's code, lies within it."""
        return _covers(self, region, {ScopeKind.UNIT: unit})


NATION = Scope(ScopeKind.NATION)


@dataclass(frozen=True, slots=True)
class Grant:
    """A role, and how far it reaches."""

    role: Role
    scope: Scope


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks: the issuer's subject, what was granted, and the person behind it if one is known.

    `person_id` is the id by which our aggregates name a person; it resolves "own".
    """

    subject: str
    grants: frozenset[Grant] = frozenset()
    person_id: UUID | None = None

    def plays(self, *roles: Role) -> bool:
        """Whether one of the roles is granted, however far it reaches."""
        return any(grant.role in roles for grant in self.grants)

    def scopes(self, *roles: Role) -> frozenset[Scope]:
        """How far the grants of these roles reach; the nation alone when it is among them."""
        found = frozenset(grant.scope for grant in self.grants if grant.role in roles)
        return frozenset({NATION}) if NATION in found else found

    def holds(
        self,
        *roles: Role,
        region: str | None = None,
        unit: UUID | None = None,
        enterprise: UUID | None = None,
        partner: UUID | None = None,
    ) -> bool:
        """Whether one of the roles is granted over the thing described by where it belongs.

        Give all that is known of the thing: its region's code with dots, its unit, ...; one grant
        that covers any of them is enough. Of a thing nothing is known of, only the nation's.
        """
        things = {
            ScopeKind.UNIT: unit,
            ScopeKind.ENTERPRISE: enterprise,
            ScopeKind.PARTNER: partner,
        }
        return any(
            grant.role in roles and _covers(grant.scope, region, things) for grant in self.grants
        )


def _covers(scope: Scope, region: str | None, things: dict[ScopeKind, UUID | None]) -> bool:
    match scope:
        case Scope(ScopeKind.NATION):
            return True
        case Scope(ScopeKind.REGION, str() as code):
            return region is not None and region_contains(code, region)
        case Scope(kind, UUID() as thing):
            return things.get(kind) == thing
    return False


def system(service: str) -> Actor:
    """Name the service itself, for what time or another service's event makes it do."""
    return Actor(f"system:{service}", frozenset({Grant(Role.OPERATOR, NATION)}))
