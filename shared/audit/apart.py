"""Writes an audit entry of what leaves no other trace in the database."""

from shared.audit.entry import Entry, record
from shared.database import Database


async def record_apart(database: Database, entry: Entry) -> None:
    """Write a denial, or a reveal before its values go out, in a transaction of its own."""
    async with database.transaction() as tx:
        await record(tx, entry)
