"""The images of the services run as a cluster would run them, from the file that shows them all."""

import asyncio
from collections.abc import Iterator
from functools import partial
from ipaddress import ip_network
from pathlib import Path

import docker
import httpx
import pytest

from deploy.local.postgres import QUIET
from shared.telemetry.keys import METRIC_KEYS, SPAN_KEYS
from tests.conformance.deployment import PROJECT, Deployment, prepare
from tests.support.builders import BATU, a_key, an_enterprise
from tests.support.databases import SERVICES
from tests.support.eventually import eventually
from tests.support.tokens import TestIssuer

pytestmark = [pytest.mark.conformance, pytest.mark.timeout(1800)]

_RUNNING = [f"{service}-{part}" for service in SERVICES for part in ("api", "worker")]
_ENOUGH_S = 60.0
_OPEN = f"""
import asyncio
from services.registry.schemas import OpenUnit
from services.registry.settings import Settings
from services.registry.use_cases import open_unit
from shared.access.actor import system
from shared.database import Database

async def main():
    database = Database(Settings().database_url)
    async with database.transaction(system("test")) as tx:
        await open_unit(tx, OpenUnit(level="regency", region_code="{BATU}"))
    await database.close()

asyncio.run(main())
"""
_STATUS = "import sys; sys.stdout.write(open('/proc/1/status').read())"
_WRITE = "open('/opt/sinergi/written', 'w')"
_FIND = "import socket, sys; socket.getaddrinfo(sys.argv[1], 9092)"


@pytest.fixture(scope="module")
def issuer(builder: docker.DockerClient) -> Iterator[TestIssuer]:
    """An issuer where containers find this machine."""
    bridge = builder.networks.get("bridge").attrs["IPAM"]["Config"][0]
    first = next(ip_network(bridge["Subnet"]).hosts())
    with TestIssuer(host=bridge.get("Gateway", str(first))) as issuer:
        yield issuer


@pytest.fixture(scope="module")
def deployment(
    issuer: TestIssuer, pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Deployment]:
    """Everything built and running, an issuer outside."""
    folder = tmp_path_factory.mktemp("deployment")
    deployment = asyncio.run(prepare(pytestconfig.rootpath, folder, issuer.file))
    try:
        asyncio.run(deployment.build())
        asyncio.run(deployment.up())
        yield deployment
    finally:
        asyncio.run(deployment.down())


async def test_a_registration_is_known_in_every_service_also_after_all_was_stopped(
    deployment: Deployment, issuer: TestIssuer, builder: docker.DockerClient
) -> None:
    await deployment.inside("registry-worker", "python", "-c", _OPEN)

    async with client(deployment, issuer, "registry", "batu") as desk:
        answer = await desk.post("/enterprises", json=an_enterprise(), headers=a_key())

    assert answer.status_code == 201, answer.text
    address = f"/enterprises/{answer.json()['id']}"
    for service in SERVICES:
        assert await heard(deployment, issuer, service, address) == "Keripik Apel Panderman"

    await deployment.compose("stop")
    ended = {name: container(builder, name).attrs["State"]["ExitCode"] for name in _RUNNING}
    await deployment.up()

    assert ended == dict.fromkeys(_RUNNING, 0)
    for service in SERVICES:
        assert await heard(deployment, issuer, service, address) == "Keripik Apel Panderman"


@pytest.mark.parametrize("name", _RUNNING)
async def test_a_service_runs_as_nobody_and_can_write_nowhere(
    deployment: Deployment, name: str
) -> None:
    told = await deployment.inside(name, "python", "-c", _STATUS)
    status = dict(line.split(":\t", 1) for line in told.splitlines() if ":\t" in line)

    assert set(status["Uid"].split()) == set(status["Gid"].split()) == {"10001"}
    assert {int(status[f"Cap{kind}"], 16) for kind in ("Inh", "Prm", "Eff", "Bnd")} == {0}
    assert status["NoNewPrivs"] == "1"
    assert status["Name"] == "python"
    with pytest.raises(AssertionError, match="Read-only file system"):
        await deployment.inside(name, "python", "-c", _WRITE)


async def test_an_api_has_no_way_to_kafka(deployment: Deployment) -> None:
    await deployment.inside("registry-worker", "python", "-c", _FIND, "kafka")

    with pytest.raises(AssertionError, match="gaierror"):
        await deployment.inside("registry-api", "python", "-c", _FIND, "kafka")


async def test_every_service_tells_the_collector_what_it_does(deployment: Deployment) -> None:
    async def told() -> bool:
        said = await deployment.compose("logs", "--no-log-prefix", "collector")
        return all(f"service.name={service}-api" in said for service in SERVICES)

    await eventually(told, within=_ENOUGH_S)


async def test_no_secret_is_in_an_image_or_in_the_environment(
    deployment: Deployment, builder: docker.DockerClient
) -> None:
    secrets = {file.read_text().strip() for file in (deployment.folder / "secrets").iterdir()}
    passwords = {text.rpartition(":")[2].partition("@")[0] for text in secrets}
    seen = [str(each.attrs) for each in (*builder.containers.list(), *builder.images.list())]

    assert len(passwords) == 14
    assert not [text for text in seen if any(password in text for password in passwords)]


async def test_nothing_starts_without_secrets_and_issuers_of_its_own(
    deployment: Deployment, tmp_path: Path
) -> None:
    (tmp_path / "told.env").touch()
    (tmp_path / "here.json").write_text("{}")
    unprepared = Deployment(deployment.program, deployment.root, tmp_path, {})

    with pytest.raises(AssertionError, match=r"SINERGI_(SECRETS|ISSUERS).* is missing a value"):
        await unprepared.compose("config")


async def test_the_servers_are_told_to_keep_to_themselves_what_they_read(
    deployment: Deployment,
) -> None:
    described = await deployment.described()
    collector = (deployment.root / "deploy/compose/collector.yaml").read_text()

    told = described["services"]["postgres"]["command"]
    let_through = [line[8:] for line in collector.splitlines() if line.startswith("      - ")]

    assert told == ["postgres", *(f for name, v in QUIET.items() for f in ("-c", f"{name}={v}"))]
    assert let_through == ["service.name", "service.instance.id", *(SPAN_KEYS | METRIC_KEYS)]


def client(
    deployment: Deployment, issuer: TestIssuer, service: str, persona: str
) -> httpx.AsyncClient:
    """A client of a service in its container."""
    url = f"http://127.0.0.1:{deployment.ports[service]}/api/{service}/v1"
    headers = {"Authorization": f"Bearer {issuer.token(persona)}"}
    return httpx.AsyncClient(base_url=url, headers=headers, timeout=15)


async def heard(deployment: Deployment, issuer: TestIssuer, service: str, address: str) -> str:
    """Return the name under which a service knows the enterprise, once it knows it."""
    async with client(deployment, issuer, service, "operator") as asking:
        return await eventually(partial(_name, asking, address), within=_ENOUGH_S)


async def _name(asking: httpx.AsyncClient, address: str) -> str | None:
    answer = await asking.get(address)
    return str(answer.json()["trade_name"]) if answer.is_success else None


def container(engine: docker.DockerClient, name: str) -> docker.models.containers.Container:
    """Return the container of a part of a service."""
    return engine.containers.get(f"{PROJECT}-{name}-1")
