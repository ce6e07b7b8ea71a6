"""A service's own program makes ready what the service keeps, or says what is missing."""

import asyncio
import os
import sys
from pathlib import Path

from tests.support.databases import addresses_of
from tests.support.ecosystem import Ecosystem

_PATIENCE_S = 60
_ROOT = Path(__file__).resolve().parents[2]


async def test_a_database_that_is_not_the_services_is_refused_in_a_sentence(
    registry: Ecosystem,
) -> None:
    (database,) = {url.rpartition("/")[2] for url in registry.urls.values()}
    owner = addresses_of(registry.parts, "registry", database).owner
    told = registry.settings("registry").model_dump(include={"environment", "kafka", "issuers"})
    told = told | {"database_url": owner}
    environment = {f"REGISTRY_{name.upper()}": str(value) for name, value in told.items()}

    program = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "services.registry", "migrate"),
        env={"PATH": os.environ["PATH"], **environment},
        cwd=_ROOT,
        stderr=asyncio.subprocess.PIPE,
    )
    _, complaint = await asyncio.wait_for(program.communicate(), _PATIENCE_S)

    assert program.returncode == 2
    assert complaint.count(b"\n") == 1
    assert b"registry_owner" in complaint
