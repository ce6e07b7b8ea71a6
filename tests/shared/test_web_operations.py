"""An operation does nothing before it knows what it was sent, and takes only what it declares."""

from pathlib import Path
from typing import Any

import pytest
from fastapi import APIRouter
from pydantic import BaseModel

from shared.access.web import CurrentActor
from shared.web.bodies import Command, Lax
from shared.web.operations import Operation
from shared.web.service import create_service
from tests.support.ecosystem import Ecosystem
from tests.support.matrices import open_to_everyone
from tests.support.planted import is_problem, planted

router = APIRouter(route_class=Operation)
done: list[str] = []


@router.post("/bare")
async def do(_: CurrentActor) -> None:
    """Take no body, and leave a trace."""
    done.append("bare")


class Part(Command):
    """A part of a body."""

    size: int


async def test_a_size_that_is_too_large_is_refused_before_anything_is_done(
    registry: Ecosystem, tmp_path: Path
) -> None:
    async with planted(registry, router, tmp_path) as client:
        answer = await client.post("/bare", content=b"a" * 1_000_001)
        assert done == []
        await client.post("/bare", content=b"a" * 1_000)

    assert is_problem(answer, 413, "/problems/too-large")
    assert done == ["bare"]


class Open(BaseModel):
    """A model that ignores what it does not know."""

    size: int


class WithOpen(Command):
    """A Command with such a part."""

    parts: tuple[Open, ...]


class WithAnything(Command):
    """A Command that takes whatever is sent."""

    facts: dict[str, Any]


@pytest.mark.parametrize("body", [Open, WithOpen, WithAnything, dict, list[Part]])
def test_an_operation_that_would_take_anything_is_not_made(body: Any) -> None:  # noqa: ANN401 (any type)
    lenient = APIRouter(route_class=Operation)

    async def make_lenient(thing: body) -> None:
        """Take it."""

    with pytest.raises(Lax):
        lenient.post("/lenient")(make_lenient)


def test_a_service_with_an_ordinary_route_does_not_start(
    registry: Ecosystem, tmp_path: Path
) -> None:
    ordinary = APIRouter()

    @ordinary.get("/ordinary")
    async def ask(_: CurrentActor) -> None:
        """Ask."""

    matrix = open_to_everyone(tmp_path, "ask")
    with pytest.raises(Lax, match="route_class=Operation"):
        create_service(registry.settings("registry"), "Planted", [ordinary], matrix)
