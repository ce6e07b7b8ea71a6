"""What can be done with consultants."""

from uuid import UUID

from services.mentoring import queries
from services.mentoring.copies import UnitCopy
from services.mentoring.errors import PersonIsConsultant
from services.mentoring.ids import new_id
from services.mentoring.models import Consultant
from services.mentoring.schemas import ChangeConsultant, RegisterConsultant
from services.mentoring.use_cases.reach import refuse_unless_covered
from shared.streams.log import Tx
from shared.streams.references import heard_of
from shared.web.etags import Versions


async def register_consultant(tx: Tx, command: RegisterConsultant) -> Consultant:
    """Let a person mentor for a unit. Raises NotYetKnown, NotOfTheUnit, PersonIsConsultant."""
    unit = await heard_of(tx, UnitCopy, command.unit_id, pointer="/unit_id")
    return await enlist_consultant(tx, new_id(), command, unit["region_code"])


async def enlist_consultant(
    tx: Tx, consultant_id: UUID, command: RegisterConsultant, region_code: str
) -> Consultant:
    """The same at a unit whose region is known. Raises NotOfTheUnit, PersonIsConsultant."""
    refuse_unless_covered(tx, command.unit_id, region_code)
    if await queries.is_consultant(tx, command.person_id):
        raise PersonIsConsultant("The person is a consultant. Let them leave the other unit first.")
    consultant = Consultant(id=consultant_id, region_code=region_code, **command.kept())
    tx.add(consultant)
    tx.publish(consultant, "registered")
    return consultant


async def change_consultant(
    tx: Tx, consultant_id: UUID, seen: Versions, command: ChangeConsultant
) -> Consultant:
    """Change fields or hours.

    Raises ConsultantNotFound, Stale, ConsultantNotInState, NothingChanged, HoursInUse.
    """
    consultant = await _seen(tx, consultant_id, seen)
    consultant.change(command.kept())
    tx.publish(consultant, "changed")
    return consultant


async def pause_consultant(tx: Tx, consultant_id: UUID, seen: Versions) -> Consultant:
    """Take nothing new. Raises ConsultantNotFound, Stale, ConsultantNotInState."""
    consultant = await _seen(tx, consultant_id, seen)
    consultant.pause()
    tx.publish(consultant, "paused")
    return consultant


async def resume_consultant(tx: Tx, consultant_id: UUID, seen: Versions) -> Consultant:
    """Take new things again. Raises ConsultantNotFound, Stale, ConsultantNotInState."""
    consultant = await _seen(tx, consultant_id, seen)
    consultant.resume()
    tx.publish(consultant, "resumed")
    return consultant


async def _seen(tx: Tx, consultant_id: UUID, seen: Versions) -> Consultant:
    consultant = await queries.consultant(tx, consultant_id, in_hand=True)
    seen.refuse_if_stale(consultant.event_seq)
    return consultant
