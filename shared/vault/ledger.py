"""The ledger of erasures, carried outside the database: ids and instants, no values of anybody.

A backup brings back whom it has; what is erased stays erased only because this is kept elsewhere.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID

from shared.streams.direct import Connection

_THERE: Final = "SELECT to_regclass('vault.erasure') IS NOT NULL"
_ERASED: Final = "SELECT subject_id FROM vault.erasure ORDER BY erased_at, subject_id"


@dataclass(frozen=True, slots=True)
class Erasure:
    """Somebody whom a service erased."""

    service: str
    subject_id: UUID


async def erased(connection: Connection, service: str) -> list[Erasure]:
    """Whom the service has erased, the first one first; nobody where it has no vault."""
    if not await connection.fetchval(_THERE):
        return []
    return [Erasure(service, row["subject_id"]) for row in await connection.fetch(_ERASED)]


def read(file: Path) -> list[Erasure]:
    """What a file of erasures holds; nothing when there is none."""
    if not file.exists():
        return []
    lines = file.read_text(encoding="utf-8").splitlines()
    told = [json.loads(line) for line in lines if line.strip()]
    return [Erasure(one["service"], UUID(one["subject_id"])) for one in told]


def append(file: Path, erasures: Iterable[Erasure]) -> int:
    """Add those that the file lacks; nothing is ever taken out of it. Return how many were new."""
    known = frozenset(read(file))
    new = [one for one in dict.fromkeys(erasures) if one not in known]
    with file.open("a", encoding="utf-8") as ledger:
        for one in new:
            told = {"service": one.service, "subject_id": str(one.subject_id)}
            ledger.write(json.dumps(told) + "\n")
    return len(new)
