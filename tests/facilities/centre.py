"""A centre with rooms: what facilities heard of others, and whoever asks something of its API."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

import httpx

from services.facilities import queries, use_cases
from services.facilities.copies import COPIES
from services.facilities.deadlines import DEADLINES
from services.facilities.models import Booking, Facility, Tenancy
from services.facilities.reactions import REACTIONS
from services.facilities.schemas import AgreeTenancy, RegisterFacility, RequestBooking
from services.registry.ids import unit_id
from shared.access.actor import system
from shared.database import Database
from shared.deadlines import Deadlines
from shared.events.mentoring import SessionState
from shared.events.registry import EnterpriseState, UnitState
from shared.events.state import State
from shared.streams.codec import Event
from shared.streams.copies import Copy
from tests.facilities.bodies import TOMORROW, UNITS, a_facility, a_request, hours
from tests.support.builders import BATU, MALANG, VILLAGE
from tests.support.ecosystem import Ecosystem

AS: Final[dict[str, Any]] = {
    "officer": ([{"role": "facility_officer", "scope": f"unit:{UNITS[BATU]}"}], None),
    "desk": ([{"role": "desk_officer", "scope": f"unit:{UNITS[BATU]}"}], None),
    "stranger": ([{"role": "facility_officer", "scope": f"unit:{UNITS[MALANG]}"}], None),
    "ministry": ([{"role": "ministry", "scope": "nation"}], None),
}
"""Who asks: their grants, and the person."""
_US: Final = system("test")


@dataclass
class Centre:
    """The database of facilities, as its worker enters it, and a client of its API."""

    ecosystem: Ecosystem
    client: httpx.AsyncClient
    owner: UUID = field(default_factory=uuid4)
    _heard: dict[UUID, State] = field(default_factory=dict)
    _seq: dict[UUID, int] = field(default_factory=dict)

    @property
    def database(self) -> Database:
        """The database as the worker enters it."""
        return self.ecosystem.database("facilities", "worker")

    async def hears(self, state: State) -> None:
        """Let the service hear a state, and react to it, as its listener does."""
        async with self.hearing(state):
            pass

    @asynccontextmanager
    async def hearing(self, state: State) -> AsyncIterator[None]:
        """The same, committed at the end of the block."""
        copies: dict[type[State], Copy[Any]] = {copy.state: copy for copy in COPIES}
        state = type(state).model_validate_json(state.model_dump_json())
        seq = self._seq[state.id] = self._seq.get(state.id, 0) + 1
        event = Event(uuid4(), state.topic, "", str(state.id), 1, seq, datetime.now(UTC), state)
        self._heard[state.id] = state
        async with self.database.transaction() as tx:
            await copies[type(state)].hear(tx, [event])
            if reaction := REACTIONS.get(type(state)):
                await reaction(tx, event)
            yield

    def changed(self, key: UUID, **changes: object) -> State:
        """What was last heard of something, but for the changes."""
        return self._heard[key].model_copy(update=changes)

    async def hears_again(self, key: UUID, **changes: object) -> None:
        """Let it hear that something changed."""
        await self.hears(self.changed(key, **changes))

    async def unit(self, region: str) -> None:
        """A unit is open."""
        facts = {"level": "regency", "region_code": region, "time_zone": "Asia/Jakarta"}
        await self.hears(UnitState.model_validate(facts | {"id": unit_id(region)}))

    async def enterprise(self, **changes: object) -> UUID:
        """An enterprise is registered, which is the owner's if nothing else is said."""
        facts = {
            "id": uuid4(),
            "kind": "enterprise",
            "trade_name": "Keripik Apel Panderman",
            "unit_id": UNITS[BATU],
            "village_code": VILLAGE,
            "kbli": "10794",
            "size_class": "mikro",
            "status": "active",
            "owner_ids": (self.owner,),
        }
        state = EnterpriseState.model_validate(facts | changes)
        await self.hears(state)
        return state.id

    async def session(self, **changes: object) -> UUID:
        """A mentoring session wants a consultation room, tomorrow from nine to ten."""
        facts = {
            "id": uuid4(),
            "unit_id": UNITS[BATU],
            "case_id": uuid4(),
            "enterprise_id": uuid4(),
            "consultant_id": uuid4(),
            "mode": "room",
            "status": "planned",
            "revision": 1,
            "room": "wanted",
            "facility_kind": "consultation_room",
            **hours(1, 2),
        }
        state = SessionState.model_validate(facts | changes)
        await self.hears(state)
        return state.id

    async def facility(self, **changes: Any) -> Facility:  # noqa: ANN401 (whatever can be registered)
        """Something of the unit of Batu can be booked every day from eight to five."""
        command = RegisterFacility.model_validate(a_facility(**changes))
        async with self.database.transaction(_US) as tx:
            return await use_cases.register_facility(tx, command)

    async def books(self, *facilities: Facility, **changes: Any) -> Booking:  # noqa: ANN401 (whatever can be requested)
        """The centre books facilities for itself."""
        command = RequestBooking.model_validate(a_request(*facilities, **changes))
        async with self.database.transaction(_US) as tx:
            return await use_cases.request_booking(tx, command)

    async def leases(self, facility: Facility, enterprise_id: UUID, place: int = 1) -> Tenancy:
        """An enterprise has a place of a facility for thirty days from the day of our bookings."""
        first = TOMORROW.date()
        command = AgreeTenancy.model_validate(
            {
                "enterprise_id": str(enterprise_id),
                "facility_id": str(facility.id),
                "place": place,
                "kind": "display",
                "starts_on": first,
                "ends_on": first + timedelta(days=29),
            }
        )
        async with self.database.transaction(_US) as tx:
            return await use_cases.agree_tenancy(tx, command)

    async def ask(
        self,
        method: str,
        path: str,
        *,
        by: str = "officer",
        seen: int | None = None,
        **given: Any,  # noqa: ANN401 (httpx's own arguments)
    ) -> httpx.Response:
        """Ask as somebody, with the version they have seen."""
        grants, person = AS.get(by, ([{"role": "owner", "scope": "nation"}], self.owner))
        token = self.ecosystem.issuer.token(by, grants, person)
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid4())}
        if seen is not None:
            headers["If-Match"] = f'"{seen}"'
        return await self.client.request(method, path, headers=headers, **given)

    async def booking(self, booking_id: UUID) -> Booking:
        """A booking as it is kept."""
        async with self.database.reading(_US) as tx:
            return await queries.booking(tx, booking_id)

    async def read_facility(self, facility_id: UUID) -> Facility:
        """A facility as it is kept."""
        async with self.database.reading(_US) as tx:
            return await queries.facility(tx, facility_id)

    async def bookings_of(self, session_id: UUID) -> Sequence[Booking]:
        """The bookings of a mentoring session, the first first."""
        async with self.database.reading(_US) as tx:
            return await queries.of_session(tx, session_id)

    async def time_passes(self, table: str, key: UUID) -> bool:
        """What is due on a row is due now; say whether something was done."""
        late = f"UPDATE {table} SET due_at = now() - interval '1 s' WHERE id = $1"  # noqa: S608 (our own names)
        await self.ecosystem.rows("facilities", late, key)
        return await self.does_what_is_due()

    async def does_what_is_due(self) -> bool:
        """Do one thing that is due, if there is one."""
        return await Deadlines(self.database, "facilities", DEADLINES).take()

    async def verbs(self, key: UUID) -> list[str]:
        """What was said of a thing, in order."""
        said = "SELECT type FROM event_log WHERE key = $1::text ORDER BY id"
        rows = await self.ecosystem.rows("facilities", said, str(key))
        return [row["type"].split(".")[-2] for row in rows]

    async def places_of(self, key: UUID) -> int:
        """How many places somebody has."""
        held = "SELECT FROM occupied_place WHERE holder_id = $1"
        return len(await self.ecosystem.rows("facilities", held, key))
