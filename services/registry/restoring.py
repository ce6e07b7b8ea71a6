"""Erases again whom a restored backup brought back."""

from uuid import UUID

from services.registry import queries
from services.registry.use_cases.names import take_out_name
from services.registry.use_cases.owners import erase_owner
from services.registry.vault import open_vault
from shared.access.actor import system
from shared.database import Database
from shared.refusals import Erased
from shared.vault.service import NoKeyService
from shared.vault.vault import PersonNotFound


async def erase_again(database: Database, owner_id: UUID) -> bool:
    """Erase an owner with the names of their enterprises, also in the log; whether there was one.

    It needs no key, and a database that shows every row.
    """
    owners = open_vault(NoKeyService())
    try:
        async with database.transaction(system("registry", "erase_owner")) as tx:
            await erase_owner(tx, owners, owner_id)
    except (PersonNotFound, Erased):
        return False
    async with database.transaction() as tx:
        while (erased := await queries.next_erased_name(tx)) is not None:
            await take_out_name(tx, erased)
            await tx.flush()
    return True
