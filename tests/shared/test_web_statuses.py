"""The map of statuses: what each of them means here, one row each, and the headers it must have."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from fastapi import APIRouter

from shared.access.web import CurrentActor
from shared.refusals import Erased, TooMany
from shared.web.operations import Operation
from shared.web.transactions import Read
from tests.support.builders import an_enterprise, open_batu
from tests.support.ecosystem import Ecosystem
from tests.support.planted import is_problem, planted

_API = Path(__file__).resolve().parents[2] / "docs/api.md"
JSON = {"Content-Type": "application/json"}
KEY = {"Idempotency-Key": "a-new-key"}

router = APIRouter(route_class=Operation)


@router.get("/erased")
async def look_at_erased(_: CurrentActor) -> None:
    """Ask for what was kept of somebody who was erased."""
    raise Erased("Everything that was kept of this person has been erased.")


@router.get("/many")
async def look_often(_: CurrentActor) -> None:
    """Ask more often than is allowed."""
    raise TooMany("You have revealed as much as is allowed in an hour. Go on later.", retry_after=7)


@router.get("/question")
async def question(tx: Read) -> None:
    """Ask the database."""
    await tx.connection()


@dataclass(frozen=True, slots=True)
class Row:
    """A request, by whom and of which service it is made, and what it must be answered with."""

    status: int
    kind: str
    method: str
    path: str
    body: object = None
    headers: dict[str, str] = field(default_factory=dict)
    by: str = "operator"
    must_say: tuple[str, ...] = ()


MAP = {
    "syntax": Row(400, "malformed", "POST", "/enterprises", b"{", KEY | JSON),
    "a key is missing": Row(
        400, "idempotency-key-missing", "POST", "/enterprises", an_enterprise()
    ),
    "a parameter twice": Row(400, "malformed", "GET", "/enterprises?limit=1&limit=1"),
    "nobody": Row(
        401, "unauthenticated", "GET", "/enterprises", by="", must_say=("www-authenticate",)
    ),
    "no role": Row(403, "forbidden", "GET", "/enterprises", by="nobody"),
    "out of reach": Row(403, "forbidden", "POST", "{}/close", None, {"If-Match": '"1"'}, "malang"),
    "absent": Row(404, "enterprise-not-found", "GET", f"/enterprises/{uuid4()}"),
    "no such address": Row(404, "", "GET", "/nothing"),
    "method": Row(405, "", "DELETE", "/enterprises", must_say=("allow",)),
    "trace": Row(405, "", "TRACE", "/enterprises", must_say=("allow",)),
    "media type of the answer": Row(
        406, "not-acceptable", "GET", "/enterprises", headers={"Accept": "text/html"}
    ),
    "state": Row(409, "enterprise-active", "POST", "{}/reopen", None, {"If-Match": '"1"'}),
    "erased": Row(410, "erased", "GET", "/erased", by="planted"),
    "stale": Row(412, "stale", "POST", "{}/close", None, {"If-Match": '"9"'}),
    "size": Row(413, "too-large", "POST", "/enterprises", b"a" * 1_000_001, KEY | JSON),
    "media type": Row(
        415, "unsupported-media", "POST", "/enterprises", b"{}", KEY | {"Content-Type": "text/xml"}
    ),
    "a rule": Row(422, "invalid", "POST", "/enterprises", an_enterprise(kbli="1"), KEY),
    "another's key": Row(
        422, "idempotency-key-reused", "POST", "/enterprises", an_enterprise(kbli="01134"),
        {"Idempotency-Key": "a-used-key"},
    ),
    "a version is missing": Row(428, "version-missing", "POST", "{}/close"),
    "too often": Row(429, "too-many", "GET", "/many", by="planted", must_say=("retry-after",)),
    "an outage": Row(
        503, "unavailable", "GET", "/question", by="planted", must_say=("retry-after",)
    ),
}  # fmt: skip


@pytest.fixture
async def elsewhere(registry: Ecosystem, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A planted service whose database is gone."""
    gone = "postgresql://u:p@127.0.0.1:1/none"
    async with planted(registry, router, tmp_path, database_url=gone) as client:
        yield client


@pytest.mark.parametrize("case", MAP)
async def test_each_status_means_one_thing(
    registry: Ecosystem, elsewhere: httpx.AsyncClient, case: str
) -> None:
    row = MAP[case]
    await open_batu(registry.database("registry"))
    operator = await registry.client("registry")
    used = {"Idempotency-Key": "a-used-key"}
    made = await operator.post("/enterprises", json=an_enterprise(), headers=used)
    path = row.path.format(made.headers["location"].removeprefix("/api/registry/v1"))
    by = elsewhere if row.by == "planted" else await registry.client("registry", row.by or None)

    sent = {"content" if isinstance(row.body, bytes) else "json": row.body}
    answer = await by.request(row.method, path, headers=row.headers, **sent)  # type: ignore[arg-type]  # either of two

    kind = f"/problems/{row.kind}" if row.kind else "about:blank"
    assert is_problem(answer, row.status, kind)
    assert all(header in answer.headers for header in row.must_say)


def test_the_map_is_the_one_that_is_told() -> None:
    told = re.findall(r"^\| ([0-9]{3}) \|", _API.read_text(encoding="utf-8"), re.MULTILINE)

    # These have tests of their own: a slow body, a long head, a fault.
    assert set(told) - {"408", "431", "500"} == {str(row.status) for row in MAP.values()}
