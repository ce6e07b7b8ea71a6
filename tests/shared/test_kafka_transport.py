"""Kafka that proves who it is and asks it of us: no stranger comes in, and none is believed."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from aiokafka.errors import KafkaError
from pydantic import SecretStr

from shared.streams.kafka import (
    Consumer,
    Message,
    Record,
    SecuredBrokers,
    ensure_topics,
    open_consumer,
    open_producer,
)
from shared.streams.kafka.whole import read_whole
from tests.support.certificates import Authority
from tests.support.secured_kafka import PASSWORD, USER, SecuredKafka
from tests.support.unconcerned import Unconcerned

TOPIC = "secured"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def kafka(authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SecuredKafka]:
    server = SecuredKafka(tmp_path_factory.mktemp("kafka"), authority.server("localhost"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def brokers(kafka: SecuredKafka, authority: Authority) -> SecuredBrokers:
    return SecuredBrokers(kafka.secured, authority.file, USER, SecretStr(PASSWORD))


async def first(consumer: Consumer) -> list[Message]:
    async with asyncio.timeout(30):
        while True:
            for messages in (await consumer.poll(1)).values():
                return list(messages)


async def test_every_client_of_ours_comes_in_under_its_name(brokers: SecuredBrokers) -> None:
    await ensure_topics(brokers, [TOPIC], partitions=1, replication=1)
    async with open_producer(brokers, "secured-relay") as producer:
        await producer.send([Record(TOPIC, b"key", b"value", [], 1)])

    read = [message.value async for message in read_whole(brokers, TOPIC)]
    async with open_consumer(brokers, "secured-group", [TOPIC], Unconcerned()) as consumer:
        heard = [message.value for message in await first(consumer)]

    assert read == heard == [b"value"]


async def test_who_has_not_the_password_stays_outside(brokers: SecuredBrokers) -> None:
    guessed = replace(brokers, password=SecretStr("a-password-of-another"))
    nameless = replace(brokers, user=None)

    for stranger in (guessed, nameless, brokers.addresses):
        with pytest.raises((KafkaError, TimeoutError)):
            await ensure_topics(stranger, ["strange"], partitions=1, replication=1)


async def test_brokers_that_another_authority_vouches_for_are_not_believed(
    brokers: SecuredBrokers, tmp_path: Path
) -> None:
    trusting_another = replace(brokers, ca_file=Authority(tmp_path).file)

    with pytest.raises(KafkaError):
        await ensure_topics(trusting_another, [TOPIC], partitions=1, replication=1)


async def test_brokers_under_another_name_are_not_believed(brokers: SecuredBrokers) -> None:
    elsewhere = replace(brokers, addresses=brokers.addresses.replace("localhost", "127.0.0.1"))

    with pytest.raises(KafkaError):
        await ensure_topics(elsewhere, [TOPIC], partitions=1, replication=1)
