"""What can be done with partners."""

from uuid import UUID

from services.partners import queries
from services.partners.errors import NibTaken
from services.partners.ids import new_id
from services.partners.models import Partner
from services.partners.schemas import Because, ChangePartner, RegisterPartner
from services.partners.use_cases.reach import refuse_unless_covered, region_of, subject_of
from shared.streams.log import Tx
from shared.web.etags import Versions


async def register_partner(
    tx: Tx, command: RegisterPartner, partner_id: UUID | None = None
) -> Partner:
    """Register a partner with the unit that looks after it.

    Raises NotYetKnown, Forbidden, NibTaken.
    """
    region_code = await region_of(tx, command.unit_id, "/unit_id")
    refuse_unless_covered(tx, command.unit_id, region_code)
    await _refuse_taken(tx, command.nib)
    partner = Partner(
        id=partner_id or new_id(),
        region_code=region_code,
        changed_by=subject_of(tx),
        **command.model_dump(),
    )
    tx.add(partner)
    tx.publish(partner, "registered")
    return partner


async def change_partner(
    tx: Tx, partner_id: UUID, seen: Versions, command: ChangePartner
) -> Partner:
    """Change what it is; it must be verified again.

    Raises PartnerNotFound, Forbidden, Stale, PartnerSuspended, NothingChanged, NibTaken.
    """
    partner = await _seen(tx, partner_id, seen)
    if command.nib != partner.nib:
        await _refuse_taken(tx, command.nib)
    partner.change(subject_of(tx), command.changes)
    tx.publish(partner, "changed")
    return partner


async def verify_partner(tx: Tx, partner_id: UUID, seen: Versions) -> Partner:
    """Vouch for what another person entered.

    Raises PartnerNotFound, Forbidden, Stale, PartnerSuspended, PartnerNotInState,
    OtherPersonNeeded.
    """
    partner = await _seen(tx, partner_id, seen)
    partner.verify(subject_of(tx))
    tx.publish(partner, "verified")
    return partner


async def suspend_partner(tx: Tx, partner_id: UUID, seen: Versions, command: Because) -> Partner:
    """Let nothing new begin with it. Raises PartnerNotFound, Forbidden, Stale, PartnerSuspended."""
    partner = await _seen(tx, partner_id, seen)
    partner.suspend(command.because)
    tx.publish(partner, "suspended")
    return partner


async def restore_partner(tx: Tx, partner_id: UUID, seen: Versions) -> Partner:
    """Lift a suspension. Raises PartnerNotFound, Forbidden, Stale, PartnerNotInState."""
    partner = await _seen(tx, partner_id, seen)
    partner.restore()
    tx.publish(partner, "restored")
    return partner


async def _seen(tx: Tx, partner_id: UUID, seen: Versions) -> Partner:
    partner = await queries.any_partner(tx, partner_id)
    refuse_unless_covered(tx, partner.unit_id, partner.region_code)
    seen.refuse_if_stale(partner.event_seq)
    return partner


async def _refuse_taken(tx: Tx, nib: str | None) -> None:
    if nib is not None and await queries.partner_with_nib(tx, nib):
        raise NibTaken("Another partner is registered with this NIB. Find it instead.")
