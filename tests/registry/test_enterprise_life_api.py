"""An enterprise is verified by two persons, handed over, and read as it was on a day."""

from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import httpx
import pytest

from services.registry.copies import TenancyCopy
from services.registry.ids import unit_id
from shared.database import Database
from shared.events.facilities import TenancyState
from shared.streams.codec import Event
from tests.registry.register import id_of, items, problem_of, register, step, verbs
from tests.support.builders import MALANG
from tests.support.ecosystem import Ecosystem


async def test_two_persons_of_a_unit_make_a_verified_enterprise(
    registry: Ecosystem, desk: httpx.AsyncClient, head: httpx.AsyncClient
) -> None:
    address = await register(desk)

    submitted = await step(desk, address, "submit")
    alone = await step(desk, address, "verify")
    verified = await step(head, address, "verify")

    assert submitted.json()["verification"] == "submitted"
    assert "verify_enterprise" not in submitted.json()["actions"]
    assert problem_of(alone) == (403, "/problems/second-person-needed")
    assert (verified.status_code, verified.json()["verification"]) == (200, "verified")
    assert await verbs(registry, address) == ["registered", "submitted", "verified"]


async def test_the_reason_of_a_return_is_for_who_hands_in_again_and_for_no_topic(
    registry: Ecosystem, desk: httpx.AsyncClient, head: httpx.AsyncClient
) -> None:
    address, because = await register(desk), "Nama berbeda dengan NIB."
    await step(desk, address, "submit")

    returned = await step(head, address, "return", {"because": because})
    elsewhere = await registry.client("registry", "malang")

    assert (returned.status_code, returned.json()["verification"]) == (200, "returned")
    assert (await desk.get(address)).json()["returned_because"] == because
    assert (await elsewhere.get(address)).json()["returned_because"] is None
    (said,) = await registry.rows(
        "registry", "SELECT count(*) FROM event_log WHERE data::text LIKE $1", f"%{because}%"
    )
    assert said["count"] == 0


async def test_what_a_return_asks_for_is_corrected_and_handed_in_again(
    registry: Ecosystem, desk: httpx.AsyncClient, head: httpx.AsyncClient
) -> None:
    address, right = await register(desk), {"village_code": "3579011002", "kbli": "56101"}
    await step(desk, address, "submit")
    returned = await step(head, address, "return", {"because": "Desa dan KBLI keliru."})

    corrected = await desk.patch(
        address, json=right, headers={"If-Match": returned.headers["etag"]}
    )
    stale = await desk.patch(address, json={"kbli": "47911"}, headers={"If-Match": '"3"'})
    await step(desk, address, "submit")
    verified = await step(head, address, "verify")

    assert (corrected.status_code, stale.status_code) == (200, 412)
    assert (corrected.json()["village_code"], corrected.json()["kbli"]) == (
        "35.79.01.1002",
        "56101",
    )
    assert corrected.json()["verification"] == "returned"
    assert verified.json()["verification"] == "verified"
    said = await verbs(registry, address)
    assert said[3:5] == ["relocated", "activity_changed"]


async def test_enterprises_are_listed_by_what_is_to_be_done_with_them(
    desk: httpx.AsyncClient,
) -> None:
    draft, waiting = await register(desk), await register(desk)
    await step(desk, waiting, "submit")

    found = await items(desk, "/enterprises", verification="submitted", status="active")

    assert [item["id"] for item in found] == [id_of(waiting)]
    assert id_of(draft) not in {item["id"] for item in found}


async def test_who_is_asked_is_told_what_they_may_do(
    registry: Ecosystem, desk: httpx.AsyncClient
) -> None:
    address = await register(desk)
    evaluator = await registry.client("registry", "evaluator")
    elsewhere = await registry.client("registry", "malang")

    assert "submit_enterprise" in (await desk.get(address)).json()["actions"]
    for client in (evaluator, elsewhere):
        assert (await client.get(address)).json()["actions"] == []


