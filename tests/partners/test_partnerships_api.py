"""Partners, agreements and what was promised, over HTTP: by those who may, and in their order."""

from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from tests.partners.bodies import LAST, TODAY, a_partner, an_agreement, an_opportunity
from tests.partners.town import BATU_UNIT, UNITS, Town
from tests.support.builders import BATU, MALANG


@pytest.fixture
async def officer(town: Town) -> httpx.AsyncClient:
    """Who looks after the partners of the unit of Batu."""
    return await town.client("partnership_officer", BATU_UNIT)


@pytest.fixture
async def head(town: Town) -> httpx.AsyncClient:
    """Who heads the unit of Batu."""
    return await town.client("unit_head", BATU_UNIT)


async def _make(client: httpx.AsyncClient, path: str, body: dict[str, Any]) -> httpx.Response:
    return await client.post(path, json=body, headers={"Idempotency-Key": str(uuid4())})


async def _ask(client: httpx.AsyncClient, path: str, **body: object) -> httpx.Response:
    seen = (await client.get(path.rpartition("/")[0])).headers["etag"]
    given: dict[str, Any] = {"json": body} if body else {}
    return await client.post(path, headers={"If-Match": seen}, **given)


async def test_a_partner_is_verified_by_a_second_person(
    officer: httpx.AsyncClient, head: httpx.AsyncClient
) -> None:
    body = a_partner(unit_id=str(UNITS[BATU]), nib="0220001234567")

    made = await _make(head, "/partners", body)
    path = f"/partners/{made.json()['id']}"
    alone = await _ask(head, f"{path}/verify")
    changed = await officer.patch(
        path, json={"name": "Bank Mitra Rakyat"}, headers={"If-Match": '"1"'}
    )
    verified = await _ask(head, f"{path}/verify")

    assert made.headers["location"].endswith(path)
    assert made.json()["actions"] == ["change_partner", "suspend_partner"]
    assert (alone.status_code, alone.json()["type"]) == (403, "/problems/other-person-needed")
    assert changed.json()["actions"] == ["change_partner"]
    assert (verified.status_code, verified.json()["status"]) == (200, "verified")


async def test_a_partner_is_suspended_with_a_reason_and_restored(
    town: Town, head: httpx.AsyncClient
) -> None:
    partner = await town.partner(unit_id=str(UNITS[BATU]))
    path = f"/partners/{partner.id}"

    suspended = await _ask(head, f"{path}/suspend", because="Tidak menjawab rujukan.")
    restored = await _ask(head, f"{path}/restore")

    assert suspended.json()["suspended_because"] == "Tidak menjawab rujukan."
    assert suspended.json()["actions"] == ["restore_partner"]
    assert restored.json()["status"] == "verified"
    assert await town.events(partner) == ["registered", "verified", "suspended", "restored"]


async def test_a_partner_is_kept_by_the_unit_that_looks_after_it(
    town: Town, officer: httpx.AsyncClient
) -> None:
    theirs = await town.partner(unit_id=str(UNITS[MALANG]))
    nations = await town.partner()

    refused = [
        await _make(officer, "/partners", a_partner(unit_id=str(UNITS[MALANG]))),
        await _make(officer, "/partners", a_partner()),
        await officer.patch(f"/partners/{theirs.id}", json={"name": "X"}, headers=_SEEN),
        await officer.patch(f"/partners/{nations.id}", json={"name": "X"}, headers=_SEEN),
    ]

    assert [answer.status_code for answer in refused] == [403] * 4
    assert (await officer.get(f"/partners/{theirs.id}")).json()["actions"] == []


_SEEN = {"If-Match": '"2"'}


async def test_one_nib_is_one_partner(town: Town, head: httpx.AsyncClient) -> None:
    await town.partner(nib="0220001234567")

    answer = await _make(
        head, "/partners", a_partner(unit_id=str(UNITS[BATU]), nib="0220001234567")
    )

    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/nib-taken")


async def test_partners_are_found_by_name_kind_and_status(
    town: Town, officer: httpx.AsyncClient
) -> None:
    for kind, name in (("university", "Universitas Brawijaya"), ("community", "Tangan Di Atas")):
        await town.partner(verified=kind == "community", kind=kind, name=name)

    async def found(**wanted: str) -> list[str]:
        answer = await officer.get("/partners", params=wanted)
        return [item["name"] for item in answer.json()["items"]]

    assert await found() == ["Tangan Di Atas", "Universitas Brawijaya"]
    assert await found(name="brawi") == ["Universitas Brawijaya"]
    assert await found(kind="community") == ["Tangan Di Atas"]
    assert await found(status="registered") == ["Universitas Brawijaya"]


