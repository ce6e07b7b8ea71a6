"""Each check besides the import rules is broken once, on a copy, and says what is wrong."""

import shutil

import pytest

from deploy.checks.alone import strangers
from deploy.checks.workspace import Workspace
from tests.house.conftest import House

PLANTED_TABLE = """

class Planted(Table, table=True):
    id: UUID = Field(primary_key=True)
"""
FORTY_ONE_LINES = "def long() -> None:\n" + "    print()\n" * 40


async def test_an_unformatted_line_is_caught(bare_house: House) -> None:
    bare_house.plant("shared/planted.py", "x  =  1\n")

    outcome = await bare_house.ask("format")

    assert not outcome.passed
    assert "shared/planted.py" in outcome.said


async def test_a_broken_lint_rule_is_caught(bare_house: House) -> None:
    bare_house.plant("shared/planted.py", '"""Planted."""\n\nprint("planted")\n')

    outcome = await bare_house.ask("lint")

    assert not outcome.passed
    assert "shared/planted.py:3:1: T201" in outcome.said


async def test_a_wrong_type_is_caught(bare_house: House) -> None:
    shutil.rmtree(bare_house.root / "deploy/checks")  # or mypy would read all that they import
    bare_house.plant("shared/planted.py", 'planted: int = "one"\n')

    outcome = await bare_house.ask("types")

    assert not outcome.passed
    assert "shared/planted.py:1: error: Incompatible types in assignment" in outcome.said


@pytest.mark.parametrize("member", ["registry", "shared", "local", "sinergi-cli"])
async def test_an_undeclared_dependency_is_caught(bare_house: House, member: str) -> None:
    folder = {"registry": "services/registry", "shared": "shared"}.get(member)
    folder = folder or f"deploy/{member.removeprefix('sinergi-')}"
    bare_house.plant(f"{folder}/planted.py", "import hypothesis\n")

    outcome = await bare_house.ask(f"dependencies: {member}")

    assert not outcome.passed
    assert "DEP001 'hypothesis'" in outcome.said or "DEP003 'hypothesis'" in outcome.said


async def test_a_dependency_that_nobody_uses_is_caught(house: House) -> None:
    house.replace("services/registry/pyproject.toml", '"pydantic"', '"hypothesis", "pydantic"')

    outcome = await house.ask("dependencies: registry")

    assert not outcome.passed
    assert "DEP002 'hypothesis'" in outcome.said


async def test_a_service_that_needs_more_than_its_lock_is_caught(house: House) -> None:
    house.plant_import("services.registry.app", "hypothesis")

    outcome = await house.ask("alone: registry")

    assert not outcome.passed
    assert "No module named 'hypothesis'" in outcome.said


def test_a_package_beside_the_lock_is_caught(house: House) -> None:
    installed = "structlog Typing_Extensions pytest"

    assert strangers(Workspace(house.root), "registry", installed) == {"pytest"}


async def test_a_model_that_no_migration_makes_is_caught(house: House) -> None:
    house.plant("services/registry/models/units.py", PLANTED_TABLE)

    outcome = await house.ask("migrations", "registry")

    assert not outcome.passed
    assert "registry: models and migrations differ: " in outcome.said
    assert "'planted'" in outcome.said


async def test_a_file_that_is_too_long_is_caught(bare_house: House) -> None:
    bare_house.plant("shared/planted.py", "x = 1\n" * 301)

    outcome = await bare_house.ask("sizes")

    assert not outcome.passed
    assert "shared/planted.py: 301 lines, at most 300" in outcome.said


async def test_a_function_that_is_too_long_is_caught(bare_house: House) -> None:
    bare_house.plant("shared/planted.py", FORTY_ONE_LINES)

    outcome = await bare_house.ask("sizes")

    assert not outcome.passed
    assert "shared/planted.py:1: long is 41 lines, at most 40" in outcome.said


@pytest.mark.parametrize(
    "path",
    ["shared/utils.py", "shared/helpers/time.py", "services/registry/service.py"],
)
async def test_a_name_that_says_nothing_is_caught(bare_house: House, path: str) -> None:
    bare_house.plant(path, "")

    outcome = await bare_house.ask("words")

    assert not outcome.passed
    assert outcome.said.startswith(f"{path}: ")


@pytest.mark.parametrize(
    "address",
    ["/" + "home/ani/x", "https://pypi." + "org"],  # in two parts, or this file would be caught
)
async def test_an_address_of_one_machine_is_caught(bare_house: House, address: str) -> None:
    bare_house.plant("docs/planted.md", f"See\n{address}\n")

    outcome = await bare_house.ask("words")

    assert not outcome.passed
    assert "docs/planted.md:2: " in outcome.said


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('log.info("a.b", nik=1)', "`nik` is not on the list"),
        ('log.info("a.b", **things)', "names its keys"),
        ('log.info("a.b", offset="Ani")', "`offset` is there for values of another kind"),
        ('log.info("a.b", reason=str(error))', "values as they are"),
        ('log.info("a.b", reason=f"{error}")', "values as they are"),
        ('log.info(f"a.b {error}")', "one constant event"),
        ('log.info("a.b %s", error)', "one constant event"),
        ("bind_contextvars(nik=1)", "`nik` is not on the list"),
    ],
)
async def test_a_log_line_that_could_tell_of_a_person_is_caught(
    house: House, line: str, problem: str
) -> None:
    logger = "log = structlog.get_logger()" if line.startswith("log.") else ""
    house.plant("shared/planted.py", f"{logger}\n{line}\n")

    outcome = await house.ask("logs")

    assert not outcome.passed
    assert outcome.said.startswith("shared/planted.py:2: ")
    assert problem in outcome.said
