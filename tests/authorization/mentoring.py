"""How each operation of mentoring is asked for.

At each site one consultant, who is the person that owns the enterprise too, has hours without end:
so both find as their own what is made there.
"""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from services.mentoring import use_cases
from services.mentoring.ids import new_id
from services.mentoring.models import Case, Consultant, Outcome, Request, Session
from services.mentoring.schemas import AssignRequest, ClaimOutcome, OpenRequest, PlanSession
from shared.access.actor import system
from shared.streams.log import Tx
from shared.web.etags import Versions
from tests.authorization import copies
from tests.authorization.call import Call, Recipe
from tests.authorization.world import Site, World
from tests.support.builders import a_key

_ENDLESS: Final = 1_000_000
_NEXT_WEEK: Final = datetime.now(UTC) + timedelta(days=7)
_MEETING: Final = {
    "mode": "online",
    "starts_at": _NEXT_WEEK.isoformat(),
    "ends_at": (_NEXT_WEEK + timedelta(hours=1)).isoformat(),
}
_SALES: Final = {"kind": "sales", "value": 1_000_000, "achieved_on": "2026-01-31"}
_GOALS: Final = {"goals": [{"indicator": "Omzet", "baseline": 1, "target": 2}]}
_THEIRS: Final = "SELECT id FROM consultant WHERE person_id = $1 AND unit_id = $2"
_BEGUN: Final = """
UPDATE session SET starts_at = now() - interval '1 h', ends_at = now() WHERE id = $1
"""


Make = Callable[[World, Site], Awaitable[Any]]


def _tx(world: World) -> Any:  # noqa: ANN401 (a transaction to enter)
    return world.ecosystem.database("mentoring", "worker").transaction(system("test"))


async def _enlist(world: World, site: Site, person: UUID) -> Consultant:
    async with _tx(world) as tx:
        consultant = Consultant(
            id=new_id(),
            unit_id=site.unit,
            region_code=site.region,
            person_id=person,
            fields=["pemasaran"],
            weekly_hours=_ENDLESS,
        )
        tx.add(consultant)
        tx.publish(consultant, "registered")
    return consultant


async def _mentor(world: World, site: Site, *, paused: bool = False) -> Consultant:
    """The site's consultant, at work or paused."""
    rows = await world.ecosystem.rows("mentoring", _THEIRS, site.owner, site.unit)
    if not rows:
        await _enlist(world, site, site.owner)
        return await _mentor(world, site, paused=paused)
    async with _tx(world) as tx:
        found: Consultant = await tx.get(Consultant, rows[0]["id"])
        seen = Versions([found.event_seq])
        if paused != (found.status == "paused"):
            act = use_cases.pause_consultant if paused else use_cases.resume_consultant
            found = await act(tx, found.id, seen)
    return found


async def _opened(tx: Tx, site: Site) -> Request:
    command = OpenRequest(enterprise_id=site.enterprise, field="pemasaran", weekly_hours=1)
    return await use_cases.open_request(tx, command)


async def _assigned(world: World, site: Site) -> Request:
    mentor = await _mentor(world, site)
    async with _tx(world) as tx:
        request = await _opened(tx, site)
        await tx.flush()
        command = AssignRequest.model_validate({"consultant_id": str(mentor.id)})
        return await use_cases.assign_request(tx, request.id, Versions([1]), command)


async def _case(world: World, site: Site) -> Case:
    request = await _assigned(world, site)
    async with _tx(world) as tx:
        await use_cases.accept_request(tx, request.id, Versions([2]))
    async with _tx(world) as tx:
        case: Case = await tx.get(Case, (await tx.get(Request, request.id)).case_id)
    return case


async def _session(world: World, site: Site) -> Session:
    case = await _case(world, site)
    async with _tx(world) as tx:
        command = PlanSession.model_validate(_MEETING)
        return await use_cases.plan_session(tx, case.id, command)


async def _begun(world: World, site: Site) -> Session:
    session = await _session(world, site)
    await world.ecosystem.rows("mentoring", _BEGUN, session.id)
    return session


async def _outcome(world: World, site: Site) -> Outcome:
    case = await _case(world, site)
    async with _tx(world) as tx:
        command = ClaimOutcome.model_validate(_SALES)
        return await use_cases.claim_outcome(tx, case.id, command)


def _reading(make: Make, path: str) -> Recipe:
    """Read a new thing."""

    async def recipe(world: World, site: Site) -> Call:
        return Call("GET", path.format((await make(world, site)).id))

    return recipe


def _changing(make: Make, path: str, seen: int, body: object = None) -> Recipe:
    """Change a new thing, which is at some version."""

    async def recipe(world: World, site: Site) -> Call:
        return _change(path.format((await make(world, site)).id), seen, body)

    return recipe


def _change(path: str, seen: int, body: object = None) -> Call:
    return Call("POST", path, body, {"If-Match": f'"{seen}"'})


async def _list_consultants(world: World, site: Site) -> Call:
    mentor = await _mentor(world, site)
    return Call("GET", f"/consultants?unit_id={site.unit}&limit=200", shows=mentor.id)


async def _register_consultant(_: World, site: Site) -> Call:
    body = {
        "unit_id": str(site.unit),
        "person_id": str(uuid4()),
        "fields": ["pemasaran"],
        "weekly_hours": 20,
    }
    return Call("POST", "/consultants", body, a_key())