async def test_an_agreement_is_drafted_activated_suspended_resumed_and_ended(
    town: Town, officer: httpx.AsyncClient, head: httpx.AsyncClient
) -> None:
    partner = await town.partner()
    body = an_agreement(partner_id=str(partner.id), unit_ids=[str(UNITS[BATU])])

    drafted = await _make(officer, "/agreements", body)
    path = f"/agreements/{drafted.json()['id']}"
    steps = [
        await _ask(head, f"{path}/activate"),
        await _ask(head, f"{path}/suspend", because="Sedang ditinjau."),
        await _ask(head, f"{path}/resume"),
        await _ask(head, f"{path}/end"),
        await _ask(head, f"{path}/end"),
    ]

    assert drafted.json()["actions"] == ["add_obligation"]
    assert [step.status_code for step in steps] == [200, 200, 200, 200, 409]
    statuses = [step.json()["status"] for step in steps[:4]]
    assert statuses == ["active", "suspended", "active", "ended"]


async def test_an_agreement_for_all_units_is_the_ministrys(
    town: Town, head: httpx.AsyncClient
) -> None:
    partner = await town.partner()
    ministry = await town.client("ministry", "nation")
    bodies = [
        an_agreement(partner_id=str(partner.id)),
        an_agreement(partner_id=str(partner.id), unit_ids=[str(unit) for unit in UNITS.values()]),
    ]

    refused = [await _make(head, "/agreements", body) for body in bodies]
    made = await _make(ministry, "/agreements", bodies[0])

    assert [answer.status_code for answer in refused] == [403, 403]
    assert made.status_code == 201


async def test_what_was_promised_is_noted_as_done_once(
    town: Town, officer: httpx.AsyncClient
) -> None:
    agreement = await town.agreement(unit_ids=[str(UNITS[BATU])])
    path = f"/agreements/{agreement.id}"
    key = {"Idempotency-Key": str(uuid4()), "If-Match": '"2"'}
    promise = {"promise": "Dua pelatihan ekspor.", "due_on": TODAY.isoformat()}

    added = await officer.post(f"{path}/obligations", json=promise, headers=key)
    obligation = added.json()["promises"][0]["id"]
    fulfil = f"{path}/obligations/{obligation}/fulfil"
    done = await officer.post(fulfil, headers={"If-Match": added.headers["etag"]})
    again = await officer.post(fulfil, headers={"If-Match": done.headers["etag"]})

    assert added.status_code == 201, added.text
    assert done.json()["promises"][0]["fulfilled_on"] is not None
    assert (done.json()["obligations"], done.json()["obligations_fulfilled"]) == (1, 1)
    assert (again.status_code, again.json()["type"]) == (409, "/problems/obligation-fulfilled")
    assert await town.events(agreement) == [
        "drafted",
        "activated",
        "obligation_added",
        "obligation_fulfilled",
    ]


async def test_a_partners_own_software_sees_what_is_its_own_and_offers_under_it(
    town: Town,
) -> None:
    agreement, foreign = await town.agreement(), await town.agreement()
    bank = await town.client("partner_client", f"partner:{agreement.partner_id}")

    listed = (await bank.get("/agreements")).json()["items"]
    made = await _make(bank, "/opportunities", an_opportunity(agreement_id=str(agreement.id)))
    refused = await _make(bank, "/opportunities", an_opportunity(agreement_id=str(foreign.id)))

    assert [item["id"] for item in listed] == [str(agreement.id)]
    assert (await bank.get(f"/agreements/{foreign.id}")).status_code == 404
    assert made.json()["actions"] == ["change_opportunity", "close_opportunity"]
    assert refused.status_code == 403


async def test_nothing_is_offered_under_an_agreement_that_is_not_in_force(
    town: Town, head: httpx.AsyncClient
) -> None:
    units = [str(UNITS[BATU])]
    draft = await town.agreement(active=False, unit_ids=units)
    to_come = await town.agreement(unit_ids=units, starts_on=LAST.isoformat())

    answers = [
        await _make(head, "/opportunities", an_opportunity(agreement_id=str(agreement.id)))
        for agreement in (draft, to_come)
    ]

    assert [answer.json()["type"] for answer in answers] == ["/problems/agreement-not-living"] * 2


async def test_when_an_agreement_ends_its_opportunities_close_and_the_unanswered_goes_back(
    town: Town,
) -> None:
    agreement = await town.agreement()
    opportunity = await town.opportunity(agreement)
    accepted = await town.referral(opportunity, accepted=True)
    sent = await town.referral(opportunity)
    ministry = await town.client("ministry", "nation")

    await _ask(ministry, f"/agreements/{agreement.id}/end")

    closed, revoked, going_on = [await town.now(each) for each in (opportunity, sent, accepted)]
    assert (closed.status, closed.reason, closed.taken) == ("closed", "agreement_ended", 1)
    assert (revoked.status, revoked.reason) == ("revoked", "agreement_ended")
    assert going_on.status == "accepted"


async def test_what_is_named_and_is_not_there_is_pointed_at(town: Town) -> None:
    ministry = await town.client("ministry", "nation")
    nobody = str(UUID(int=1))

    answers = [
        await _make(ministry, "/agreements", an_agreement(partner_id=nobody)),
        await _make(ministry, "/opportunities", an_opportunity(agreement_id=nobody)),
    ]

    assert [answer.status_code for answer in answers] == [422, 422]
    pointers = [answer.json()["errors"][0]["pointer"] for answer in answers]
    assert pointers == ["/partner_id", "/agreement_id"]
