"""An operator finds what could not be taken, retries it, repairs it or puts it aside."""

import base64
import re
from dataclasses import dataclass, replace
from hashlib import sha256
from html import unescape
from typing import Any
from uuid import UUID, uuid5

import httpx
import orjson
import pytest
import sqlalchemy as sa

from shared.database import Database
from shared.events import EnterpriseState
from shared.streams.codec import EnvelopeError, Event
from shared.streams.copies import Copy
from shared.streams.hearing import Hearing
from shared.streams.kafka import Record
from shared.streams.log import Tx
from shared.streams.parking import Parked, park
from shared.streams.redrive import Redriver
from tests.support.databases import ROLES
from tests.support.ecosystem import Ecosystem
from tests.support.messages import ENTERPRISE, a_message, a_record, a_state, heard, structured

COPY = Copy(EnterpriseState, ("trade_name",), sa.MetaData())
KEY = uuid5(ENTERPRISE, "parked")
TOPIC = EnterpriseState.topic
BROWSER = {
    "Accept": "text/html,application/xhtml+xml,*/*;q=0.8",
    "Accept-Language": "id-ID,en;q=0.8",
}


@dataclass
class Stage:
    """A registry that keeps a copy, what it parked, and an operator."""

    ecosystem: Ecosystem
    database: Database
    client: httpx.AsyncClient
    redriver: Redriver

    async def park(self, *seqs: int, **changes: Any) -> None:  # noqa: ANN401 (parts of a record)
        """Park these events of one enterprise."""
        for seq in seqs:
            said = {"seq": seq, "event_id": uuid5(KEY, str(seq))} | changes
            record = a_record(a_state(id=KEY, trade_name=f"Nama {seq}"), **said)
            event: Event[Any] | EnvelopeError
            try:
                event = heard(record)
            except EnvelopeError as error:
                event = error
            parked = Parked.of(TOPIC, a_message(record, offset=seq), event, "ZeroDivisionError")
            async with self.database.transaction() as tx:
                await park(tx, [parked])

    async def park_dead(self, record: Record) -> httpx.Response:
        """Park a record that is no event, and read it."""
        with pytest.raises(EnvelopeError) as error:
            heard(record)
        async with self.database.transaction() as tx:
            await park(tx, [Parked.of(TOPIC, a_message(record), error.value, "")])
        [item] = await self.items(state="dead")
        return await self.client.get(f"/parked-events/{item['id']}")

    async def items(self, **query: str) -> list[dict[str, Any]]:
        """What is listed."""
        answer = await self.client.get("/parked-events", params=query)
        assert answer.status_code == 200, answer.text
        items: list[dict[str, Any]] = answer.json()["items"]
        return items

    async def act(self, verb: str, seen: httpx.Response, **body: str) -> httpx.Response:
        """Do something about the event that was read."""
        path = f"/parked-events/{seen.json()['id']}/{verb}"
        return await self.client.post(path, json=body, headers={"If-Match": seen.headers["ETag"]})

    async def kept(self) -> list[tuple[int, str]]:
        """What the copy has."""
        rows = await self.ecosystem.rows("registry", "SELECT seq, trade_name FROM enterprise_copy")
        return [(row["seq"], row["trade_name"]) for row in rows]


async def fail(_tx: Tx, event: Event[EnterpriseState]) -> None:
    """A reaction to events that are broken."""
    assert event.data is not None
    if event.data.trade_name == "Nama 1":
        raise ZeroDivisionError


@pytest.fixture
async def stage(registry: Ecosystem) -> Stage:
    """A stage in the registry's database."""
    database = registry.database("registry", "worker")
    table = sa.schema.CreateTable(COPY.table).compile(dialect=database.engine.dialect)
    await registry.rows("registry", str(table))
    worker = ROLES["registry"].worker
    await registry.rows("registry", f"GRANT ALL ON enterprise_copy TO {worker}")
    hearing = Hearing("registry", [COPY], {EnterpriseState: fail})
    client = await registry.client("registry", "operator")
    return Stage(registry, database, client, Redriver(database, hearing))


