"""Our own Kafka is a real broker whose topics outlive a restart and a crash."""

import asyncio
from collections.abc import Iterator

import psutil
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import UnknownTopicOrPartitionError

from deploy.local.kafka import Kafka


@pytest.fixture(scope="module")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kafka]:
    """One for all tests, in a folder with all that its name may hold."""
    server = Kafka(tmp_path_factory.mktemp("kafka") / "salinan, déjà 2 = пример#\\")
    yield server
    server.stop()


@pytest.fixture(scope="module")
def address(kafka: Kafka) -> str:
    """Where it answers, also after a restart."""
    return kafka.start()


async def write(address: str, topic: str, value: bytes) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=address)
    await admin.start()
    await admin.create_topics([NewTopic(topic, 1, 1)])
    await admin.close()
    producer = AIOKafkaProducer(bootstrap_servers=address, enable_idempotence=True)
    await producer.start()
    await producer.send_and_wait(topic, value)
    await producer.stop()


async def read(address: str, topic: str) -> bytes | None:
    consumer = AIOKafkaConsumer(topic, bootstrap_servers=address, auto_offset_reset="earliest")
    await consumer.start()
    try:
        return bytes((await asyncio.wait_for(consumer.getone(), 20)).value)
    finally:
        await consumer.stop()


@pytest.mark.parametrize("end", ["stop", "kill"])
async def test_a_topic_survives_a_restart_at_the_same_address(
    kafka: Kafka, address: str, end: str
) -> None:
    await write(address, f"kept-{end}", b"still here")

    if end == "kill":
        psutil.Process(kafka.pid).kill()
    kafka.stop()
    again = kafka.start()

    assert again == address
    assert await read(again, f"kept-{end}") == b"still here"


async def test_a_topic_is_never_created_by_mistake(address: str) -> None:
    producer = AIOKafkaProducer(
        bootstrap_servers=address, request_timeout_ms=1000, metadata_max_age_ms=500
    )
    await producer.start()

    with pytest.raises(UnknownTopicOrPartitionError):
        await producer.partitions_for("mispelled")

    await producer.stop()


@pytest.mark.usefixtures("address")
def test_it_listens_on_the_loopback_address_only(kafka: Kafka) -> None:
    connections = psutil.Process(kafka.pid).net_connections()

    listening = {place.laddr.ip for place in connections if place.status == "LISTEN"}
    assert {address.removeprefix("::ffff:") for address in listening} == {"127.0.0.1"}


async def test_a_folder_may_have_any_name(kafka: Kafka, address: str) -> None:
    await write(address, "kept", b"still here")

    assert await read(address, "kept") == b"still here"
    assert (kafka.folder / "data" / "kept-0").is_dir()
