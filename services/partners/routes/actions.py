"""What an answer says besides the thing itself: its version, where it is, and what is open."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Response

from services.partners import queries
from services.partners.models import Agreement, Opportunity
from shared.access.web import AskedBy, Asker
from shared.streams.aggregate import Aggregate
from shared.streams.log import Tx
from shared.web.etags import tag

Regions = Mapping[UUID, str]


@dataclass(frozen=True, slots=True)
class _Answer:
    """The answer in the making, and whoever asked."""

    asked: Asker
    response: Response

    def shows(self, thing: Aggregate) -> None:
        """Say which version is shown."""
        tag(self.response, thing.event_seq)

    def made(self, path: str) -> None:
        """Say where what was made is."""
        self.response.headers["Location"] = f"/api/partners/v1/{path}"


async def _answer(asked: AskedBy, response: Response) -> _Answer:
    return _Answer(asked, response)


Answer = Annotated[_Answer, Depends(_answer)]


async def regions_of(tx: Tx, things: Iterable[Agreement | Opportunity]) -> Regions:
    """The regions of all the units that these things are for."""
    return await queries.regions_of(tx, {unit for thing in things for unit in thing.unit_ids})


def open_to(asked: Asker, thing: Agreement | Opportunity, regions: Regions) -> list[str]:
    """Of what its state allows, what is open to one who acts for all of its units."""
    if not thing.unit_ids:
        return asked.actions(thing.open_operations, partner=thing.partner_id)
    found = list(thing.open_operations)
    for unit in thing.unit_ids:
        where = {"unit": unit, "region": regions.get(unit), "partner": thing.partner_id}
        found = asked.actions(found, **where)
    return found
