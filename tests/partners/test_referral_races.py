"""What happens at once: no quota is exceeded, and no referral outlives what it rests on."""

import asyncio
from collections import Counter
from collections.abc import Awaitable
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
import sqlalchemy as sa

from services.partners import queries, use_cases
from services.partners.copies import ConsentCopy
from services.partners.errors import ConsentMissing, EnterpriseClosed
from services.partners.models import Opportunity, Referral
from services.partners.queries import Consent
from services.partners.schemas import SendReferral
from shared.access.actor import system
from shared.events.state import State
from shared.refusals import Refusal
from shared.streams.log import Tx
from tests.partners.bodies import a_wish
from tests.partners.town import UNITS, Town
from tests.support.builders import BATU
from tests.support.eventually import eventually
from tests.support.lock_waits import waiting

QUOTA = 7


@pytest.fixture
async def opportunity(town: Town) -> Opportunity:
    """A credit with a few places."""
    return await town.opportunity(quota=QUOTA)


async def _ready(town: Town, opportunity: Opportunity) -> tuple[UUID, UUID]:
    """An enterprise that can be sent, and the consent that it needs."""
    enterprise = await town.enterprise()
    return enterprise, await town.consent(enterprise, opportunity.partner_id)


async def _sent(client: httpx.AsyncClient, wish: SendReferral) -> httpx.Response:
    """The answer to a wish, sent again under the same key for as long as nobody has time for it."""
    body, key = wish.model_dump(mode="json"), {"Idempotency-Key": str(uuid4())}
    async with asyncio.timeout(60):
        while True:
            answer = await client.post("/referrals", json=body, headers=key)
            if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                return answer


async def _taken(town: Town, opportunity: Opportunity) -> tuple[int, int]:
    """How many places are taken, by the opportunity and by counting."""
    statement = "SELECT count(*) FROM referral WHERE status IN ('sent', 'accepted', 'completed')"
    [row] = await town.ecosystem.rows("partners", statement)
    return (await town.now(opportunity)).taken, row["count"]


async def _open(town: Town) -> list[Any]:
    statement = "SELECT id FROM referral WHERE status IN ('sent', 'accepted')"
    return await town.ecosystem.rows("partners", statement)


async def test_of_fifty_who_send_at_once_as_many_succeed_as_there_are_places(
    town: Town, opportunity: Opportunity
) -> None:
    consultant = await town.client("consultant", f"unit:{UNITS[BATU]}")
    wishes = [a_wish(opportunity.id, *await _ready(town, opportunity)) for _ in range(50)]

    answers = await asyncio.gather(*(_sent(consultant, wish) for wish in wishes))

    assert Counter(answer.status_code for answer in answers) == {201: QUOTA, 409: 50 - QUOTA}
    refused = {answer.json()["type"] for answer in answers if answer.status_code == 409}
    assert refused == {"/problems/quota-reached"}
    assert await _taken(town, opportunity) == (QUOTA, QUOTA)
    assert (await town.now(opportunity)).reason == "quota_reached"


async def test_of_twenty_who_send_one_enterprise_at_once_one_succeeds(
    town: Town, opportunity: Opportunity
) -> None:
    enterprise, consent = await _ready(town, opportunity)

    outcomes = await asyncio.gather(
        *(_outcome(town.sends(opportunity.id, enterprise, consent)) for _ in range(20))
    )

    assert Counter(outcomes) == {"Referral": 1, "AlreadyReferred": 19}


async def test_places_that_are_taken_and_freed_at_once_are_counted_right(
    town: Town, opportunity: Opportunity
) -> None:
    head = await town.client("unit_head", f"unit:{UNITS[BATU]}")
    sent = [await town.referral(opportunity) for _ in range(QUOTA)]
    wishes = [await _ready(town, opportunity) for _ in range(10)]

    await asyncio.gather(
        *(
            head.post(
                f"/referrals/{each.id}/reject",
                json={"reason": "no_capacity"},
                headers={"If-Match": '"1"'},
            )
            for each in sent
        ),
        *(_outcome(town.sends(opportunity.id, *wish)) for wish in wishes),
    )

    taken, counted = await _taken(town, opportunity)
    assert taken == counted <= QUOTA
    assert len((await town.now(opportunity)).referred) == counted


async def _outcome(act: Awaitable[Referral]) -> str:
    try:
        return type(await act).__name__
    except Refusal as refusal:
        return type(refusal).__name__


