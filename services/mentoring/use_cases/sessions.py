"""What can be done with sessions; facilities hears what they want, and answers."""

from uuid import UUID

from services.mentoring import queries
from services.mentoring.errors import EnterpriseClosed
from services.mentoring.ids import new_id
from services.mentoring.models import Session
from services.mentoring.schemas import HoldSession, PlanSession
from shared.events.facilities import BookingState
from shared.streams.log import Tx
from shared.web.etags import Versions


async def plan_session(tx: Tx, case_id: UUID, command: PlanSession) -> Session:
    """Plan a meeting of a case. Raises CaseNotFound, CaseClosed, EnterpriseClosed, TimeImpossible.

    Nobody hands the case over in the meantime, so that the session is its consultant's.
    """
    case = await queries.case_in_hand(tx, case_id)
    case.refuse_if_closed()
    enterprise = await queries.held_enterprise(tx, case.enterprise_id)
    if enterprise.status == "closed":
        raise EnterpriseClosed("The enterprise is closed. Reopen it in the registry first.")
    session = Session(
        id=new_id(),
        unit_id=case.unit_id,
        region_code=case.region_code,
        case_id=case.id,
        enterprise_id=case.enterprise_id,
        consultant_id=case.consultant_id,
        subject_id=case.subject_id,
        **command.meeting._asdict(),
    )
    session.plan(command.meeting, await tx.now())
    tx.add(session)
    tx.publish(session, "planned")
    return session


async def replan_session(tx: Tx, session_id: UUID, seen: Versions, command: PlanSession) -> Session:
    """Meet otherwise, or try for a room again.

    Raises SessionNotFound, Stale, SessionNotInState, NothingChanged, TimeImpossible.
    """
    session = await _seen(tx, session_id, seen)
    session.replan(command.meeting, await tx.now())
    tx.publish(session, "replanned")
    return session


async def hold_session(tx: Tx, session_id: UUID, seen: Versions, command: HoldSession) -> Session:
    """Tell how it went. Raises SessionNotFound, Stale, SessionNotInState, TooEarly."""
    session = await _seen(tx, session_id, seen)
    session.hold(command.minutes, command.notes, await tx.now())
    tx.publish(session, "held")
    return session


async def miss_session(tx: Tx, session_id: UUID, seen: Versions) -> Session:
    """Note that nobody came. Raises SessionNotFound, Stale, SessionNotInState, TooEarly."""
    session = await _seen(tx, session_id, seen)
    session.miss(await tx.now())
    tx.publish(session, "missed")
    return session


async def cancel_session(tx: Tx, session_id: UUID, seen: Versions) -> Session:
    """Give it up. Raises SessionNotFound, Stale, SessionNotInState."""
    session = await _seen(tx, session_id, seen)
    session.cancel()
    tx.publish(session, "cancelled")
    return session


async def hear_of_room(tx: Tx, booking: BookingState) -> None:
    """Let a session know how the booking for its wish stands; an old wish changes nothing."""
    if booking.session_id is None:
        return
    session = await queries.any_session(tx, booking.session_id)
    answer = session and session.hear(booking)
    if session and answer:
        tx.publish(session, answer)


async def _seen(tx: Tx, session_id: UUID, seen: Versions) -> Session:
    session = await queries.session_in_hand(tx, session_id)
    seen.refuse_if_stale(session.event_seq)
    return session