async def test_what_is_parked_is_found_by_its_key_and_shown_with_what_it_says(
    stage: Stage,
) -> None:
    await stage.park(1, 2)

    listed = await stage.items(key=str(KEY))
    other = await stage.items(key="another")
    shown = (await stage.client.get(f"/parked-events/{listed[0]['id']}")).json()

    assert [(item["sequence"], item["state"]) for item in listed] == [(1, "retry"), (2, "retry")]
    assert other == []
    assert "event" not in listed[0]
    assert orjson.loads(shown["event"])["data"]["trade_name"] == "Nama 1"
    exported = (await stage.client.get("/parked-events/export?limit=1")).json()
    assert (exported["items"], exported["next"] is not None) == ([shown], True)


async def test_an_event_that_is_put_aside_lets_the_later_ones_of_its_key_go_on(
    stage: Stage,
) -> None:
    await stage.park(1, 2)
    await stage.redriver.redrive()
    [first, _] = await stage.items()
    seen = await stage.client.get(f"/parked-events/{first['id']}")

    skipped = await stage.act("skip", seen, reason="INC-7")
    again = await stage.act("skip", seen, reason="INC-7")
    await stage.redriver.redrive()

    assert seen.json()["error"].startswith("ZeroDivisionError at tests/shared/test_parked_api.py")
    assert (skipped.status_code, skipped.json()["reason"]) == (200, "INC-7")
    assert again.status_code == 412
    assert await stage.kept() == [(2, "Nama 2")]
    assert [item["state"] for item in await stage.items()] == ["skipped"]
    [entry] = await stage.ecosystem.rows(
        "registry", "SELECT targets FROM audit_entry WHERE operation = 'skip_parked_event'"
    )
    assert entry["targets"] == [UUID(first["id"])]


async def test_a_repaired_event_is_taken_up_and_what_came_was_kept_until_then(
    stage: Stage,
) -> None:
    await stage.park(1, 2)
    await stage.redriver.redrive()
    [first, _] = await stage.items()
    seen = await stage.client.get(f"/parked-events/{first['id']}")
    repaired = seen.json()["event"].replace("Nama 1", "Nama Satu")

    edited = await stage.act("edit", seen, event=repaired)
    assert edited.json()["data_base64"] == seen.json()["data_base64"]
    await stage.redriver.redrive()

    assert await stage.kept() == [(2, "Nama 2")]
    assert await stage.items() == []


@pytest.mark.parametrize(
    ("event", "status"),
    [("{", 422), ("[]", 422), ('{"specversion": "1.0", "id": "another"}', 422)],
)
async def test_a_repair_that_makes_it_another_event_is_refused(
    stage: Stage, event: str, status: int
) -> None:
    await stage.park(1)
    [first] = await stage.items()
    seen = await stage.client.get(f"/parked-events/{first['id']}")

    answer = await stage.act("edit", seen, event=event)

    assert (answer.status_code, answer.json()["type"]) == (status, "/problems/invalid")


async def test_dead_bytes_that_are_repaired_take_their_place_in_their_key(stage: Stage) -> None:
    await stage.park(2, data="{")
    [dead] = await stage.items(state="dead")
    seen = await stage.client.get(f"/parked-events/{dead['id']}")
    good = a_record(a_state(id=KEY, trade_name="Nama 2"), seq=2, event_id=uuid5(KEY, "2"))
    written = {
        name[3:]: (value or b"").decode() for name, value in good.headers if name[:3] == "ce_"
    }
    event = orjson.dumps(written | {"data": orjson.loads(good.value or b"")}).decode()

    assert seen.json()["event"] is None
    await stage.act("edit", seen, event=event)
    await stage.redriver.redrive()

    assert await stage.kept() == [(2, "Nama 2")]
    assert await stage.items() == []


async def test_what_is_retried_is_due_at_once_and_what_was_put_aside_only_by_its_id(
    stage: Stage,
) -> None:
    await stage.park(1, 2)
    await stage.redriver.redrive()
    [first, _] = await stage.items()
    seen = await stage.client.get(f"/parked-events/{first['id']}")
    await stage.act("skip", seen, reason="INC-7")

    all_of_it = await stage.client.post("/parked-events/retry", json={})
    by_id = await stage.client.post("/parked-events/retry", json={"id": first["id"]})
    nothing = await stage.client.post("/parked-events/retry", json={"type": "another"})

    assert [a.json()["retried"] for a in (all_of_it, by_id, nothing)] == [1, 1, 0]
    assert {item["state"] for item in await stage.items()} == {"retry"}


