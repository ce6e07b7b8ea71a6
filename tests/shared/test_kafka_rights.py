"""A broker that goes by the rendered rights lets each user do what is its own, and no more."""

import asyncio
from collections.abc import Iterator

import pytest
from aiokafka import AIOKafkaConsumer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import (
    GroupAuthorizationFailedError,
    KafkaError,
    TopicAuthorizationFailedError,
)
from aiokafka.protocol.admin import CreateAclsRequest
from pydantic import SecretStr

from deploy.acls.users import Right, users
from shared.streams.kafka import Record, SecuredBrokers, ensure_topics, open_producer
from shared.streams.kafka.brokers import reach
from tests.support.certificates import Authority
from tests.support.secured_kafka import PASSWORD, SecuredKafka

pytestmark = pytest.mark.proof

UNITS, CONSENTS, SESSIONS = "registry.unit.v1", "registry.consent.v1", "mentoring.session.v1"
ANYWHERE, ALLOW = "*", 3
# Numbers of the protocol.
RESOURCES = {"topic": 2, "group": 3, "transactionalId": 5}
OPERATIONS = {"Read": 3, "Write": 4, "Create": 5, "Describe": 8}
LITERAL, PREFIXED = 3, 4


class StrictKafka(SecuredKafka):
    """Allows nobody anything that no right allows, except at its first door."""

    users = ("registry", "mentoring", "scoreboard")

    def _settings(self, port: int, controller_port: int) -> str:
        authorizer = "org.apache.kafka.metadata.authorizer.StandardAuthorizer"
        told = f"authorizer.class.name={authorizer}\nsuper.users=User:ANONYMOUS\n"
        return super()._settings(port, controller_port) + told


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def kafka(authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> Iterator[StrictKafka]:
    server = StrictKafka(tmp_path_factory.mktemp("kafka"), authority.server("localhost"))
    address = server.start()
    asyncio.run(_grant(address))
    yield server
    server.stop()


async def _grant(address: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=address)
    await admin.start()
    try:
        for user in users():
            for right in user.rights:
                for operation in right.operations:
                    answer = await admin._send_request(_acl(user.name, right, operation))  # noqa: SLF001
                    assert [code for code, _ in answer.creation_responses] == [0]
    finally:
        await admin.close()


def _acl(user: str, right: Right, operation: str) -> CreateAclsRequest:
    return CreateAclsRequest(
        RESOURCES[right.resource],
        right.name,
        PREFIXED if right.prefix else LITERAL,
        f"User:{user}",
        ANYWHERE,
        OPERATIONS[operation],
        ALLOW,
    )


class Party:
    """One user at the second door."""

    def __init__(self, kafka: StrictKafka, authority: Authority, name: str) -> None:
        self.brokers = SecuredBrokers(kafka.secured, authority.file, name, SecretStr(PASSWORD))

    async def says(self, topic: str, fence: str) -> None:
        async with open_producer(self.brokers, fence) as producer:
            await producer.send([Record(topic, b"key", b"{}", [], 1)])

    async def reads(self, topic: str, group: str) -> bytes | None:
        consumer = AIOKafkaConsumer(
            topic, group_id=group, auto_offset_reset="earliest", **reach(self.brokers)
        )
        try:
            async with asyncio.timeout(30):
                await consumer.start()
                message = await consumer.getone()
                await consumer.commit()
        finally:
            await consumer.stop()
        value: bytes | None = message.value
        return value


@pytest.fixture
async def parties(kafka: StrictKafka, authority: Authority) -> dict[str, Party]:
    """The users; each service has made its topics and said something."""
    found = {name: Party(kafka, authority, name) for name in kafka.users}
    for topic in (UNITS, CONSENTS, SESSIONS):
        service = topic.partition(".")[0]
        await ensure_topics(found[service].brokers, [topic], partitions=1, replication=1)
        await found[service].says(topic, f"{service}-relay")
    return found


async def test_a_subscriber_reads_its_topics_in_its_groups(parties: dict[str, Party]) -> None:
    assert await parties["scoreboard"].reads(UNITS, "scoreboard.counts") == b"{}"
    assert await parties["mentoring"].reads(UNITS, "mentoring") == b"{}"


async def test_a_subscriber_reads_nothing_else(parties: dict[str, Party]) -> None:
    with pytest.raises(TopicAuthorizationFailedError):
        await parties["scoreboard"].reads(CONSENTS, "scoreboard.counts")
    for group in ("scoreboard", "mentoring"):
        with pytest.raises(GroupAuthorizationFailedError):
            await parties["scoreboard"].reads(UNITS, group)


async def test_nobody_speaks_for_another(parties: dict[str, Party]) -> None:
    for name, topic, fence in [
        ("scoreboard", UNITS, "scoreboard-relay"),
        ("mentoring", SESSIONS, "registry-relay"),
        ("mentoring", UNITS, "mentoring-relay"),
    ]:
        with pytest.raises(KafkaError, match="uthoriz"):
            await parties[name].says(topic, fence)


async def test_nobody_makes_a_topic_for_another(parties: dict[str, Party]) -> None:
    for name in ("mentoring", "scoreboard"):
        with pytest.raises(KafkaError, match="uthoriz"):
            await ensure_topics(
                parties[name].brokers, ["registry.visit.v1"], partitions=1, replication=1
            )
