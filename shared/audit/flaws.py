"""What can be wrong with a block that was sealed, and with its entries, each in one sentence."""

from datetime import datetime, timedelta

from shared.audit.block import block_id
from shared.audit.chain import ENTRY_COLUMNS, digest_of, digest_over, hash_of
from shared.streams.cursor import Row
from shared.streams.direct import Connection

_LONGEST_TRANSACTION = timedelta(hours=1)
"""An entry bears the time at which its transaction began; none of ours takes nearly so long."""

COLUMNS = ", ".join(("id", *ENTRY_COLUMNS))
_ENTRIES = f"SELECT {COLUMNS} FROM audit_entry WHERE id = ANY ($1)"  # noqa: S608 (columns of ours)
_SEALED_AS = """
SELECT sealed.id FROM audit_block, unnest(entries, digests) AS sealed (id, digest)
WHERE sealed.digest = $1 LIMIT 1
"""


def block_flaw(service: str, block: Row, previous: bytes) -> str | None:
    """What is wrong with a block that should follow the one of the hash `previous`."""
    number = block["number"]
    if not _is_itself(service, block):
        return f"Block {number} is not what was sealed: one of its own values was changed."
    if block["previous"] != previous:
        return f"Block {number} does not follow the one before it, which was sealed anew."
    return None


async def entries_flaw(
    connection: Connection, block: Row, earlier: datetime | None = None
) -> str | None:
    """What is wrong with the entries of a block; `earlier` is when the block before was sealed."""
    rows = {row["id"]: row for row in await connection.fetch(_ENTRIES, block["entries"])}
    for number, digest in zip(block["entries"], block["digests"], strict=True):
        where, row = f"Block {block['number']}, entry {number}", rows.get(number)
        if row is None:
            return f"{where} is missing: it was deleted after it was sealed."
        if (found := digest_of(row)) != digest:
            other = await connection.fetchval(_SEALED_AS, found)
            if other is None:
                return f"{where} is not what was sealed: it was changed afterwards."
            return f"{where} holds what was sealed as entry {other}: they changed places."
        if earlier is not None and row["at"] < earlier - _LONGEST_TRANSACTION:
            return f"{where} was put in with a time long past: the block before it lacks it."
    return None


def _is_itself(service: str, block: Row) -> bool:
    ids, digests = block["entries"], block["digests"]
    return (
        len(ids) == len(digests)
        and block["id"] == block_id(service, block["number"])
        and block["digest"] == digest_over(ids, digests)
        and block["hash"] == hash_of(block)
    )
