"""`audit verify` of a service's own program, for where the `sinergi` command is not."""

import sys

from shared.audit.verification import CannotVerify, verify
from shared.settings import ServiceSettings

_CANNOT = 2


async def audited(settings: ServiceSettings) -> int:
    """Verify the trail and tell what was found; return 0, 1 on a flaw, 2 when it cannot be read."""
    try:
        verdict = await verify(
            settings.service,
            settings.database_url,
            settings.kafka,
            _show if sys.stderr.isatty() else _keep_quiet,
            settings.topic_prefix,
        )
    except CannotVerify as reason:
        sys.stderr.write(f"{reason}\n")
        return _CANNOT
    sys.stdout.write(f"{verdict}\n")
    return 0 if verdict.flaw is None else 1


def _show(done: int, total: int) -> None:
    sys.stderr.write(f"\r{done:,} of {total:,} entries" + "\n" * (done == total))


def _keep_quiet(_done: int, _total: int) -> None:
    """Write no progress where nobody watches."""
