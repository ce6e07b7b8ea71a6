"""A referral is sent only when nothing is missing; if something is, the answer says what."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import httpx

from services.partners.models import Opportunity
from tests.partners.asking import ask, send, sent_by
from tests.partners.town import BATU_UNIT, MALANG_UNIT, UNITS, Town
from tests.support.builders import MALANG

LACKING: list[tuple[dict[str, object], str]] = [
    ({"status": "withdrawn"}, "consent-missing"),
    ({"until": datetime.now(UTC) - timedelta(seconds=1)}, "consent-missing"),
    ({"recipient_id": uuid4()}, "consent-missing"),
    ({"purpose": "training"}, "consent-for-other-purpose"),
    ({"fields": ("trade_name", "kbli", "village")}, "consent-too-narrow"),
]


async def test_without_a_fitting_consent_nothing_is_sent_and_the_answer_says_what_is_missing(
    town: Town, consultant: httpx.AsyncClient, opportunity: Opportunity
) -> None:
    enterprise = await town.enterprise()
    for changes, kind in LACKING:
        consent = await town.consent(enterprise, opportunity.partner_id, **changes)

        answer = await send(
            consultant, opportunity_id=opportunity.id, enterprise_id=enterprise, consent_id=consent
        )

        assert (answer.status_code, answer.json()["type"]) == (409, f"/problems/{kind}")
        assert answer.json()["errors"][0]["pointer"] == "/consent_id"


async def test_the_consent_of_another_enterprise_is_no_consent(
    town: Town, consultant: httpx.AsyncClient, opportunity: Opportunity
) -> None:
    consent = await town.consent(await town.enterprise(), opportunity.partner_id)

    answer = await send(
        consultant,
        opportunity_id=opportunity.id,
        enterprise_id=await town.enterprise(),
        consent_id=consent,
    )

    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/consent-missing")


async def test_what_the_consent_leaves_out_is_named(
    town: Town, consultant: httpx.AsyncClient, opportunity: Opportunity
) -> None:
    enterprise = await town.enterprise()
    consent = await town.consent(enterprise, opportunity.partner_id, fields=("trade_name",))

    answer = await send(
        consultant, opportunity_id=opportunity.id, enterprise_id=enterprise, consent_id=consent
    )

    assert answer.json()["detail"].endswith("these fields: size_class, kbli, village.")


async def test_nothing_is_sent_outside_of_what_was_agreed(
    town: Town, consultant: httpx.AsyncClient
) -> None:
    agreement = await town.agreement(unit_ids=[str(UNITS[MALANG])])
    elsewhere = await town.opportunity(agreement)
    enterprise = await town.enterprise()
    consent = await town.consent(enterprise, elsewhere.partner_id)

    answer = await send(
        consultant, opportunity_id=elsewhere.id, enterprise_id=enterprise, consent_id=consent
    )

    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/agreement-too-narrow")


async def test_a_closed_enterprise_is_not_sent(
    town: Town, consultant: httpx.AsyncClient, opportunity: Opportunity
) -> None:
    enterprise = await town.enterprise(status="closed")
    consent = await town.consent(enterprise, opportunity.partner_id)

    answer = await send(
        consultant, opportunity_id=opportunity.id, enterprise_id=enterprise, consent_id=consent
    )

    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/enterprise-closed")


async def test_an_enterprise_has_one_open_referral_for_an_opportunity(
    town: Town, consultant: httpx.AsyncClient, opportunity: Opportunity
) -> None:
    sent = await sent_by(consultant, town, opportunity)
    same = {name: sent[name] for name in ("opportunity_id", "enterprise_id", "consent_id")}

    again = await send(consultant, **same)
    await ask(consultant, sent, "accept")
    head = await town.client("unit_head", BATU_UNIT)
    await ask(head, sent, "reject", reason="no_capacity")
    afresh = await send(consultant, **same)

    assert (again.status_code, again.json()["type"]) == (409, "/problems/already-referred")
    assert afresh.status_code == 201


async def test_enterprises_that_are_one_have_one_referral(
    town: Town, consultant: httpx.AsyncClient, opportunity: Opportunity
) -> None:
    sent = await sent_by(consultant, town, opportunity)
    survivor = await town.enterprise(trade_name="Keripik Panderman Jaya")
    await town.hears_again(UUID(sent["enterprise_id"]), merged_into=survivor)
    consent = await town.consent(survivor, opportunity.partner_id)

    again = await send(
        consultant, opportunity_id=opportunity.id, enterprise_id=survivor, consent_id=consent
    )
    listed = await consultant.get("/referrals", params={"enterprise_id": str(survivor)})
    shown = listed.json()["items"][0]
    await town.hears_again(UUID(sent["enterprise_id"]), merged_into=None)
    apart = await consultant.get("/referrals", params={"enterprise_id": str(survivor)})

    assert again.json()["type"] == "/problems/already-referred"
    assert (shown["id"], shown["enterprise_id"]) == (sent["id"], sent["enterprise_id"])
    assert shown["enterprise"]["trade_name"] == "Keripik Panderman Jaya"
    assert apart.json()["items"] == []


async def test_a_unit_does_not_send_the_enterprises_of_another(
    town: Town, opportunity: Opportunity
) -> None:
    stranger = await town.client("consultant", MALANG_UNIT)
    enterprise = await town.enterprise()
    consent = await town.consent(enterprise, opportunity.partner_id)

    answer = await send(
        stranger, opportunity_id=opportunity.id, enterprise_id=enterprise, consent_id=consent
    )

    assert answer.status_code == 403
