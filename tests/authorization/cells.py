"""Tries every cell of a service's matrix with real tokens."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from importlib import import_module
from uuid import UUID, uuid4

import httpx

from shared.access.actor import Role
from shared.access.authorization import Authorization, Reach
from shared.web.service import INHERITED
from tests.authorization import copies, facilities, inherited, mentoring, partners, registry
from tests.authorization.call import Call, Recipe
from tests.authorization.world import Site, World
from tests.support.databases import SERVICES

_ITS_OWN = {
    "registry": registry.RECIPES,
    "partners": partners.RECIPES,
    "facilities": facilities.RECIPES,
    "mentoring": mentoring.RECIPES,
}
RECIPES: dict[str, dict[str, Recipe]] = {
    service: _ITS_OWN.get(service, copies.RECIPES) | inherited.RECIPES for service in SERVICES
}
ANYWHERE = frozenset({"hand_in_file"})
"""Operations on nothing that lies somewhere: what they do lies where their caller is."""


@dataclass(frozen=True, slots=True)
class Trial:
    """Somebody's grant, the site they try it on, and whether they must succeed."""

    scope: str
    site: Site
    succeeds: bool
    person: UUID | None = None


def matrix_of(service: str) -> Authorization:
    """The rows that the service goes by."""
    return Authorization.read(import_module(f"services.{service}.app").MATRIX, INHERITED)


def on_guarded_rows(service: str) -> list[str]:
    """The operations on what row security guards: persons, cases, sessions, referrals."""
    words = {
        "registry": ("owner", "access"),
        "mentoring": ("case", "session"),
        "partners": ("referral",),
    }
    return [
        name
        for name in matrix_of(service).operations
        if any(word in name for word in words.get(service, ()))
    ]


async def wrong_cells(
    world: World, service: str, operations: Collection[str] | None = None
) -> list[str]:
    """Every cell of the matrix, or of some operations, that does not hold, in words."""
    client = await world.ecosystem.client(service, None)
    matrix = matrix_of(service)
    wrong = []
    for operation in matrix.operations if operations is None else operations:
        for role in Role:
            reach = matrix.reach(operation, role)
            software = reach is Reach.OWN and role is Role.PARTNER_CLIENT
            trials = _of_a_partner(world) if software else _trials(reach, world, operation)
            for trial in trials:
                call = await RECIPES[service][operation](world, trial.site)
                answer = await _ask(world, client, role, trial, call)
                if not _holds(answer, call, trial, reach):
                    site = "here" if trial.site is world.here else "there"
                    wrong.append(
                        f"{operation} as {role} with {trial.scope}, {reach}, {site}: "
                        f"{answer.status_code} {answer.text[:200]}"
                    )
    return wrong


def _trials(reach: Reach, world: World, operation: str) -> Iterator[Trial]:
    here, there = world.here, world.there
    unit, region, elsewhere = f"unit:{here.unit}", f"region:{here.region}", f"unit:{there.unit}"
    match reach:
        case Reach.DENY:
            yield Trial("nation", here, succeeds=False)
        case Reach.ALLOW:
            yield Trial(elsewhere, here, succeeds=True)
            yield Trial(elsewhere, there, succeeds=True)
        case Reach.OWN:
            yield Trial(elsewhere, here, succeeds=True, person=here.owner)
            yield Trial(elsewhere, there, succeeds=False, person=here.owner)
            yield Trial("nation", here, succeeds=False, person=uuid4())
        case Reach.SCOPE:
            for scope in (unit, region):
                yield Trial(scope, here, succeeds=True)
                if operation not in ANYWHERE:
                    yield Trial(scope, there, succeeds=False, person=there.owner)
            yield Trial("nation", there, succeeds=True)


def _of_a_partner(world: World) -> Iterator[Trial]:
    """A partner's software has what is the partner's own, as an owner what is hers."""
    own = f"partner:{world.here.partner}"
    yield Trial(own, world.here, succeeds=True)
    yield Trial(own, world.there, succeeds=False)
    yield Trial("nation", world.here, succeeds=False)


async def _ask(
    world: World, client: httpx.AsyncClient, role: Role, trial: Trial, call: Call
) -> httpx.Response:
    grants = [{"role": role.value, "scope": trial.scope}]
    token = world.ecosystem.issuer.token("somebody", grants, trial.person)
    return await client.request(
        call.method,
        call.path,
        json=call.json,
        content=call.content,
        headers={**call.headers, "Authorization": f"Bearer {token}"},
    )


def _holds(answer: httpx.Response, call: Call, trial: Trial, reach: Reach) -> bool:
    if reach is Reach.DENY:
        return answer.status_code == httpx.codes.FORBIDDEN
    if call.shows is not None and answer.is_success:
        shown = {item["id"] for item in answer.json()["items"]}
        return (str(call.shows) in shown) == trial.succeeds
    if trial.succeeds:
        return answer.is_success
    return answer.status_code in {httpx.codes.FORBIDDEN, httpx.codes.NOT_FOUND}
