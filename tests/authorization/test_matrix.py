"""The authorization matrix holds, cell by cell, with real tokens on real services."""

import pytest

from tests.authorization.cells import RECIPES, matrix_of, on_guarded_rows, wrong_cells
from tests.authorization.world import World, a_heard_world
from tests.support.databases import SERVICES
from tests.support.ecosystem import Ecosystem
from tests.support.row_security import queries_without_scope, without_row_security


@pytest.fixture
async def world(ecosystem: Ecosystem) -> World:
    """Two sites that every service has heard of."""
    return await a_heard_world(ecosystem)


@pytest.mark.parametrize("service", SERVICES)
def test_every_operation_can_be_tried(service: str) -> None:
    assert set(matrix_of(service).operations) == set(RECIPES[service])


@pytest.mark.parametrize("service", SERVICES)
async def test_every_cell_holds(world: World, service: str) -> None:
    assert await wrong_cells(world, service) == []


@pytest.mark.parametrize("service", ["registry", "mentoring", "partners"])
async def test_row_security_holds_where_a_query_forgets_whom_it_is_for(
    world: World, service: str
) -> None:
    with queries_without_scope():
        assert await wrong_cells(world, service, on_guarded_rows(service)) == []


@pytest.mark.parametrize("service", ["registry", "mentoring", "partners"])
async def test_the_queries_hold_where_no_row_is_guarded(world: World, service: str) -> None:
    async with without_row_security(world.ecosystem, service):
        assert await wrong_cells(world, service, on_guarded_rows(service)) == []


async def test_a_check_without_scope_is_noticed(world: World) -> None:
    """What the matrix is worth: without both nets it turns red."""
    guarded = on_guarded_rows("registry")

    async with without_row_security(world.ecosystem, "registry"):
        with queries_without_scope():
            wrong = await wrong_cells(world, "registry", guarded)

    assert any("there: 200" in cell for cell in wrong)