async def _change_consultant(world: World, site: Site) -> Call:
    consultant = await _enlist(world, site, uuid4())
    address = f"/consultants/{consultant.id}"
    return Call("PATCH", address, {"weekly_hours": 10}, {"If-Match": '"1"'})


async def _pause_consultant(world: World, site: Site) -> Call:
    mentor = await _mentor(world, site)
    return _change(f"/consultants/{mentor.id}/pause", mentor.event_seq)


async def _resume_consultant(world: World, site: Site) -> Call:
    mentor = await _mentor(world, site, paused=True)
    return _change(f"/consultants/{mentor.id}/resume", mentor.event_seq)


async def _leave_consultant(world: World, site: Site) -> Call:
    consultant = await _enlist(world, site, uuid4())
    return _change(f"/consultants/{consultant.id}/leave", 1, {})


async def _open_request(_: World, site: Site) -> Call:
    body = {"enterprise_id": str(site.enterprise), "field": "pemasaran"}
    return Call("POST", "/requests", body, a_key())


async def _list_requests(world: World, site: Site) -> Call:
    mentor = await _enlist(world, site, uuid4())
    request = await _assigned(world, site)
    # One that no other request has been assigned to, so that it is on the first page.
    moved = "UPDATE request SET consultant_id = $1 WHERE id = $2"
    await world.ecosystem.rows("mentoring", moved, mentor.id, request.id)
    return Call("GET", f"/requests?consultant_id={mentor.id}", shows=request.id)


async def _assign_request(world: World, site: Site) -> Call:
    mentor = await _mentor(world, site)
    async with _tx(world) as tx:
        request = await _opened(tx, site)
    to = {"consultant_id": str(mentor.id)}
    return _change(f"/requests/{request.id}/assign", 1, to)


async def _list_cases(world: World, site: Site) -> Call:
    mentor = await _enlist(world, site, uuid4())
    case = await _case(world, site)
    moved = "UPDATE mentoring_case SET consultant_id = $1 WHERE id = $2"
    await world.ecosystem.rows("mentoring", moved, mentor.id, case.id)
    return Call("GET", f"/cases?consultant_id={mentor.id}", shows=case.id)


async def _hand_over_case(world: World, site: Site) -> Call:
    successor = await _enlist(world, site, uuid4())
    to = {"consultant_id": str(successor.id)}
    return _change(f"/cases/{(await _case(world, site)).id}/hand-over", 1, to)


async def _plan_session(world: World, site: Site) -> Call:
    path = f"/cases/{(await _case(world, site)).id}/sessions"
    return Call("POST", path, _MEETING, a_key())


async def _list_sessions(world: World, site: Site) -> Call:
    session = await _session(world, site)
    return Call("GET", f"/sessions?case_id={session.case_id}", shows=session.id)


async def _claim_outcome(world: World, site: Site) -> Call:
    path = f"/cases/{(await _case(world, site)).id}/outcomes"
    return Call("POST", path, _SALES, a_key())


async def _list_outcomes(world: World, site: Site) -> Call:
    outcome = await _outcome(world, site)
    return Call("GET", f"/outcomes?case_id={outcome.case_id}", shows=outcome.id)


RECIPES: Final[dict[str, Recipe]] = copies.RECIPES | {
    "list_consultants": _list_consultants,
    "read_consultant": _reading(_mentor, "/consultants/{}"),
    "register_consultant": _register_consultant,
    "change_consultant": _change_consultant,
    "pause_consultant": _pause_consultant,
    "resume_consultant": _resume_consultant,
    "leave_consultant": _leave_consultant,
    "open_request": _open_request,
    "list_requests": _list_requests,
    "read_request": _reading(_assigned, "/requests/{}"),
    "withdraw_request": _changing(_assigned, "/requests/{}/withdraw", 2),
    "list_proposals": _reading(_assigned, "/requests/{}/proposals"),
    "assign_request": _assign_request,
    "accept_request": _changing(_assigned, "/requests/{}/accept", 2),
    "decline_request": _changing(_assigned, "/requests/{}/decline", 2),
    "list_cases": _list_cases,
    "read_case": _reading(_case, "/cases/{}"),
    "plan_case": _changing(_case, "/cases/{}/plan", 1, _GOALS),
    "hand_over_case": _hand_over_case,
    "close_case": _changing(_case, "/cases/{}/close", 1, {"results": []}),
    "plan_session": _plan_session,
    "list_sessions": _list_sessions,
    "read_session": _reading(_session, "/sessions/{}"),
    "replan_session": _changing(
        _session, "/sessions/{}/replan", 1, _MEETING | {"mode": "client_site"}
    ),
    "hold_session": _changing(_begun, "/sessions/{}/hold", 1, {"minutes": 60, "notes": "Ya."}),
    "miss_session": _changing(_begun, "/sessions/{}/miss", 1),
    "cancel_session": _changing(_session, "/sessions/{}/cancel", 1),
    "claim_outcome": _claim_outcome,
    "list_outcomes": _list_outcomes,
    "read_outcome": _reading(_outcome, "/outcomes/{}"),
    "confirm_outcome": _changing(_outcome, "/outcomes/{}/confirm", 1),
    "dispute_outcome": _changing(_outcome, "/outcomes/{}/dispute", 1, {"because": "Bukan."}),
}
