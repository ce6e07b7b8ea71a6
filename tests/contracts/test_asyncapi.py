"""The AsyncAPI document tells what is on the wire: of every example, and of a real topic."""

from functools import partial

import pytest
from pydantic import BaseModel

from deploy.catalogue.asyncapi import document
from shared.events import STATES, EnterpriseState, UnitState
from shared.events.audit import AUDIT_BLOCKS
from shared.events.facilities import BookingState
from shared.events.state import RETRACTED, State
from shared.streams.kafka import Record
from tests.support.asyncapi import DOCUMENT, faults, faults_of
from tests.support.builders import a_key, open_batu, register
from tests.support.ecosystem import Ecosystem
from tests.support.eventually import eventually
from tests.support.messages import a_record
from tests.support.topics import messages

TYPES = {event_type: state for state in STATES for event_type in state.types().values()}


async def enough(registry: Ecosystem, state: type[State], count: int) -> list[Record] | None:
    found = await messages(registry, state.topic)
    return found if len(found) >= count else None


@pytest.mark.usefixtures("topics")
async def test_what_a_real_topic_carries_is_what_the_document_tells(registry: Ecosystem) -> None:
    await open_batu(registry.database("registry"))
    await registry.work("registry")
    await register(registry.database("registry"))
    desk = await registry.client("registry", "batu")
    body = {
        "kind": "enterprise",
        "trade_name": "Kopi “Nyai Ontosoroh”",
        "unit_id": "209ec504-3987-5fa6-8ad7-c117b48f5969",
        "village_code": "35.79.01.1001",
        "kbli": "10794",
        "size_class": "mikro",
    }
    answer = await desk.post("/enterprises", json=body, headers=a_key())

    units = await eventually(partial(enough, registry, UnitState, 1))
    enterprises = await eventually(partial(enough, registry, EnterpriseState, 2))

    assert answer.status_code == 201
    assert [faults(record) for record in (*units, *enterprises)] == [[], [], []]


def test_a_message_that_is_told_of_differently_is_found() -> None:
    record = a_record()
    shouted = [(name, (value or b"").upper()) for name, value in record.headers]
    typed = [each for each in shouted if each[0] != "ce_type"]
    right = [each for each in record.headers if each[0] == "ce_type"]
    odd = Record(record.topic, b"17", b"{}", [*typed, *right, ("ce_actor", b"x")], 0)

    found = faults(odd)

    assert faults(record) == []
    assert found[0] == "ce_actor is not told of"
    assert "'/registry' was expected" in found
    assert "'17' is not a 'uuid'" in found
    assert "'kind' is a required property" in found


@pytest.mark.parametrize("event_type", TYPES)
def test_the_examples_are_what_the_document_tells(event_type: str) -> None:
    message = DOCUMENT["components"]["messages"][event_type]
    (example,) = message["examples"]

    assert faults_of(event_type, "headers", example["headers"]) == []
    assert faults_of(event_type, "payload", example["payload"]) == []


def test_every_topic_is_a_channel_with_a_message_for_each_verb() -> None:
    assert set(DOCUMENT["components"]["messages"]) == set(TYPES)
    assert {topic: set(channel["messages"]) for topic, channel in DOCUMENT["channels"].items()} == {
        state.topic: {*state.verbs} | ({RETRACTED} if state.retractable else set())
        for state in STATES
    }
    assert {state for state in STATES if not state.retractable} == {*AUDIT_BLOCKS.values()}


def test_a_tombstone_of_a_restored_log_is_what_the_document_tells() -> None:
    taken_back = a_record(type=EnterpriseState.retraction(), seq=0, epoch=2, data=None)

    assert faults(taken_back) == []
    assert faults(a_record(data=None)) == ["None is not of type 'object'"]


def test_parts_of_one_name_and_two_forms_are_refused() -> None:
    class Slot(BaseModel):
        """Not the slot that others know."""

    class Other(EnterpriseState):
        """An enterprise."""

        slot: Slot

    with pytest.raises(ValueError, match="called Slot"):
        document([BookingState, Other])
