"""What can be noted of an enterprise: identifiers, and economics with the class that follows."""

from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from services.registry import queries
from services.registry.errors import DayToCome, IdentifierTaken
from services.registry.ids import new_id
from services.registry.models import Enterprise, Identifier, Snapshot
from services.registry.schemas import AddIdentifier, RecordSnapshot, VerifyIdentifier
from services.registry.size_class import RULE, classify
from services.registry.use_cases.reach import kept_enterprise, known_unit
from shared.streams.log import Tx


async def add_identifier(tx: Tx, enterprise_id: UUID, command: AddIdentifier) -> Identifier:
    """Note a number. Raises EnterpriseNotFound, Forbidden, EnterpriseClosed, IdentifierTaken."""
    enterprise = await kept_enterprise(tx, enterprise_id)
    enterprise.refuse_unless_active()
    values = command.model_dump() | {"id": new_id(), "enterprise_id": enterprise.id}
    identifier = await queries.insert_identifier(tx, values | {"check_level": "format"})
    if identifier is None:
        message = (
            "This number is noted already, or the enterprise has one of this kind. "
            "Compare it with the certificate."
        )
        raise IdentifierTaken(message, pointer="/value")
    return identifier


async def verify_identifier(
    tx: Tx, enterprise_id: UUID, identifier_id: UUID, command: VerifyIdentifier
) -> Identifier:
    """Say how far it was checked. Raises EnterpriseNotFound, Forbidden, IdentifierNotFound."""
    enterprise = await kept_enterprise(tx, enterprise_id)
    identifier = await queries.identifier(tx, enterprise.id, identifier_id)
    identifier.check_level = command.check_level
    identifier.checked_on = await _today(tx, enterprise)
    return identifier


async def remove_identifier(tx: Tx, enterprise_id: UUID, identifier_id: UUID) -> None:
    """Take out what was noted wrongly. Raises EnterpriseNotFound, Forbidden, IdentifierNotFound."""
    enterprise = await kept_enterprise(tx, enterprise_id)
    await tx.delete(await queries.identifier(tx, enterprise.id, identifier_id))


async def record_snapshot(tx: Tx, enterprise_id: UUID, command: RecordSnapshot) -> Snapshot:
    """Note the economics of a day; the newest decide the class.

    Raises EnterpriseNotFound, Forbidden, EnterpriseClosed, DayToCome, LargerThanMedium.
    """
    # Held first, so that of two days that are noted at once the later tx sees the other's.
    await queries.held(tx, enterprise_id)
    enterprise = await kept_enterprise(tx, enterprise_id)
    enterprise.refuse_unless_active()
    await _refuse_day_to_come(tx, enterprise, command)
    found = classify(command.capital, command.annual_sales, new_business=command.new_business)
    latest = await queries.latest_day(tx, enterprise.id)
    snapshot = Snapshot(
        id=new_id(),
        enterprise_id=enterprise.id,
        rule=RULE,
        class_by_capital=found.by_capital,
        class_by_sales=found.by_sales,
        decided_by=found.decided_by,
        size_class=found.size_class,
        **command.model_dump(),
    )
    tx.add(snapshot)
    if (latest is None or latest <= command.as_of) and found.size_class != enterprise.size_class:
        enterprise.reclassify(found.size_class, by_rule=True)
        tx.publish(enterprise, "reclassified")
    await tx.flush()
    await tx.refresh(snapshot)
    return snapshot


async def _refuse_day_to_come(tx: Tx, enterprise: Enterprise, command: RecordSnapshot) -> None:
    if command.as_of > await _today(tx, enterprise):
        raise DayToCome("Name today or a day before.", pointer="/as_of")


async def _today(tx: Tx, enterprise: Enterprise) -> date:
    """The day that it is where the enterprise's unit stands."""
    zone = ZoneInfo((await known_unit(tx, enterprise.unit_id)).time_zone)
    return (await tx.now()).astimezone(zone).date()
