"""What a running ecosystem carries on its topics, and shows of them, is what the documents tell."""

import httpx

from shared.events import STATES, TOPICS
from tests.support.asyncapi import DOCUMENT, faults
from tests.support.launched import Launched
from tests.support.topics import everything_on

SEEDED = {
    "registry.unit.v1",
    "registry.enterprise.v1",
    "mentoring.consultant.v1",
    "partners.partner.v1",
    "facilities.facility.v1",
}


async def test_every_message_of_every_topic_is_told_of(launched: Launched) -> None:
    records = await everything_on(launched.here.kafka, *TOPICS)

    assert {record.topic for record in records} >= SEEDED
    assert [found for record in records if (found := faults(record))] == []


async def test_the_address_of_the_ecosystem_shows_what_is_said(launched: Launched) -> None:
    async with httpx.AsyncClient(base_url=launched.here.url, timeout=20) as client:
        entered = await client.get("/events", follow_redirects=True)
        told = await client.get("/events/asyncapi.json")
        schemas = [await client.get(f"/schemas/{state.topic}/1.json") for state in STATES]

    assert all(topic in entered.text for topic in TOPICS)
    assert told.json() == DOCUMENT
    assert all(schema.is_success for schema in schemas)
