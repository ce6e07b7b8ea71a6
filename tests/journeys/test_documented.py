"""What a running ecosystem carries on its topics, and shows of them, is what the documents tell."""

import httpx
import pytest

from deploy.cli.demo.day.scene import Scene
from deploy.cli.demo.day.story import STEPS
from shared.events import STATES, TOPICS
from tests.journeys.stage import play
from tests.support.asyncapi import DOCUMENT, faults
from tests.support.launched import Launched
from tests.support.topics import everything_on

pytestmark = pytest.mark.proof


async def test_every_message_of_a_day_is_told_of(launched: Launched, scene: Scene) -> None:
    await play(scene, *(step.act for step in STEPS))

    records = await everything_on(launched.here.kafka, *TOPICS)

    silent = {topic for topic in TOPICS if topic not in {record.topic for record in records}}
    assert all(topic.endswith(".audit-block.v1") for topic in silent), silent
    assert [found for record in records if (found := faults(record))] == []


async def test_the_address_of_the_ecosystem_shows_what_is_said(launched: Launched) -> None:
    async with httpx.AsyncClient(base_url=launched.here.url, timeout=20) as client:
        entered = await client.get("/events", follow_redirects=True)
        told = await client.get("/events/asyncapi.json")
        schemas = [await client.get(f"/schemas/{state.topic}/1.json") for state in STATES]

    assert all(topic in entered.text for topic in TOPICS)
    assert told.json() == DOCUMENT
    assert all(schema.is_success for schema in schemas)
