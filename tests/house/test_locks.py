"""Locks stay in step with what is declared, sealed, and free of addresses."""

import re
from pathlib import Path

import pytest

from deploy.checks.locks import problems
from deploy.checks.workspace import Workspace
from tests.house.conftest import House

REGISTRY = "services/registry/pyproject.toml"


def found(house: House) -> str:
    return "\n".join(problems(Workspace(house.root)))


def test_the_locks_of_this_checkout_are_in_step() -> None:
    assert list(problems(Workspace(Path.cwd()))) == []


async def test_the_check_fails_when_a_lock_is_out_of_step(house: House) -> None:
    house.replace(REGISTRY, '"pydantic"', '"pydantic>=2"')

    outcome = await house.ask("locks")

    assert not outcome.passed
    assert "locks/registry.txt does not follow from the pyproject.toml files" in outcome.said


def test_a_change_reaches_every_lock_that_draws_the_member_in(house: House) -> None:
    house.replace("shared/pyproject.toml", '"structlog"', '"structlog>=1"')

    drifted = re.findall(r"locks/(\S+)\.txt does not follow", found(house))

    assert set(drifted) == set(Workspace(house.root).lock_names)


def test_a_tool_setting_drifts_no_lock(house: House) -> None:
    house.replace("pyproject.toml", "line-length = 100", "line-length = 99")

    assert found(house) == ""


@pytest.mark.parametrize(
    ("declared", "sentence"),
    [
        ('"pydantic<2"', "locks/registry.txt: pydantic is locked at "),
        ('"pydantic", "numpy"', "locks/registry.txt: numpy is declared and not locked"),
    ],
)
def test_a_pin_that_the_declaration_refuses_is_caught(
    house: House, declared: str, sentence: str
) -> None:
    house.replace(REGISTRY, '"pydantic"', declared)

    assert sentence in found(house)


@pytest.mark.parametrize(
    ("pattern", "planted", "sentence"),
    [
        (r"(aiokafka==\S+)( \\\n +--hash=\S+)+", r"\1", "locks/registry.txt: aiokafka has no hash"),
        (r"aiokafka==\S+", "aiokafka>=0.14", "locks/registry.txt: aiokafka is not pinned"),
        (r"\Z", "# from https://example.org\n", "locks/registry.txt holds an address"),
        (r"\Z", "--index-url x\n", "locks/registry.txt has a line that is no requirement"),
    ],
)
def test_a_spoiled_lock_is_caught(house: House, pattern: str, planted: str, sentence: str) -> None:
    lock = house.root / "locks/registry.txt"
    text = lock.read_text(encoding="utf-8")
    lock.write_text(re.sub(pattern, planted, text, count=1), encoding="utf-8")

    assert sentence in found(house)


def test_a_missing_lock_is_caught(house: House) -> None:
    (house.root / "locks/registry.txt").unlink()

    assert "locks/registry.txt is missing" in found(house)


def test_a_lock_of_uv_without_its_hashes_is_caught(house: House) -> None:
    (house.root / "locks/uv.txt").write_text("uv==0.13.9\n", encoding="utf-8")

    assert "locks/uv.txt must pin uv" in found(house)
