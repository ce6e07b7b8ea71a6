"""What a service's own program does with its events, for where the `sinergi` command is not."""

import sys
from collections.abc import Sequence
from typing import Any, Final

import asyncpg

from shared.migrations.roles import Roles, RolesMissing
from shared.settings import ServiceSettings
from shared.streams.copies import Copy
from shared.streams.rebuilding import NothingToBuildFrom, rebuild
from shared.streams.republishing import NothingSent, republish

_CANNOT: Final = 2


async def republished(settings: ServiceSettings) -> int:
    """Have the log sent again, and tell how much it was; return 0, 2 when it cannot be done."""
    try:
        count = await republish(
            settings.database_url, settings.service, _show, settings.topic_prefix
        )
    except NothingSent as reason:
        sys.stderr.write(f"Still to be sent: {reason}; the worker sends it once it gets on.\n")
        return _CANNOT
    except (OSError, asyncpg.PostgresError) as failure:
        sys.stderr.write(f"The database cannot be asked ({type(failure).__name__}).\n")
        return _CANNOT
    sys.stdout.write(f"{count:,} events are on Kafka again\n")
    return 0


async def rebuilt(settings: ServiceSettings, copies: Sequence[Copy[Any]], name: str | None) -> int:
    """Build copies anew, as the owner of the database; return 0, 2 when one cannot be built.

    `name` is one of them, such as `enterprise`; none: all.
    """
    wanted = [copy for copy in copies if name in {None, copy.table.name.removesuffix("_copy")}]
    if not wanted:
        sys.stderr.write(f"{settings.service} keeps no such copy.\n")
        return _CANNOT
    for copy in wanted:
        try:
            count = await rebuild(
                settings.database_url,
                settings.brokers,
                copy=copy,
                group=settings.topic_prefix + settings.service,
                roles=Roles.of(settings.service),
                progress=_show,
                prefix=settings.topic_prefix,
            )
        except (OSError, NothingToBuildFrom, RolesMissing) as reason:
            sys.stderr.write(f"{copy.table.name} was not built anew: {reason}\n")
            return _CANNOT
        sys.stdout.write(f"{copy.table.name}: {count:,} rows\n")
    return 0


def _show(done: int, total: int) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{done:,} of {total:,} events" + "\n" * (done == total))
