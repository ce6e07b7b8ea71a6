"""A denial is answered only once it stands in the audit trail."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from uuid import UUID

from fastapi import Request, Response

from shared.access.web import operation_of
from shared.audit.apart import record_apart
from shared.audit.entry import Entry
from shared.database import Database
from shared.refusals import Forbidden
from shared.web import problems


async def denied(request: Request, error: Exception) -> Response:
    """Note who was denied what, then say so."""
    database: Database = request.app.state.database
    entry = Entry(
        actor=request.state.actor,
        operation=operation_of(request.scope["route"]),
        decision="denied",
        targets=tuple(_ids(request.path_params.values())),
        address=request.client.host if request.client else None,
    )
    try:
        await record_apart(database, entry)
    except problems.TEMPORARY as outage:
        return await problems.unavailable(request, outage)
    assert isinstance(error, Forbidden)
    return problems.refused(request, error)


def _ids(values: Iterable[object]) -> Iterator[UUID]:
    for value in values:
        with suppress(ValueError):
            yield UUID(str(value))
