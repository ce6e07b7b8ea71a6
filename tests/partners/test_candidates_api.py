"""Candidates are explained: every criterion, whether it is met, and what else is missing."""

from typing import Any
from uuid import UUID

import pytest

from services.partners.models import Opportunity
from shared.indonesia.regions import region_contains
from tests.partners.town import UNITS, Town
from tests.support.builders import BATU, MALANG

SHAPES = [
    {"size_class": size, "kbli": kbli, "village_code": village, "unit_id": UNITS[region]}
    for size in ("mikro", "menengah")
    for kbli in ("10794", "56101")
    for village, region in (("35.79.01.1001", BATU), ("33.01.01.1001", MALANG))
]


def expected(shape: dict[str, Any], opportunity: Opportunity) -> dict[str, bool]:
    """The plain meaning of the criteria."""
    prefixes = tuple(opportunity.kbli_prefixes)
    return {
        "unit": shape["unit_id"] in (opportunity.unit_ids or [shape["unit_id"]]),
        "size_class": shape["size_class"] in opportunity.size_classes,
        "kbli": shape["kbli"].startswith(prefixes),
        "region": any(region_contains(r, shape["village_code"]) for r in opportunity.regions),
    }


@pytest.fixture
async def opportunity(town: Town) -> Opportunity:
    """A credit for small makers of food in East Java, by the unit of Batu."""
    return await town.opportunity(await town.agreement(unit_ids=[str(UNITS[BATU])]))


async def _pages(town: Town, opportunity: Opportunity, scope: str) -> list[dict[str, Any]]:
    client = await town.client("partnership_officer", scope)
    path = f"/opportunities/{opportunity.id}/candidates"
    found: list[dict[str, Any]] = []
    after: dict[str, str] = {}
    while True:
        answer = (await client.get(path, params={"limit": "3"} | after)).json()
        found += answer["items"]
        if answer["next"] is None:
            return found
        after = {"after": answer["next"]}


async def test_every_criterion_is_told_and_the_best_come_first(
    town: Town, opportunity: Opportunity
) -> None:
    shapes = {str(await town.enterprise(**shape)): shape for shape in SHAPES}
    await town.enterprise(status="closed")
    await town.enterprise(merged_into=UUID(next(iter(shapes))))

    found = await _pages(town, opportunity, "nation")

    told = {item["id"]: {c["criterion"]: c["met"] for c in item["criteria"]} for item in found}
    assert told == {key: expected(shape, opportunity) for key, shape in shapes.items()}
    met = [sum(told[item["id"]].values()) for item in found]
    assert met == sorted(met, reverse=True)
    best = {c["criterion"]: (c["wanted"], c["found"]) for c in found[0]["criteria"]}
    assert best["size_class"] == (["mikro", "kecil"], "mikro")
    assert best["region"] == (["35"], "35.79.01.1001")


async def test_only_enterprises_within_reach_are_candidates(
    town: Town, opportunity: Opportunity
) -> None:
    mine = await town.enterprise()
    await town.enterprise(unit_id=UNITS[MALANG], village_code="35.73.01.1001")

    found = await _pages(town, opportunity, f"unit:{UNITS[BATU]}")

    assert [item["id"] for item in found] == [str(mine)]


async def test_a_candidate_can_be_sent_when_nothing_is_missing(
    town: Town, opportunity: Opportunity
) -> None:
    without, narrow, ready = [await town.enterprise() for _ in range(3)]
    await town.consent(narrow, opportunity.partner_id, fields=("trade_name",))
    consent = await town.consent(ready, opportunity.partner_id)
    merged = await town.enterprise(merged_into=without)
    early = await town.consent(merged, opportunity.partner_id)
    referral = await town.referral(opportunity)

    found = {i["id"]: i for i in await _pages(town, opportunity, f"unit:{UNITS[BATU]}")}

    shown = [(found[str(key)]["consent_id"], found[str(key)]["actions"]) for key in (narrow, ready)]
    assert shown == [(None, []), (str(consent), ["send_referral"])]
    assert found[str(without)]["consent_id"] == str(early)
    sent = found[str(referral.enterprise_id)]
    assert (sent["referred"], sent["actions"]) == (True, [])
