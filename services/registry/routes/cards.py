"""How enterprises are shown: with what they occupy, and what is open to whoever asks."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Response

from services.registry import queries
from services.registry.models import Enterprise
from services.registry.schemas import EnterpriseView
from shared.access.web import AskedBy, Asker
from shared.streams.log import Tx
from shared.web.etags import tag


@dataclass(frozen=True, slots=True)
class _Cards:
    """The answer in the making, and whoever asked."""

    asked: Asker
    response: Response

    async def one(self, tx: Tx, enterprise: Enterprise) -> EnterpriseView:
        """Show the one thing that is answered, with its version."""
        tag(self.response, enterprise.event_seq)
        (view,) = await self.many(tx, [enterprise])
        return view

    async def many(self, tx: Tx, enterprises: Sequence[Enterprise]) -> list[EnterpriseView]:
        """Show several."""
        regions = await queries.regions_of(tx, {each.unit_id for each in enterprises})
        held = await queries.tenancies(tx, [each.id for each in enterprises])
        return [
            EnterpriseView.of(each, held.get(each.id, ()), self._open(each, regions))
            for each in enterprises
        ]

    def _open(self, enterprise: Enterprise, regions: dict[UUID, str]) -> list[str]:
        return self.asked.actions(
            enterprise.open_operations(self.asked.actor.subject),
            unit=enterprise.unit_id,
            region=regions.get(enterprise.unit_id),
            enterprise=enterprise.id,
            persons=enterprise.owner_ids,
        )


async def _cards(asked: AskedBy, response: Response) -> _Cards:
    return _Cards(asked, response)


Cards = Annotated[_Cards, Depends(_cards)]
