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
    service: _ITS_OWN.get(service, copies.RECIPES) | inherited.recipes(service)
    for service in SERVICES
}
_OF_A_UNIT = 2
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
        "registry": ("owner", "access", "visit"),
        "mentoring": ("case", "session"),
        "partners": ("referral",),
    }
    return [
        name
        for name in matrix_of(service).operations
        if any(word in name for word in words.get(service, ()))
    ]


class _Calls:
    """Calls made ready. One that was refused changed nothing, and a question never does: again."""

    def __init__(self, world: World, service: str) -> None:
        self._world, self._recipes = world, RECIPES[service]
        self._ready: dict[tuple[str, Site], Call] = {}

    async def ready(self, operation: str, trial: Trial) -> Call:
        """A call that would succeed, for whoever may."""
        place = operation, trial.site
        if place not in self._ready:
            self._ready[place] = await self._recipes[operation](self._world, trial.site)
        if trial.succeeds and self._ready[place].method != "GET":
            return self._ready.pop(place)
        return self._ready[place]


async def wrong_cells(
    world: World, service: str, operations: Collection[str] | None = None
) -> list[str]:
    """Every cell of the matrix that does not hold, in words.

    Of some operations only the cells are tried where it matters what a thing belongs to.
    """
    client, calls = await world.ecosystem.client(service, None), _Calls(world, service)
    matrix, wrong = matrix_of(service), []
    for operation in matrix.operations if operations is None else operations:
        for role, trial in _cells(matrix, world, operation, every=operations is None):
            call = await calls.ready(operation, trial)
            answer = await _ask(world, client, role, trial, call)
            reach = matrix.reach(operation, role)
            if not _holds(answer, call, trial, reach):
                site = "here" if trial.site is world.here else "there"
                wrong.append(
                    f"{operation} as {role} with {trial.scope}, {reach}, {site}: "
                    f"{answer.status_code} {answer.text[:200]}"
                )
    return wrong


def _cells(
    matrix: Authorization, world: World, operation: str, *, every: bool
) -> Iterator[tuple[Role, Trial]]:
    tried: set[Reach] = set()
    for role in Role:
        reach = matrix.reach(operation, role)
        if not every and reach in {Reach.ALLOW, Reach.DENY}:
            continue
        software = reach is Reach.OWN and role is Role.PARTNER_CLIENT
        trials = _of_a_partner(world) if software else _trials(reach, world, operation)
        for number, trial in enumerate(trials):
            # How far a region and the nation reach is the same for every role that has a scope.
            if reach is Reach.SCOPE and reach in tried and number >= _OF_A_UNIT:
                break
            yield role, trial
        tried.add(reach)


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
            yield Trial(elsewhere, there, succeeds=False, person=here.owner)
            yield Trial("nation", here, succeeds=False, person=uuid4())
            yield Trial(elsewhere, here, succeeds=True, person=here.owner)
        case Reach.SCOPE:
            for scope in (unit, region):
                if operation not in ANYWHERE:
                    yield Trial(scope, there, succeeds=False, person=there.owner)
                yield Trial(scope, here, succeeds=True)
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