@pytest.mark.parametrize("ending", ["withdrawn", "closed"])
async def test_what_ends_while_a_referral_is_being_sent_waits_and_revokes_it(
    town: Town, opportunity: Opportunity, ending: str
) -> None:
    enterprise, consent = await _ready(town, opportunity)
    state = town.changed(consent if ending == "withdrawn" else enterprise, status=ending)

    await _hears_while_somebody_sends(town, state, a_wish(opportunity.id, enterprise, consent))

    assert await _open(town) == []
    assert await _taken(town, opportunity) == (0, 0)


@pytest.mark.parametrize(
    ("ending", "refusal"), [("withdrawn", ConsentMissing), ("closed", EnterpriseClosed)]
)
async def test_who_sends_while_it_ends_waits_and_is_refused(
    town: Town, opportunity: Opportunity, ending: str, refusal: type[Refusal]
) -> None:
    enterprise, consent = await _ready(town, opportunity)
    state = town.changed(consent if ending == "withdrawn" else enterprise, status=ending)

    async with town.hearing(state):
        sending = asyncio.create_task(town.sends(opportunity.id, enterprise, consent))
        await eventually(partial(waiting, town.ecosystem, "partners"))

    with pytest.raises(refusal):
        await sending
    assert await _open(town) == []


async def test_enterprises_parted_while_one_is_sent_on_the_others_consent_wait_and_revoke_it(
    town: Town, opportunity: Opportunity
) -> None:
    successor = await town.enterprise()
    consenting, consent = await _ready(town, opportunity)
    await town.hears_again(consenting, status="merged", merged_into=successor)
    parted = town.changed(consenting, status="active", merged_into=None)

    await _hears_while_somebody_sends(town, parted, a_wish(opportunity.id, successor, consent))

    assert await _open(town) == []
    assert await _taken(town, opportunity) == (0, 0)


async def test_a_consent_withdrawn_at_any_moment_leaves_no_open_referral(
    town: Town, opportunity: Opportunity
) -> None:
    for pause in range(20):
        enterprise, consent = await _ready(town, opportunity)

        await asyncio.gather(
            _outcome(town.sends(opportunity.id, enterprise, consent)),
            _after(pause / 1_000, town.hears_again(consent, status="withdrawn")),
        )

        assert await _open(town) == [], pause


async def test_if_the_consent_were_not_held_a_referral_would_outlive_it(
    town: Town, opportunity: Opportunity, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "held_consent", _consent_not_held)
    enterprise, consent = await _ready(town, opportunity)

    async with town.database.transaction(system("one")) as tx:
        await use_cases.send_referral(tx, a_wish(opportunity.id, enterprise, consent))
        await tx.flush()
        await town.hears_again(consent, status="withdrawn")

    assert len(await _open(town)) == 1


async def _consent_not_held(tx: Tx, consent_id: UUID) -> Consent:
    copy = ConsentCopy.table.c
    columns = sa.select(*(copy[name] for name in Consent._fields))
    return Consent(*(await tx.execute(columns.where(copy.id == consent_id))).one())


async def _after(seconds: float, act: Awaitable[None]) -> None:
    await asyncio.sleep(seconds)
    await act


async def test_an_agreement_that_ends_finds_what_is_offered_and_sent_at_that_moment(
    town: Town,
) -> None:
    agreement = await town.agreement()
    opportunity = await town.opportunity(agreement)
    enterprise, consent = await _ready(town, opportunity)
    ministry = await town.client("ministry", "nation")
    seen = {"If-Match": f'"{agreement.event_seq}"'}

    async with asyncio.TaskGroup() as group, town.database.transaction(system("one")) as tx:
        await use_cases.send_referral(tx, a_wish(opportunity.id, enterprise, consent))
        await tx.flush()
        group.create_task(ministry.post(f"/agreements/{agreement.id}/end", headers=seen))
        await eventually(partial(waiting, town.ecosystem, "partners"))

    assert await _open(town) == []
    assert (await town.now(opportunity)).reason == "agreement_ended"


async def _hears_while_somebody_sends(town: Town, state: State, wish: SendReferral) -> None:
    """Let a state come while a referral is sent: it waits until that is committed."""
    async with asyncio.TaskGroup() as group, town.database.transaction(system("one")) as tx:
        await use_cases.send_referral(tx, wish)
        await tx.flush()
        group.create_task(town.hears(state))
        await eventually(partial(waiting, town.ecosystem, "partners"))
