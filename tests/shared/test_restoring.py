"""What Kafka tells of a log that is being restored."""

import pytest

from services.registry.ids import unit_id
from shared.events import EnterpriseState, UnitState
from shared.streams.codec import MOST_EPOCHS
from shared.streams.kafka import Record
from shared.streams.restoring import heard_on
from tests.support.builders import BATU
from tests.support.ecosystem import Ecosystem
from tests.support.messages import a_record
from tests.support.topics import speaking

pytestmark = pytest.mark.usefixtures("topics")


async def test_keys_that_no_event_can_have_are_not_taken_back(registry: Ecosystem) -> None:
    ours = str(unit_id(BATU))
    keys = (b"a NUL \x00", b"\xff", b"", b"no-uuid", ours.upper().encode(), ours.encode())
    async with speaking(registry) as speaker:
        await speaker.say(*(Record(UnitState.topic, key, b"{", [], 0) for key in keys))

    heard = await heard_on(registry.parts.kafka, [UnitState], registry.prefix)

    assert heard.keys == {UnitState: {ours}}


async def test_an_epoch_that_would_end_all_restores_is_not_believed(registry: Ecosystem) -> None:
    async with speaking(registry) as speaker:
        for epoch in (3, MOST_EPOCHS, MOST_EPOCHS + 1, 2**31 - 1):
            await speaker.say(a_record(epoch=epoch))

    heard = await heard_on(registry.parts.kafka, [EnterpriseState], registry.prefix)

    assert heard.epoch == 3
