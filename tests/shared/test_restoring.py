"""What Kafka tells of a log that is being restored."""

import pytest

from services.registry.ids import unit_id
from shared.events import UnitState
from shared.streams.kafka import Record
from shared.streams.restoring import heard_on
from tests.support.builders import BATU
from tests.support.ecosystem import Ecosystem
from tests.support.topics import speaking

pytestmark = pytest.mark.usefixtures("topics")


async def test_keys_that_no_event_can_have_are_not_taken_back(registry: Ecosystem) -> None:
    ours = str(unit_id(BATU))
    keys = (b"a NUL \x00", b"\xff", b"", b"no-uuid", ours.upper().encode(), ours.encode())
    async with speaking(registry) as speaker:
        await speaker.say(*(Record(UnitState.topic, key, b"{", [], 0) for key in keys))

    heard = await heard_on(registry.parts.kafka, [UnitState], registry.prefix)

    assert heard.keys == {UnitState: {ours}}
