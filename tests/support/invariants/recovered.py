"""I15: when a fault has healed, everything works again by itself and in time."""

from collections.abc import Iterable

from tests.support.history import Operation, Outcome


def not_recovered(
    history: Iterable[Operation], healed: float, within: float, backlog: int
) -> list[str]:
    """What still fails `within` seconds after `healed`, and what still waits at the end.

    A history in which nothing was tried after that time proves no recovery.
    """
    late = [operation for operation in history if operation.start > healed + within]
    breaches = [
        f"{operation.kind} {operation.id} began {operation.start - healed:.1f} s after, "
        f"and ended as {operation.outcome}"
        for operation in late
        if operation.outcome is not Outcome.OK
    ]
    if not late:
        breaches.append("nothing was tried after the time of recovery")
    if backlog:
        breaches.append(f"{backlog} still wait")
    return breaches
