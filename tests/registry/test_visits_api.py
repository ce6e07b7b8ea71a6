"""Who comes to a desk is noted, and linked to an enterprise at once or later."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from services.registry.ids import unit_id
from tests.registry.register import id_of, items, make, problem_of, register, step, verbs
from tests.support.builders import BATU, a_key
from tests.support.ecosystem import Ecosystem

UNIT = str(unit_id(BATU))


def a_visit(**changes: object) -> dict[str, Any]:
    """The body of a visit of somebody who wants to sell more."""
    return {"unit_id": UNIT, "need": "mentoring", "field": "pemasaran"} | changes


async def test_an_anonymous_visit_is_linked_to_its_enterprise_later(
    registry: Ecosystem, desk: httpx.AsyncClient
) -> None:
    made = await make(desk, "/visits", a_visit())
    place, enterprise = f"/visits/{made['id']}", id_of(await register(desk))

    linked = await desk.patch(
        place, json={"enterprise_id": enterprise}, headers={"If-Match": '"1"'}
    )

    assert (made["enterprise_id"], made["actions"]) == (None, ["change_visit"])
    assert linked.json() == made | {"enterprise_id": enterprise}
    assert (await desk.get(place)).json() == linked.json()
    assert await verbs(registry, place) == ["checked_in", "changed"]


async def test_a_need_is_corrected_together_with_its_field(desk: httpx.AsyncClient) -> None:
    made = await make(desk, "/visits", a_visit())

    changed = await desk.patch(
        f"/visits/{made['id']}", json={"need": "licence"}, headers={"If-Match": '"1"'}
    )

    assert (changed.json()["need"], changed.json()["field"]) == ("licence", None)


@pytest.mark.parametrize(
    "changes",
    [{"field": None}, {"need": "licence"}, {"need": "lunch"}, {"unit_id": "1"}],
)
async def test_a_visit_that_says_too_little_or_too_much_is_refused(
    desk: httpx.AsyncClient, changes: dict[str, object]
) -> None:
    answer = await desk.post("/visits", json=a_visit(**changes), headers=a_key())

    assert answer.status_code == 422


async def test_a_visit_is_known_at_its_unit_alone(
    registry: Ecosystem, desk: httpx.AsyncClient
) -> None:
    made = await make(desk, "/visits", a_visit())
    elsewhere = await registry.client("registry", "malang")
    place = f"/visits/{made['id']}"

    foreign = await elsewhere.post("/visits", json=a_visit(), headers=a_key())

    assert (await elsewhere.get(place)).status_code == 404
    assert await items(elsewhere, "/visits") == []
    assert foreign.status_code == 403


async def test_visits_are_listed_in_the_order_they_came(desk: httpx.AsyncClient) -> None:
    made = [await make(desk, "/visits", a_visit()) for _ in range(2)]
    made.append(await make(desk, "/visits", a_visit(need="licence", field=None)))

    assert await items(desk, "/visits", unit_id=UNIT) == made
    assert await items(desk, "/visits", need="licence") == made[2:]


async def test_a_visit_is_of_an_enterprise_in_business(desk: httpx.AsyncClient) -> None:
    closed = await register(desk)
    await step(desk, closed, "close")

    over = await desk.post("/visits", json=a_visit(enterprise_id=id_of(closed)), headers=a_key())
    nobody = await desk.post("/visits", json=a_visit(enterprise_id=str(uuid4())), headers=a_key())

    assert problem_of(over) == (409, "/problems/enterprise-closed")
    assert problem_of(nobody) == (404, "/problems/enterprise-not-found")
