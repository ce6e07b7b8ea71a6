"""An engine for the tests of containers; whatever they start is gone when they end."""

from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from pathlib import Path

import docker
import pytest
from testcontainers.core.docker_client import DockerClient

from deploy.local.containers import (
    engine_answers,
    kafka_container,
    postgres_container,
    remove_volumes,
)
from tests.conformance.engine import engine_of_our_own
from tests.conformance.stand_ins import make_stand_in

_DESCRIBED = (postgres_container, kafka_container)
_NOT_SERVERS = ("python:3.11-slim-bookworm", "otel/opentelemetry-collector-contrib:0.128.0")


@pytest.fixture(scope="module")
def ours() -> Iterator[bool]:
    """Whether the engine is our own; only the module that asks for it can find it."""
    with pytest.MonkeyPatch.context() as patch, ExitStack() as stack:
        patch.delenv("SINERGI_POSTGRES_URL", raising=False)
        patch.delenv("SINERGI_KAFKA", raising=False)
        ours = not engine_answers()
        if ours:
            patch.setenv("DOCKER_HOST", stack.enter_context(engine_of_our_own()))
            # Its image cannot be fetched either; what it would end goes with the engine.
            patch.setenv("TESTCONTAINERS_RYUK_DISABLED", "true")
        yield ours


@pytest.fixture(scope="module")
def engine(
    ours: bool,  # noqa: FBT001 (a fixture)
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[docker.DockerClient]:
    """An engine that has the images of both servers."""
    with closing(DockerClient().client) as client:
        for describe in _DESCRIBED:
            _bring(client, describe(tmp_path_factory.getbasetemp()).image, may_make=ours)
        yield client


@pytest.fixture(scope="module")
def builder(engine: docker.DockerClient, ours: bool) -> docker.DockerClient:  # noqa: FBT001 (as above)
    """The same, with what the images of services are made of, and what watches over them."""
    for image in _NOT_SERVERS:
        _bring(engine, image, may_make=ours)
    return engine


@pytest.fixture
def folder(engine: docker.DockerClient, tmp_path: Path) -> Iterator[Path]:
    """A folder whose containers and volumes are removed with it."""
    yield tmp_path
    for describe in _DESCRIBED:
        with suppress(docker.errors.NotFound):
            engine.containers.get(describe(tmp_path).volume).remove(force=True, v=True)
    remove_volumes(tmp_path)


def _bring(client: docker.DockerClient, image: str, *, may_make: bool) -> None:
    # An engine that others use must never hold something of ours under an official name.
    with suppress(docker.errors.ImageNotFound):
        client.images.get(image)
        return
    try:
        client.images.pull(image)
    except (docker.errors.DockerException, OSError):
        if not may_make:
            pytest.fail(f"The container engine cannot fetch {image}: fetch or load it by hand.")
        make_stand_in(client, image)
