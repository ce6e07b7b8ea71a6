"""A service's own program replaces the keys of its vault."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from tests.shared.test_vault_rotation import keys
from tests.support.ecosystem import Ecosystem
from tests.support.vaults import MASKED, a_vault, enclose, read

_PATIENCE_S = 60
_ROOT = Path(__file__).resolve().parents[2]


async def _program(registry: Ecosystem, *words: str, **changes: object) -> tuple[int, str]:
    """Run the registry's program as its worker; return its status and what it complains of."""
    told = registry.settings("registry", "worker", **changes).model_dump(exclude_none=True)
    environment = {f"REGISTRY_{name.upper()}": str(value) for name, value in told.items() if value}
    program = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "services.registry",
        "vault",
        *words,
        env={"PATH": os.environ["PATH"], **environment},
        cwd=_ROOT,
        stderr=asyncio.subprocess.PIPE,
    )
    _, complaint = await asyncio.wait_for(program.communicate(), _PATIENCE_S)
    return program.returncode or 0, complaint.decode()


async def test_both_kinds_of_keys_are_replaced(registry: Ecosystem) -> None:
    subject_id = await enclose(registry.database("registry"), a_vault())

    done = [await _program(registry, "rotate", kind) for kind in ("epoch", "index")]

    assert done == [(0, ""), (0, "")]
    assert await keys(registry) == ([2], [2])
    shown = await read(registry.database("registry"), a_vault(), subject_id)
    assert shown.fields == MASKED


@pytest.mark.parametrize("kind", ["epoch", "index"])
async def test_without_a_key_service_it_says_so_and_leaves_the_keys(
    registry: Ecosystem, kind: str
) -> None:
    await enclose(registry.database("registry"), a_vault())

    status, complaint = await _program(registry, "rotate", kind, keyring=None)

    assert (status, complaint.count("\n")) == (2, 1)
    assert "key service" in complaint
    assert await keys(registry) == ([1], [1])
