"""How cases change hands: one of them, or all of a consultant's who leaves."""

from uuid import UUID

from services.mentoring import queries
from services.mentoring.errors import CapacityExceeded, NotOfTheUnit
from services.mentoring.models import Case, Consultant, Need, proposals
from services.mentoring.schemas import HandOverCase, LeaveConsultant
from services.mentoring.use_cases.capacity import named_consultant, take_hours
from services.mentoring.use_cases.cases import held_case
from services.mentoring.use_cases.requests import give_back
from shared.streams.log import Tx
from shared.web.etags import Versions


async def hand_over_case(tx: Tx, case_id: UUID, seen: Versions, command: HandOverCase) -> Case:
    """Give a case to another consultant; the sessions to come move along with their rooms.

    Raises CaseNotFound, Stale, ConsultantUnknown, CaseClosed, SameConsultant,
    ConsultantNotInState, CapacityExceeded.
    """
    case = await held_case(tx, case_id, seen, command.consultant_id)
    successor = await named_consultant(tx, case.region_code, command.consultant_id)
    await _hand_over(tx, case, successor)
    return case


async def leave_consultant(
    tx: Tx, consultant_id: UUID, seen: Versions, command: LeaveConsultant
) -> Consultant:
    """Let a consultant go: cases go to the successor named, or each to the best proposal.

    What they were only asked to take is open again. Raises ConsultantNotFound, Stale,
    ConsultantUnknown, ConsultantNotInState, CapacityExceeded, and NotOfTheUnit when cases beyond
    the actor's reach would be left alone.
    """
    leaving = await queries.consultant(tx, consultant_id)
    seen.refuse_if_stale(leaving.event_seq)
    region_code, successor = leaving.region_code, None
    if command.successor_id:
        successor = await named_consultant(tx, region_code, command.successor_id, "/successor_id")
    held = await queries.held_in_province(tx, leaving)
    seen.refuse_if_stale(leaving.event_seq)
    leaving.refuse_if_left()
    for request in await queries.assigned_to(tx, leaving.id):
        await give_back(tx, request)
    others = [successor] if successor else [each for key, each in held.items() if key != leaving.id]
    for case in await queries.open_cases_of(tx, leaving.id):
        await _hand_over(tx, case, _best(case, others))
    if leaving.taken:
        raise NotOfTheUnit("They have cases of other units. Let the office of the province do it.")
    leaving.leave()
    tx.publish(leaving, "left")
    return leaving


def _best(case: Case, others: list[Consultant]) -> Consultant:
    """Who takes a case over. Raises CapacityExceeded when nobody can."""
    best = next(iter(proposals(Need.of(case), others)), None)
    if best is None or not best.enough_hours:
        raise CapacityExceeded(
            "Nobody has {hours} hours a week left for one of the cases. Make room, or close it.",
            hours=case.weekly_hours,
        )
    return best.consultant


async def _hand_over(tx: Tx, case: Case, successor: Consultant) -> None:
    hours, before = case.weekly_hours, case.consultant_id
    case.hand_over(successor)
    await take_hours(tx, successor, hours)
    await queries.free_hours(tx, before, hours)
    tx.publish(case, "handed_over")
    for session in await queries.pending_of_case(tx, case.id):
        session.hand_over(successor)
        tx.publish(session, "handed_over")
