"""Each import rule is broken once, on a copy, and names itself."""

import tomllib
from pathlib import Path

import pytest

from tests.house.conftest import House

INDEPENDENT = "Services never import each other"
SHARED = "Shared knows no service"
STANDS_ALONE = "A service knows neither its deployment nor its tests"
INWARD = "Inside a service, dependencies point inward"
CARRIES = "What carries an event knows no event"
ONE_DOOR = "Kafka is reached through one module"

BREACHES = [
    (INDEPENDENT, "services.mentoring.models", "services.registry.models"),
    (INDEPENDENT, "services.registry.routes", "services.facilities.app"),
    (SHARED, "shared.text", "services.registry.models"),
    (SHARED, "shared.text", "deploy.checks"),
    (SHARED, "shared.text", "tests.support"),
    (STANDS_ALONE, "services.registry.models", "deploy.local.parts"),
    (STANDS_ALONE, "services.registry.models", "tests.support"),
    (INWARD, "services.registry.errors", "services.registry.models"),
    (INWARD, "services.registry.models", "services.registry.queries"),
    (INWARD, "services.registry.queries", "services.registry.use_cases"),
    (INWARD, "services.registry.use_cases", "services.registry.routes"),
    (INWARD, "services.mentoring.models", "services.mentoring.copies"),
    (INWARD, "services.registry.routes", "services.registry.app"),
    (INWARD, "services.registry.app", "services.registry.worker"),
    (CARRIES, "shared.streams.relay", "shared.events"),
    (CARRIES, "shared.access.actor", "shared.events"),
    (ONE_DOOR, "shared.streams.relay", "aiokafka"),
    (ONE_DOOR, "services.registry.worker", "aiokafka"),
]


@pytest.mark.parametrize(("rule", "importer", "imported"), BREACHES)
async def test_a_forbidden_import_is_caught(
    house: House, rule: str, importer: str, imported: str
) -> None:
    house.plant_import(importer, imported)

    outcome = await house.ask("imports")

    assert not outcome.passed
    assert f"{rule} BROKEN" in outcome.said
    assert f"{importer} -> {imported}" in outcome.said


def test_every_import_rule_has_a_breach_here() -> None:
    text = Path("pyproject.toml").read_text(encoding="utf-8")

    contracts = tomllib.loads(text)["tool"]["importlinter"]["contracts"]

    assert {contract["name"] for contract in contracts} == {rule for rule, *_ in BREACHES}
