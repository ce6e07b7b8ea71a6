"""Real parts are found in one order: the environment, a container engine, our own servers."""

import socket
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from deploy.local.container import Container
from deploy.local.containers import engine_answers, volume_mark
from deploy.local.kafka import Kafka
from deploy.local.parts import Given, Part, Parts, find_kafka, find_postgres, real_parts
from deploy.local.postgres import Postgres
from deploy.local.refusals import CannotStart


def test_an_address_in_the_environment_comes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SINERGI_POSTGRES_URL", "postgresql://postgres@127.0.0.1:1/postgres")
    monkeypatch.setenv("SINERGI_KAFKA", "127.0.0.1:2")

    found = find_postgres(tmp_path, containers=True), find_kafka(tmp_path, containers=True)

    assert all(isinstance(part, Given) for part in found)
    assert [part.start() for part in found] == [
        "postgresql://postgres@127.0.0.1:1/postgres",
        "127.0.0.1:2",
    ]


@pytest.fixture
def no_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SINERGI_POSTGRES_URL", raising=False)
    monkeypatch.delenv("SINERGI_KAFKA", raising=False)


@pytest.mark.usefixtures("no_addresses")
def test_a_container_comes_before_our_own_servers(tmp_path: Path) -> None:
    contained = find_postgres(tmp_path, containers=True), find_kafka(tmp_path, containers=True)
    own = find_postgres(tmp_path, containers=False), find_kafka(tmp_path, containers=False)

    assert [part.image for part in contained if isinstance(part, Container)] == [
        "postgres:18",
        "apache/kafka:4.3.1",
    ]
    assert [type(part) for part in own] == [Postgres, Kafka]


@pytest.mark.usefixtures("no_addresses")
def test_data_of_our_own_servers_stays_theirs_when_an_engine_answers(tmp_path: Path) -> None:
    for server in ("postgresql", "kafka"):
        (tmp_path / server / "data").mkdir(parents=True)

    found = find_postgres(tmp_path, containers=True), find_kafka(tmp_path, containers=True)

    assert [type(part) for part in found] == [Postgres, Kafka]
    assert {part.source for part in found} == {"our own"}


@pytest.mark.usefixtures("no_addresses")
@pytest.mark.parametrize(("find", "server"), [(find_postgres, "postgresql"), (find_kafka, "kafka")])
def test_data_in_a_volume_is_not_left_behind_when_no_engine_answers(
    tmp_path: Path, find: Callable[..., Part], server: str
) -> None:
    mark = volume_mark(tmp_path, server)
    mark.parent.mkdir()
    mark.write_text("its name")

    with pytest.raises(CannotStart, match="start the engine"):
        find(tmp_path, containers=False)

    assert find(tmp_path, containers=True).source == "in a container"


def test_an_engine_that_does_not_answer_costs_seconds_at_most(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DOCKER_HOST", "tcp://127.0.0.1:1")
    started = time.monotonic()

    assert not engine_answers()
    assert time.monotonic() - started < 5


@pytest.mark.usefixtures("no_addresses")
def test_a_test_session_leaves_no_data_behind(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    with real_parts() as parts:
        during = list(tmp_path.iterdir())

    assert isinstance(parts, Parts)
    assert len(during) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_socket_that_nobody_serves_is_no_engine(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    place = tmp_path / "docker.sock"
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(place))
    monkeypatch.setenv("DOCKER_HOST", f"unix://{place}")

    assert place.is_socket()
    assert not engine_answers()  # and leaves nothing open, of which Python would warn
