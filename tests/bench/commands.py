"""The command path: our registration over HTTP, against one hand-written statement."""

import itertools
import json

from tests.bench.figures import Figure
from tests.bench.http_load import posts_per_second
from tests.bench.processes import server
from tests.support.builders import an_enterprise, open_batu
from tests.support.ecosystem import Ecosystem
from tests.support.processes import environment_of

_ROUNDS = 5
_SECONDS = 3.0
_CLIENTS = 8


async def measure(ecosystem: Ecosystem) -> list[Figure]:
    """Alternate the two servers, each a process of its own, on the same database."""
    await open_batu(ecosystem.database("registry"))
    numbers = itertools.count()

    def body() -> bytes:
        return json.dumps(an_enterprise(trade_name=f"Warung Nomor {next(numbers)}")).encode()

    token = f"Authorization: Bearer {ecosystem.issuer.token('operator')}\r\n"
    rates: dict[str, list[float]] = {"ours": [], "unguarded": [], "bare": []}
    bare_arguments = ["-m", "uvicorn", "tests.bench.bare_app:app", "--no-access-log"]
    bare_environment = {"BARE_DATABASE_URL": ecosystem.urls["registry"]}
    our_environment = environment_of(ecosystem.settings("registry"))
    unguarded_arguments = ["-m", "uvicorn", "--factory", "tests.bench.unguarded:create_app"]
    async with (
        server(["-m", "services.registry", "api"], our_environment) as ours,
        server([*unguarded_arguments, "--no-access-log"], our_environment) as unguarded,
        server([*bare_arguments, "--log-level=warning"], bare_environment) as bare,
    ):
        targets = {
            "ours": (ours, "/api/registry/v1/enterprises", token),
            "unguarded": (unguarded, "/enterprises", ""),
            "bare": (bare, "/enterprises", ""),
        }
        for number in range(_ROUNDS + 1):
            for name, (port, path, headers) in targets.items():
                rate = await posts_per_second(
                    (port, path, headers), body, seconds=_SECONDS, clients=_CLIENTS
                )
                if number:  # the first round warms up
                    rates[name].append(rate)
    ours_, unguarded_, bare_ = (rates[name] for name in ("ours", "unguarded", "bare"))
    return [
        Figure("command path, 8 clients", "requests/s", ours_, bare_, "reported"),
        Figure("command path / the same unguarded", "requests/s", ours_, unguarded_, "reported"),
    ]