async def test_who_has_another_role_sees_nothing_of_what_it_says(stage: Stage) -> None:
    await stage.park(1)
    [first] = await stage.items()

    async def asked(role: str, path: str) -> int:
        token = stage.ecosystem.issuer.token("else", [{"role": role, "scope": "nation"}])
        headers = {"Authorization": f"Bearer {token}"}
        return (await stage.client.get(path, headers=headers)).status_code

    assert await asked("auditor", "/parked-events") == 200
    assert await asked("auditor", f"/parked-events/{first['id']}") == 403
    assert await asked("auditor", "/parked-events/export") == 403
    assert await asked("ministry", "/parked-events") == 403


async def test_people_are_shown_each_key_with_what_waits_behind_it(stage: Stage) -> None:
    await stage.park(1, 2, 3)
    await stage.park(9, data="{")
    await stage.ecosystem.rows(
        "registry", "UPDATE parked_event SET error = '<b>&' WHERE state = 'dead'"
    )
    dead, first = await stage.items(state="dead"), await stage.items(key=str(KEY))

    page = await stage.client.get("/parked-events", headers=BROWSER)

    assert page.headers["content-type"].startswith("text/html")
    assert page.headers["content-language"] == "id"
    lines = page.text.partition("<tbody>")[2].strip().splitlines()
    assert f'href="parked-events/{first[0]["id"]}"' in lines[0]
    assert "<td>2</td>" in lines[0]
    assert "dicoba lagi dengan sendirinya" in lines[0]
    assert f'href="parked-events/{dead[0]["id"]}"' in lines[1]
    assert "&lt;b&gt;&amp;" in lines[1]
    assert "Nama" not in page.text


async def test_a_page_leads_to_the_next_and_runs_nothing(stage: Stage) -> None:
    await stage.park(8, data="{")
    await stage.park(9, data="{")
    english = {**BROWSER, "Accept-Language": "en"}

    page = await stage.client.get("/parked-events?limit=1", headers=english)
    [further] = re.findall(r'href="\?([^"]+)" rel="next"', page.text)
    last = await stage.client.get(f"/parked-events?{unescape(further)}", headers=english)
    none = await stage.client.get("/parked-events?state=fork", headers=english)

    assert "More keys" in page.text
    assert last.text.count("parked-events/") == page.text.count("parked-events/") == 1
    assert last.text != page.text
    assert 'rel="next"' not in last.text
    assert "Nothing is parked." in none.text
    policy = page.headers["content-security-policy"]
    [style] = re.findall(r"<style>(.*?)</style>", page.text, re.DOTALL)
    digest = base64.b64encode(sha256(style.encode()).digest()).decode()
    assert policy.startswith(f"default-src 'none'; style-src 'sha256-{digest}'")
    assert "<script" not in page.text


async def test_what_came_in_structured_mode_is_shown_and_repaired_as_it_is(stage: Stage) -> None:
    long = {"a_field_of_later": "x" * 20_000}
    record = structured(
        subject=str(KEY), data=orjson.loads(a_state(id=KEY).model_dump_json()) | long, time="-"
    )
    seen = await stage.park_dead(replace(record, key=str(KEY).encode()))

    shown = orjson.loads(seen.json()["event"])
    repaired = shown | {"time": "2026-11-24T03:04:05Z"}
    edited = await stage.act("edit", seen, event=orjson.dumps(repaired).decode())
    await stage.redriver.redrive()

    assert (shown["subject"], shown["time"], edited.status_code) == (str(KEY), "-", 200)
    assert await stage.kept() == [(1, "Keripik Apel Panderman")]


async def test_a_record_whose_key_is_no_id_can_only_be_put_aside(stage: Stage) -> None:
    seen = await stage.park_dead(replace(structured(), key=b"no-id"))

    edited = await stage.act("edit", seen, event=seen.json()["event"])
    skipped = await stage.act("skip", seen, reason="INC-9")

    assert (edited.status_code, skipped.status_code) == (422, 200)
    assert "Skip it." in edited.json()["detail"]
