"""A referral is known to its unit and its partner alone, and goes on as the partner answers."""

from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import httpx
import pytest

from services.partners.models import Opportunity
from tests.partners.asking import ask, sent_by
from tests.partners.bodies import LAST, TODAY
from tests.partners.town import MALANG_UNIT, Town
from tests.support.builders import MALANG
from tests.support.row_security import queries_without_scope, without_row_security


async def test_a_referral_shows_the_partner_what_the_owner_consented_to_and_no_more(
    town: Town, consultant: httpx.AsyncClient, bank: httpx.AsyncClient
) -> None:
    opportunity = await town.opportunity(regions=[])
    sent = await sent_by(consultant, town, opportunity)
    theirs = await town.client("partner_client", f"partner:{opportunity.partner_id}")

    read = (await theirs.get(f"/referrals/{sent['id']}")).json()
    foreign = await bank.get(f"/referrals/{sent['id']}")

    shown = {"trade_name": "Keripik Apel Panderman", "kbli": "10794", "size_class": "mikro"}
    assert read["enterprise"] == shown | {"village_code": None}
    assert read["actions"] == ["accept_referral", "reject_referral"]
    assert foreign.status_code == 404


async def test_the_partner_has_fourteen_days_to_answer(
    town: Town, consultant: httpx.AsyncClient, opportunity: Opportunity
) -> None:
    sent = await sent_by(consultant, town, opportunity)

    time = [datetime.fromisoformat(sent[name]) for name in ("sent_at", "answer_due_at")]
    assert time[1] - time[0] == timedelta(days=14)


async def test_a_foreign_referral_answers_exactly_as_one_that_there_is_not(
    town: Town, consultant: httpx.AsyncClient, opportunity: Opportunity
) -> None:
    sent = await sent_by(consultant, town, opportunity)
    stranger = await town.client("consultant", MALANG_UNIT)

    foreign = await stranger.get(f"/referrals/{sent['id']}")
    absent = await stranger.get(f"/referrals/{uuid4()}")
    listed = await stranger.get("/referrals")

    trace = {"traceId"}
    assert foreign.status_code == absent.status_code == 404
    assert {k: v for k, v in foreign.json().items() if k not in trace} == {
        k: v for k, v in absent.json().items() if k not in trace
    }
    assert listed.json()["items"] == []


async def test_what_was_accepted_is_completed_with_its_result(
    town: Town,
    consultant: httpx.AsyncClient,
    bank: httpx.AsyncClient,
    opportunity: Opportunity,
) -> None:
    sent = await sent_by(consultant, town, opportunity)
    result = {"kind": "financing", "amount": 75_000_000, "completed_on": TODAY.isoformat()}

    accepted = await ask(bank, sent, "accept", note="Survei hari Kamis.")
    completed = await ask(bank, sent, "complete", **result)
    read = (await consultant.get(f"/referrals/{sent['id']}")).json()

    assert accepted.json()["actions"] == ["complete_referral", "fail_referral"]
    assert completed.status_code == 200, completed.text
    assert (read["status"], read["result_amount"], read["actions"]) == ("completed", 75_000_000, [])
    assert read["enterprise"] is None


INCOMPLETE: list[tuple[dict[str, object], str]] = [
    ({"kind": "financing"}, "/amount"),
    ({"kind": "contract", "amount": 1}, "/pattern"),
    ({"kind": "training", "completed_on": LAST.isoformat()}, "/completed_on"),
]


async def test_a_result_says_what_its_kind_needs(
    town: Town, bank: httpx.AsyncClient, opportunity: Opportunity
) -> None:
    referral = await town.referral(opportunity, accepted=True)
    for result, pointer in INCOMPLETE:
        body = {"completed_on": TODAY.isoformat()} | result

        answer = await ask(bank, {"id": referral.id}, "complete", **body)

        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)


async def test_a_revoked_referral_tells_nothing_of_the_enterprise(
    town: Town,
    consultant: httpx.AsyncClient,
    bank: httpx.AsyncClient,
    opportunity: Opportunity,
) -> None:
    sent = await sent_by(consultant, town, opportunity)

    await town.hears_again(UUID(sent["consent_id"]), status="withdrawn")
    read = (await bank.get(f"/referrals/{sent['id']}")).json()
    late = await ask(bank, sent, "accept")

    assert (read["status"], read["reason"]) == ("revoked", "consent_withdrawn")
    assert (read["enterprise"], read["summary"]) == (None, None)
    assert (late.status_code, late.json()["type"]) == (409, "/problems/referral-not-in-state")


@pytest.mark.parametrize("alone", ["queries", "row security"])
async def test_queries_and_row_security_each_keep_foreign_referrals_away(
    town: Town, opportunity: Opportunity, bank: httpx.AsyncClient, alone: str
) -> None:
    referral = await town.referral(opportunity)
    path = f"/referrals/{referral.id}"
    strangers = [
        await town.client("consultant", MALANG_UNIT),
        await town.client("regency_officer", f"region:{MALANG}"),
        await town.client("partner_client", f"partner:{uuid4()}"),
    ]

    async with AsyncExitStack() as stack:
        if alone == "queries":
            await stack.enter_async_context(without_row_security(town.ecosystem, "partners"))
        else:
            stack.enter_context(queries_without_scope())
        seen = [(await client.get(path)).status_code for client in (bank, *strangers)]
        lists = [(await client.get("/referrals")).json()["items"] for client in strangers]

    assert seen == [200, 404, 404, 404]
    assert lists == [[], [], []]
