"""What OpenAPI says of each service is what it does, as Schemathesis finds by trying."""

import asyncio
import os
import random
import sys
from pathlib import Path

import pytest

from tests.authorization.world import a_heard_world
from tests.hostile.served import served
from tests.support.databases import SERVICES
from tests.support.ecosystem import Ecosystem

_CONFIG = Path(__file__).with_name("schemathesis.toml")
_PROGRAM = Path(sys.executable).with_name("schemathesis")
_DEADLINE = 1_700.0
"""Seconds; at length it takes up to 1,300 beside other work, and `make proof` waits for 1,800."""


async def test_a_service_does_what_it_says(ecosystem: Ecosystem, tmp_path: Path) -> None:
    """One of the four, by the seed; the proof takes them all."""
    seed = _seed()

    await _run(ecosystem, SERVICES[seed % len(SERVICES)], tmp_path, examples=5, seed=seed)


@pytest.mark.proof
@pytest.mark.parametrize("service", SERVICES)
async def test_a_service_does_what_it_says_at_length(
    ecosystem: Ecosystem, service: str, tmp_path: Path
) -> None:
    await _run(ecosystem, service, tmp_path, examples=300, seed=_seed())


def _seed() -> int:
    return int(os.environ.get("SINERGI_SEED", random.SystemRandom().randrange(1_000_000)))


async def _run(
    ecosystem: Ecosystem, service: str, folder: Path, *, examples: int, seed: int
) -> None:
    await a_heard_world(ecosystem)
    grants = [{"role": role, "scope": "nation"} for role in ("ministry", "unit_head", "auditor")]
    token = ecosystem.issuer.token("somebody", grants)
    async with served(ecosystem, service) as port:
        process = await asyncio.create_subprocess_exec(
            str(_PROGRAM),
            f"--config-file={_CONFIG}",
            "run",
            f"http://127.0.0.1:{port}/api/{service}/openapi.json",
            "--checks=all",
            f"--header=Authorization:Bearer {token}",
            f"--max-examples={examples}",
            f"--seed={seed}",
            "--no-color",
            "--generation-database=none",
            "--warnings=off",
            "--exclude-path-regex=/health/",
            cwd=folder,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        try:
            async with asyncio.timeout(_DEADLINE):
                said, _ = await process.communicate()
        finally:
            if process.returncode is None:
                process.kill()
    assert process.returncode == 0, f"SINERGI_SEED={seed}\n{said.decode()[-20_000:]}"
