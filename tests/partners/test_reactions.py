"""What the registry says over Kafka reaches the referrals that rest on it."""

from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.partners.models import Referral
from shared.events.state import State
from shared.streams.codec import to_binary
from shared.streams.kafka import Record
from tests.partners.town import Town
from tests.support.eventually import eventually
from tests.support.topics import speaking

pytestmark = pytest.mark.usefixtures("topics")


def _said(state: State, verb: str) -> Record:
    """The message by which the registry tells of a state, later than all that was heard."""
    row: dict[str, Any] = {
        "event_id": uuid4(),
        "topic": state.topic,
        "key": str(state.id),
        "epoch": 2,
        "seq": 1,
        "type": state.event_type(verb),
        "release": 1,
        "occurred_at": datetime.now(UTC),
        "traceparent": None,
        "tracestate": None,
        "causation": None,
        "correlation": None,
        "unit": None,
        "data": state.model_dump_json(),
    }
    return to_binary(row)


async def _is_revoked(town: Town, referral: Referral, reason: str) -> bool:
    found = await town.now(referral)
    return (found.status, found.reason) == ("revoked", reason)


async def _consent_withdrawn(town: Town, referral: Referral) -> Record:
    return _said(town.changed(referral.consent_id, status="withdrawn"), "withdrawn")


async def _consent_narrowed(town: Town, referral: Referral) -> Record:
    return _said(town.changed(referral.consent_id, fields=("trade_name",)), "granted")


async def _enterprise_closed(town: Town, referral: Referral) -> Record:
    return _said(town.changed(referral.enterprise_id, status="closed"), "closed")


async def _merged_into_a_closed_one(town: Town, referral: Referral) -> Record:
    successor = await town.enterprise(status="closed")
    return _said(town.changed(referral.enterprise_id, merged_into=successor), "closed")


ENDINGS = [
    (_consent_withdrawn, "consent_withdrawn"),
    (_consent_narrowed, "consent_withdrawn"),
    (_enterprise_closed, "enterprise_closed"),
    (_merged_into_a_closed_one, "enterprise_closed"),
]


@pytest.mark.parametrize("accepted", [False, True])
async def test_what_a_referral_rests_on_ends_and_the_referral_is_revoked(
    town: Town, *, accepted: bool
) -> None:
    opportunity = await town.opportunity()
    ended = [(await town.referral(opportunity, accepted=accepted), *each) for each in ENDINGS]
    others = await town.referral(opportunity, accepted=accepted)
    messages = [await say(town, referral) for referral, say, _ in ended]
    await town.ecosystem.work("partners")

    async with speaking(town.ecosystem) as registry:
        await registry.say(*messages)
        for referral, _, reason in ended:
            await eventually(partial(_is_revoked, town, referral, reason))

    left = await town.now(opportunity)
    assert (left.taken, left.referred) == (1, [UUID(str(others.enterprise_id))])
    assert (await town.now(others)).status == ("accepted" if accepted else "sent")


async def test_a_batch_that_ends_several_referrals_of_one_opportunity_frees_each_place_once(
    town: Town,
) -> None:
    opportunity = await town.opportunity(quota=3)
    referrals = [await town.referral(opportunity) for _ in range(3)]

    async with town.database.transaction() as tx:
        for referral in referrals:
            await town.takes(tx, town.changed(referral.consent_id, status="withdrawn"))

    free = await town.now(opportunity)
    assert (free.taken, free.referred, free.status) == (0, [], "published")
