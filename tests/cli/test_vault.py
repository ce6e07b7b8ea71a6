"""The command replaces the keys of persons under the running services, and says so."""

import asyncio
import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from deploy.cli.main import app
from deploy.cli.token import signed_token
from deploy.local.checkout import running
from deploy.local.databases import beside, connected
from deploy.local.keyring import NAME, ensure_keyring
from services.registry.ids import unit_id
from tests.support.builders import a_key
from tests.support.owners import an_owner

runner = CliRunner()

_KEYS = "SELECT (SELECT max(id) FROM vault.epoch_key), (SELECT max(id) FROM vault.index_key)"


@pytest.mark.parametrize("keys", ["epoch", "index"])
def test_the_keys_are_new_and_everyone_is_found_as_before(here: Path, keys: str) -> None:
    # A server that was given may hold persons of an earlier folder, and its keyring is gone.
    asyncio.run(_empty(here))
    _ask(here, "", an_owner(1, unit_id=str(unit_id("35"))))
    before = asyncio.run(_newest(here))

    answer = runner.invoke(app, ["vault", "rotate", keys])

    assert answer.exit_code == 0, answer.output
    assert f"✔ registry: its {keys} key is a new one" in answer.stdout
    moved = [new - old for old, new in zip(before, asyncio.run(_newest(here)), strict=True)]
    assert moved == ([1, 0] if keys == "epoch" else [0, 1])
    (found,) = _ask(here, "/search", {"phone": "081200000001"})["items"]
    assert (found["name"], found["phone"]) == ("W*** P***", "+62********001")


def test_without_its_keyring_it_says_so(here: Path) -> None:
    keyring = here / NAME
    moved = keyring.rename(here / "moved.json")
    try:
        answer = runner.invoke(app, ["vault", "rotate", "epoch"])
    finally:
        moved.rename(keyring)

    assert answer.exit_code == 1
    assert "The keys of registry are not all replaced: The keyring cannot be used" in answer.stderr


def test_a_keyring_is_its_owners_and_keeps_the_keys_it_has(tmp_path: Path) -> None:
    first = ensure_keyring(tmp_path, ["registry"])
    kept = json.loads(first.read_text())

    second = ensure_keyring(tmp_path, ["registry", "mentoring"])

    assert first.stat().st_mode & 0o777 == 0o600
    assert json.loads(second.read_text())["registry"] == kept["registry"]
    assert set(json.loads(second.read_text())) == {"registry", "mentoring"}


def _ask(here: Path, path: str, body: dict[str, Any]) -> Any:  # noqa: ANN401 (JSON may be anything)
    found = running(here)
    assert found is not None
    answer = httpx.post(
        f"{found.url}/api/registry/v1/owners{path}",
        json=body,
        headers={"Authorization": f"Bearer {signed_token('desk-officer')}", **a_key()},
        trust_env=False,
        timeout=30,
    )
    assert answer.is_success, answer.text
    return answer.json()


async def _empty(here: Path) -> None:
    found = running(here)
    assert found is not None
    async with connected(beside(found.postgres, "registry")) as superuser:
        await superuser.execute("TRUNCATE vault.epoch_key, vault.index_key, vault.erasure CASCADE")


async def _newest(here: Path) -> list[int]:
    found = running(here)
    assert found is not None
    async with connected(beside(found.postgres, "registry")) as superuser:
        return list(await superuser.fetchrow(_KEYS) or ())
