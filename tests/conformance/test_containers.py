"""Where a container engine answers, the two servers are its containers and keep their word."""

import asyncio
from dataclasses import replace
from pathlib import Path

import docker
import pytest

from deploy.local.containers import (
    kafka_container,
    postgres_container,
    remove_volumes,
)
from deploy.local.parts import Parts, real_parts, start_together, stop_in_order
from deploy.local.refusals import CannotStart
from tests.journeys import test_enterprise_is_known_everywhere as journey
from tests.local.test_kafka import read, write
from tests.local.test_postgres import ask
from tests.support.databases import migrated_templates
from tests.support.ecosystem import fresh_ecosystem

pytestmark = pytest.mark.conformance


async def test_an_enterprise_is_known_everywhere_on_containers_too(
    engine: docker.DockerClient,
) -> None:
    before = volumes(engine)

    with real_parts() as parts:
        running = {container.image.tags[0] for container in engine.containers.list()}
        templates = await asyncio.to_thread(migrated_templates, parts)
        async with fresh_ecosystem(parts, templates) as ecosystem:
            await ecosystem.create_topics()
            await journey.test_what_becomes_of_an_enterprise_is_known_everywhere(ecosystem)

    assert {"postgres:18", "apache/kafka:4.3.1"} <= running
    assert volumes(engine) == before


async def test_a_later_start_finds_what_an_earlier_one_was_told(
    engine: docker.DockerClient, folder: Path
) -> None:
    before = volumes(engine)
    first = postgres_container(folder), kafka_container(folder)
    parts = start_together(*first)
    await tell(parts)
    stop_in_order(*first)

    later = postgres_container(folder), kafka_container(folder)
    parts = start_together(*later)

    assert await hear(parts) == (42, b"still here")
    stop_in_order(*later)
    assert len(volumes(engine) - before) == 2
    remove_volumes(folder)
    assert volumes(engine) == before


async def test_data_is_never_open_in_two_containers(
    engine: docker.DockerClient, folder: Path
) -> None:
    killed = postgres_container(folder)
    await ask(killed.start(), "CREATE TABLE kept AS SELECT 42 AS answer")
    later = postgres_container(folder)

    address = later.start()

    mounted = {"volume": later.volume}
    assert len(engine.containers.list(all=True, filters=mounted)) == 1
    assert not killed.running
    assert await ask(address, "SELECT answer FROM kept") == 42
    later.stop()


async def test_a_container_that_died_is_started_again_with_what_it_acknowledged(
    engine: docker.DockerClient, folder: Path
) -> None:
    postgres = postgres_container(folder)
    address = postgres.start()
    await ask(address, "CREATE TABLE kept AS SELECT 42 AS answer")

    engine.containers.get(postgres.volume).kill()
    engine.containers.get(postgres.volume).wait(timeout=30)

    assert not postgres.running
    assert postgres.start() == address
    assert await ask(address, "SELECT answer FROM kept") == 42
    postgres.stop()


@pytest.mark.usefixtures("engine")
def test_an_image_that_cannot_be_had_is_named(folder: Path) -> None:
    unknown = replace(postgres_container(folder), image="sinergi/nowhere:1")

    with pytest.raises(CannotStart, match=r"sinergi/nowhere:1 did not start: "):
        unknown.start()

    assert not unknown.running


def test_a_server_that_ends_at_once_says_why(engine: docker.DockerClient, folder: Path) -> None:
    wrong = replace(postgres_container(folder), command=("postgres", "-c", "max_connections=none"))

    with pytest.raises(CannotStart, match="invalid value for parameter"):
        wrong.start()

    assert engine.containers.list(all=True, filters={"volume": wrong.volume}) == []


async def tell(parts: Parts) -> None:
    await ask(parts.postgres_url, "CREATE TABLE kept AS SELECT 42 AS answer")
    await write(parts.kafka, "kept", b"still here")


async def hear(parts: Parts) -> tuple[object, bytes | None]:
    answer = await ask(parts.postgres_url, "SELECT answer FROM kept")
    return answer, await read(parts.kafka, "kept")


def volumes(engine: docker.DockerClient) -> set[str]:
    return {volume.name for volume in engine.volumes.list()}
