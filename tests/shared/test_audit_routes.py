"""An auditor finds what was done, denied and revealed, page by page; nobody else does."""

import base64
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import orjson
import pytest

from shared.audit.apart import record_apart
from tests.support.audit import SUBJECT, UNIT, an_entry, write
from tests.support.ecosystem import Ecosystem
from tests.support.messages import ENTERPRISE

_AUDITOR = [{"role": "auditor", "scope": "nation"}]


@pytest.fixture
async def auditor(registry: Ecosystem) -> httpx.AsyncClient:
    """A client of the registry, signed in as an auditor."""
    client = await registry.client("registry")
    token = registry.issuer.token("auditor", _AUDITOR)
    client.headers["Authorization"] = f"Bearer {token}"
    return client


@pytest.fixture
async def written(registry: Ecosystem) -> None:
    """One registration, one denial and one reveal, in this order."""
    database = registry.database("registry")
    await record_apart(database, an_entry(targets=(ENTERPRISE,), address="198.51.100.7"))
    await record_apart(database, an_entry("close_enterprise", decision="denied"))
    await record_apart(
        database,
        an_entry(
            "reveal_person",
            decision="revealed",
            subject_id=SUBJECT,
            fields=("nik",),
            purpose="licence",
        ),
    )


async def _found(client: httpx.AsyncClient, **asked: Any) -> list[dict[str, Any]]:  # noqa: ANN401 (a query)
    answer = await client.get("/audit/entries", params=asked)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


@pytest.mark.usefixtures("written")
async def test_an_entry_is_shown_as_it_was_written(auditor: httpx.AsyncClient) -> None:
    registered, _, revealed = await _found(auditor)

    assert (registered["actor"], registered["roles"]) == ("desk-officer", ["desk_officer"])
    assert (registered["operation"], registered["decision"]) == ("register_enterprise", "done")
    assert (registered["targets"], registered["unit"]) == ([str(ENTERPRISE)], str(UNIT))
    assert registered["address"] == "198.51.100.7"
    assert (revealed["subject_id"], revealed["fields"]) == (str(SUBJECT), ["nik"])
    assert revealed["purpose"] == "licence"


@pytest.mark.usefixtures("written")
@pytest.mark.parametrize(
    ("asked", "operations"),
    [
        ({"decision": "denied"}, ["close_enterprise"]),
        ({"operation": "reveal_person"}, ["reveal_person"]),
        ({"subject": str(SUBJECT)}, ["reveal_person"]),
        ({"actor": "desk-officer", "decision": "done"}, ["register_enterprise"]),
        ({"actor": "nobody"}, []),
    ],
)
async def test_entries_are_found_by_who_what_and_whom(
    auditor: httpx.AsyncClient, asked: dict[str, str], operations: list[str]
) -> None:
    found = await _found(auditor, **asked)

    assert [entry["operation"] for entry in found] == operations


async def test_entries_are_found_by_their_time(
    registry: Ecosystem, auditor: httpx.AsyncClient
) -> None:
    await write(registry, "first", "second", "third")
    second = (await _found(auditor))[1]["at"]

    since = await _found(auditor, **{"from": second})
    before = await _found(auditor, until=second)

    assert [entry["operation"] for entry in since] == ["second", "third"]
    assert [entry["operation"] for entry in before] == ["first"]


async def test_pages_show_every_entry_once(registry: Ecosystem, auditor: httpx.AsyncClient) -> None:
    await write(registry, *(f"operation_{number}" for number in range(7)))
    seen: list[str] = []
    asked: dict[str, Any] = {"limit": 3}

    while True:
        page = (await auditor.get("/audit/entries", params=asked)).json()
        seen += [entry["operation"] for entry in page["items"]]
        if page["next"] is None:
            break
        asked["after"] = page["next"]

    assert seen == [f"operation_{number}" for number in range(7)]


@pytest.mark.parametrize("grants", [[], [{"role": "operator", "scope": "nation"}]])
async def test_only_an_auditor_reads_the_trail(
    registry: Ecosystem, auditor: httpx.AsyncClient, grants: list[dict[str, str]]
) -> None:
    token = registry.issuer.token("somebody", grants)

    answer = await auditor.get("/audit/entries", headers={"Authorization": f"Bearer {token}"})

    assert answer.status_code == 403


_NONSENSE = (
    {"from": "2026-11-25T03:04:05"},
    {"from": "0001-01-01T00:00:00+23:59"},
    {"until": "9999-12-31T23:59:59-23:59"},
    {"until": "yesterday"},
    {"actor": "a\x00b"},
    {"actor": "x" * 301},
    {"decision": "forgiven"},
    {"subject": "nobody"},
)


async def test_a_question_that_makes_no_sense_is_refused(auditor: httpx.AsyncClient) -> None:
    answers = [await auditor.get("/audit/entries", params=asked) for asked in _NONSENSE]

    assert [answer.status_code for answer in answers] == [422] * len(_NONSENSE)


async def test_a_cursor_of_somebody_else_is_refused(auditor: httpx.AsyncClient) -> None:
    for instant in ("2026-11-25T03:04:05", "0001-01-01T00:00:00+23:59", "x"):
        cursor = base64.urlsafe_b64encode(orjson.dumps([instant, "7"])).decode()

        answer = await auditor.get("/audit/entries", params={"after": cursor})

        assert answer.status_code == 400


async def test_a_long_time_is_asked_for_in_any_zone(auditor: httpx.AsyncClient) -> None:
    now = datetime.now(UTC)

    found = await _found(auditor, **{"from": (now - timedelta(days=4000)).isoformat()})

    assert found == []
