"""How far a copy is behind is never told too small."""

import time

import pytest
from aiokafka import TopicPartition

from deploy.local.lags import behind, kafka_answers, lags
from deploy.local.waits import waits
from shared.events import EnterpriseState
from tests.support.ecosystem import Ecosystem
from tests.support.eventually import eventually
from tests.support.messages import a_record
from tests.support.topics import speaking

FIRST, SECOND = TopicPartition("registry.unit.v1", 0), TopicPartition("registry.unit.v1", 1)


def test_a_partition_without_a_committed_offset_has_all_to_go() -> None:
    ends, first = {FIRST: 10, SECOND: 7}, {FIRST: 0, SECOND: 2}

    assert behind(ends, first, {FIRST: 9}) == 1 + 5
    assert behind(ends, first, {FIRST: 10, SECOND: -1}) == 5
    assert behind(ends, first, {FIRST: 10, SECOND: 7}) == 0


async def test_where_no_kafka_answers_no_lag_is_known() -> None:
    assert not await kafka_answers("127.0.0.1:1")
    assert await lags("127.0.0.1:1", ("registry", "partners")) == {
        "registry": {"facilities.tenancy.v1": None},
        "partners": dict.fromkeys(
            ("registry.unit.v1", "registry.enterprise.v1", "registry.consent.v1")
        ),
    }
    assert await waits("127.0.0.1:1", {"registry": {"a": None, "b": 0, "c": 3}}) == {
        "registry": {"a": None, "b": 0.0, "c": None}
    }


@pytest.mark.usefixtures("topics")
async def test_a_lag_is_as_old_as_the_first_event_that_is_not_taken_in(registry: Ecosystem) -> None:
    topic = registry.prefix + EnterpriseState.topic
    began = time.time()
    async with speaking(registry) as speaker:
        await speaker.say(a_record(), a_record())

    async def known() -> float | None:
        return (await waits(registry.parts.kafka, {"nobody": {topic: 2}}))["nobody"][topic]

    # The first who asks for a group's offsets makes the broker begin to keep them.
    age = await eventually(known)
    assert 0 < age <= time.time() - began
