"""Files of enterprises, and their way into the registry."""

from collections.abc import Sequence
from typing import Any

import httpx

from services.registry import queries, use_cases
from shared.access.actor import system
from shared.database import Database
from tests.support.builders import BATU, VILLAGE
from tests.support.ecosystem import Ecosystem

HEADER = "unit,kind,trade_name,village,kbli,size_class"
CSV = {"Content-Type": "text/csv"}


def a_line(name: str, *, unit: str = BATU, kbli: str = "10794") -> str:
    """One line of such a file."""
    return f"{unit},enterprise,{name},{VILLAGE},{kbli},mikro"


def a_file(lines: Sequence[str], *, header: str = HEADER, end: str = "\n") -> bytes:
    """A file of these lines under a header."""
    return "".join(line + end for line in (header, *lines)).encode()


async def hand_in(client: httpx.AsyncClient, file: bytes) -> str:
    """Hand in a file; return the address of its import."""
    answer = await client.post("/imports", content=file, headers=CSV)
    assert answer.status_code == 202, answer.text
    location: str = answer.headers["location"]
    return location.removeprefix("/api/registry/v1")


async def import_batches(database: Database, most: int = 1_000) -> int:
    """Do an importer's work until there is none, or for some batches; return how many."""
    for done in range(most):
        async with database.transaction(system("registry")) as tx:
            job = await queries.next_import(tx)
            if job is None:
                return done
            await use_cases.import_batch(tx, job)
    return most


async def names(registry: Ecosystem) -> list[str]:
    rows = await registry.rows("registry", "SELECT trade_name FROM enterprise ORDER BY 1")
    return [row["trade_name"] for row in rows]


async def read(client: httpx.AsyncClient, address: str) -> dict[str, Any]:
    body: dict[str, Any] = (await client.get(address)).json()
    return body
