"""What can be done with owners."""

from uuid import UUID

from services.registry import queries
from services.registry.errors import NothingChanged
from services.registry.ids import new_id
from services.registry.models import ErasedName
from services.registry.owner_schemas import ChangeOwner, RegisterOwner
from services.registry.use_cases.reach import refuse_unless_within_reach
from services.registry.vault import Owners
from shared.streams.log import Tx
from shared.vault.fields import Home, Shown
from shared.web.etags import Versions


async def register_owner(
    tx: Tx, owners: Owners, command: RegisterOwner, owner_id: UUID | None = None
) -> Shown:
    """Register a person with a unit. Raises UnitUnknown, Forbidden, PersonKnown, Unavailable."""
    unit = await refuse_unless_within_reach(tx, command.unit_id)
    home = Home(unit.id, unit.region_code)
    return await owners.enclose(tx, owner_id or new_id(), home, command.fields())


async def change_owner(
    tx: Tx, owners: Owners, owner_id: UUID, seen: Versions, command: ChangeOwner
) -> Shown:
    """Change what is kept; whom a new number is shared with is flagged for people.

    Raises PersonNotFound, Erased, Stale, PersonKnown, NothingChanged, Unavailable.
    """
    changes = command.changes()
    owner = await owners.change(tx, owner_id, seen, changes)
    if owner.version in seen:
        raise NothingChanged("It is so already; leave the field out.")
    if "phone" in changes:
        for enterprise in await queries.enterprises_of(tx, owner_id):
            if enterprise.status != "merged":
                await queries.flag_duplicates(tx, enterprise)
    return owner


async def erase_owner(tx: Tx, owners: Owners, owner_id: UUID) -> None:
    """Erase a person, who owns nothing any more. Raises PersonNotFound, Erased.

    An enterprise that nobody else owns often bears the person's name, so it loses that too; and
    since nobody is left who could take its consents back, they end (UU 27/2022, 9).
    """
    await owners.erase(tx, owner_id)
    abandoned = []
    for enterprise in await queries.enterprises_of(tx, owner_id):
        lost_its_name = enterprise.lose_owner(owner_id)
        tx.publish(enterprise, "owner_erased")
        if lost_its_name:
            tx.add(ErasedName(enterprise_id=enterprise.id, seq=enterprise.event_seq))
        if not enterprise.owner_ids:
            abandoned.append(enterprise.id)
    for consent in await queries.granted_consents(tx, abandoned):
        consent.withdraw()
        tx.publish(consent, "withdrawn")
