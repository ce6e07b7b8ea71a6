"""What can be done with cases."""

from uuid import UUID

from services.mentoring import queries
from services.mentoring.errors import SessionsPlanned
from services.mentoring.ids import new_id
from services.mentoring.models import Case, Goal
from services.mentoring.schemas import CloseCase, PlanCase
from shared.refusals import Stale
from shared.streams.log import Tx
from shared.web.etags import Versions


async def plan_case(tx: Tx, case_id: UUID, seen: Versions, command: PlanCase) -> Case:
    """Agree on goals in place of those before. Raises CaseNotFound, Stale, CaseClosed."""
    case = await queries.case_in_hand(tx, case_id)
    seen.refuse_if_stale(case.event_seq)
    case.plan(len(command.goals))
    for goal in await queries.goals(tx, case.id):
        await tx.delete(goal)
    for target in command.goals:
        tx.add(Goal(id=new_id(), case_id=case.id, **target.model_dump()))
    tx.publish(case, "planned")
    return case


async def close_case(tx: Tx, case_id: UUID, seen: Versions, command: CloseCase) -> Case:
    """End it with the result of each goal; the consultant has the hours again.

    Raises CaseNotFound, Stale, SessionsPlanned, CaseClosed, ResultsIncomplete.
    """
    case = await held_case(tx, case_id, seen)
    if await queries.pending_of_case(tx, case.id):
        raise SessionsPlanned("Tell of its sessions, or cancel them, first.")
    case.close(await queries.goals(tx, case.id), command.became)
    await queries.free_hours(tx, case.consultant_id, case.weekly_hours)
    tx.publish(case, "closed")
    return case


async def held_case(tx: Tx, case_id: UUID, seen: Versions, *others: UUID) -> Case:
    """A case in hand with its consultant, and with these: first they are held, then the case.

    Raises CaseNotFound, Stale.
    """
    found = await queries.case_in_hand(tx, case_id, alone=False)
    seen.refuse_if_stale(found.event_seq)
    held = await queries.held_consultants(tx, {found.consultant_id, *others})
    case = await queries.case_in_hand(tx, case_id)
    seen.refuse_if_stale(case.event_seq)
    if case.consultant_id not in held:
        raise Stale("It was handed over in the meantime. Read it again, then repeat the change.")
    return case