async def test_a_unit_hands_over_what_is_its_own_and_nothing_else(
    registry: Ecosystem, desk: httpx.AsyncClient
) -> None:
    address, malang = await register(desk), {"unit_id": str(unit_id(MALANG))}
    elsewhere = await registry.client("registry", "malang")

    taken = await step(elsewhere, address, "transfer", malang)
    given = await step(desk, address, "transfer", malang)
    back = await step(desk, address, "transfer", {"unit_id": str(unit_id("35.79"))})

    assert (taken.status_code, given.status_code, back.status_code) == (403, 200, 403)
    assert given.json()["unit_id"] == malang["unit_id"]
    assert "transfer_enterprise" in (await elsewhere.get(address)).json()["actions"]


async def test_a_transfer_names_another_unit_that_there_is(desk: httpx.AsyncClient) -> None:
    address = await register(desk)

    nowhere = await step(desk, address, "transfer", {"unit_id": str(uuid4())})
    same = await step(desk, address, "transfer", {"unit_id": str(unit_id("35.79"))})

    assert problem_of(nowhere) == (422, "/problems/unit-unknown")
    assert problem_of(same) == (422, "/problems/nothing-changed")


async def test_an_enterprise_is_read_as_it_was_when_a_day_ended_at_its_unit(
    registry: Ecosystem, desk: httpx.AsyncClient
) -> None:
    address = await register(desk, kbli="10794")
    await desk.patch(address, json={"kbli": "56101"}, headers={"If-Match": '"1"'})
    # Half past midnight in Batu is still the day before in UTC.
    for seq, instant in ((1, (2026, 1, 9, 3, 0)), (2, (2026, 2, 28, 17, 30))):
        statement = "UPDATE event_log SET occurred_at = $1 WHERE key = $2 AND seq = $3"
        at = datetime(*instant, tzinfo=UTC)
        await registry.rows("registry", statement, at, id_of(address), seq)

    activities = {}
    for day in ("2026-01-09", "2026-02-28", "2026-03-01"):
        answer = await desk.get(address, params={"as_of": day})
        activities[day] = answer.json()["kbli"]
        assert (answer.json()["actions"], "etag" in answer.headers) == ([], False)
    before = await desk.get(address, params={"as_of": "2026-01-08"})

    assert list(activities.values()) == ["10794", "10794", "56101"]
    assert problem_of(before) == (404, "/problems/enterprise-not-found")


@pytest.mark.parametrize("day", ["2026-02-30", "20260101", "1", "1999-12-31", "2026-W01-1"])
async def test_a_day_is_written_in_one_way(desk: httpx.AsyncClient, day: str) -> None:
    address = await register(desk)

    assert (await desk.get(address, params={"as_of": day})).status_code == 422


async def test_what_an_enterprise_occupies_is_shown_on_it(
    database: Database, desk: httpx.AsyncClient, head: httpx.AsyncClient
) -> None:
    address, old = await register(desk), await register(desk, trade_name="Sama Saja")
    await step(head, old, "merge", {"into": id_of(address)})
    lets = [
        TenancyState(
            id=uuid4(),
            unit_id=unit_id("35.79"),
            enterprise_id=UUID(enterprise),
            facility_id=uuid4(),
            place=1,
            kind="incubation",
            starts_on=date(2026, first, 1),
            ends_on=date(2026, first + 2, 1),
            status="active",
        )
        for first, enterprise in ((1, id_of(old)), (6, id_of(address)))
    ]
    now = datetime.now(UTC)
    async with database.transaction() as tx:
        await TenancyCopy.hear(
            tx, [Event(uuid4(), let.topic, "", str(let.id), 1, 1, now, let) for let in lets]
        )

    shown = (await desk.get(address)).json()["tenancies"]

    assert [each["id"] for each in shown] == [str(let.id) for let in lets]
    assert shown[1] == {
        "id": str(lets[1].id),
        "facility_id": str(lets[1].facility_id),
        "kind": "incubation",
        "starts_on": "2026-06-01",
        "ends_on": "2026-08-01",
        "status": "active",
    }
