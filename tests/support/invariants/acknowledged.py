"""I1: no acknowledged write is lost, and none is there in part."""

from collections.abc import Collection, Iterable

from tests.support.history import Operation, Outcome


def broken_acknowledgements(history: Iterable[Operation], present: Collection[str]) -> list[str]:
    """Compare what clients were told with what is there after recovery.

    What was acknowledged is there, what was refused is not, and what nobody knows is there as a
    whole or not at all.
    """
    return [breach for operation in history if (breach := _breach(operation, present))]


def _breach(operation: Operation, present: Collection[str]) -> str | None:
    there = [each for each in operation.ids if each in present]
    match operation.outcome:
        case Outcome.OK if len(there) < len(operation.ids):
            return f"{operation.kind} {operation.id} was acknowledged and is lost"
        case Outcome.FAIL if there:
            return f"{operation.kind} {operation.id} was refused and is there"
        case Outcome.UNKNOWN if 0 < len(there) < len(operation.ids):
            return f"{operation.kind} {operation.id} is there in part"
    return None
