"""The actor behind a request and the pure decisions about what is theirs to do."""

from collections.abc import Collection
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
_SYSTEM = "system:"


@dataclass(frozen=True, slots=True)
class Grant:
    """A role, and how far it reaches."""

    role: Role
    scope: Scope


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks: the issuer's subject, what was granted, and the person behind it if one is known.

    `person_id` is the id by which our aggregates name a person; it resolves "own". Inside a
    transaction the grants are those that count for the `operation` which is asked for, and
    `address` is where the request came from.
    """

    subject: str
    grants: frozenset[Grant] = frozenset()
    person_id: UUID | None = None
    operation: str = ""
    address: str | None = None

    @property
    def is_system(self) -> bool:
        """Whether a service itself acts, and no one who signed in."""
        return self.subject.startswith(_SYSTEM)

    @property
    def roles(self) -> frozenset[Role]:
        """What the actor is, however far it reaches."""
        return frozenset(grant.role for grant in self.grants)

    @property
    def scopes(self) -> frozenset[Scope]:
        """How far the grants reach; the nation alone when it is among them."""
        found = frozenset(grant.scope for grant in self.grants)
        return frozenset({NATION}) if NATION in found else found

    def covers(
        self,
        *,
        region: str | None = None,
        unit: UUID | None = None,
        enterprise: UUID | None = None,
        partner: UUID | None = None,
        persons: Collection[UUID] = (),
    ) -> bool:
        """Whether a thing, described by where it belongs and whose it is, is within reach.

        Give all that is known of the thing: its region's code with dots, its unit, ...; one grant
        that covers any of them is enough. A thing nothing is known of is the nation's alone.
        """
        things = {
            ScopeKind.UNIT: unit,
            ScopeKind.ENTERPRISE: enterprise,
            ScopeKind.PARTNER: partner,
        }
        own = self.person_id is not None and self.person_id in persons
        return own or any(_covers(scope, region, things) for scope in self.scopes)


def _covers(scope: Scope, region: str | None, things: dict[ScopeKind, UUID | None]) -> bool:
    match scope:
        case Scope(ScopeKind.NATION):
            return True
        case Scope(ScopeKind.REGION, str() as code):
            return region is not None and region_contains(code, region)
        case Scope(kind, UUID() as thing):
            return things.get(kind) == thing
    return False


def system(service: str, operation: str = "maintenance") -> Actor:
    """Name the service itself, for what time or another service's event makes it do."""
    grants = frozenset({Grant(Role.OPERATOR, NATION)})
    return Actor(_SYSTEM + service, grants, operation=operation)
