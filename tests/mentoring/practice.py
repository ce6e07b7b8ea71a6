"""Units with consultants: what mentoring heard of others, and whoever asks something of its API."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeVar
from uuid import UUID, uuid4

import httpx

from services.mentoring import use_cases
from services.mentoring.copies import COPIES
from services.mentoring.deadlines import DEADLINES
from services.mentoring.models import Case, Consultant, Request, Session
from services.mentoring.reactions import REACTIONS
from services.mentoring.schemas import (
    AssignRequest,
    OpenRequest,
    PlanSession,
    RegisterConsultant,
)
from services.registry.ids import unit_id
from shared.access.actor import system
from shared.database import Database
from shared.deadlines import Deadlines
from shared.events.facilities import BookingState
from shared.events.registry import EnterpriseState, UnitState, VisitState
from shared.events.state import State
from shared.streams.codec import Event
from shared.streams.copies import Copy
from shared.streams.log import Tx
from shared.web.etags import Versions
from tests.support.builders import BATU, MALANG, VILLAGE
from tests.support.ecosystem import Ecosystem

T = TypeVar("T")

UNITS: Final = {BATU: unit_id(BATU), MALANG: unit_id(MALANG)}
HOUR: Final = timedelta(hours=1)
TOMORROW: Final = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(days=1)
STAFF: Final[dict[str, tuple[str, str]]] = {
    "head": ("unit_head", f"unit:{UNITS[BATU]}"),
    "desk": ("desk_officer", f"unit:{UNITS[BATU]}"),
    "malang": ("unit_head", f"unit:{UNITS[MALANG]}"),
    "province": ("province_officer", "region:35"),
    "evaluator": ("evaluator", "nation"),
}
_US: Final = system("test")


@dataclass
class Practice:
    """The database of mentoring, as its worker enters it, and a client of its API."""

    ecosystem: Ecosystem
    client: httpx.AsyncClient
    owner: UUID = field(default_factory=uuid4)
    _heard: dict[UUID, State] = field(default_factory=dict)
    _seq: dict[UUID, int] = field(default_factory=dict)

    @property
    def database(self) -> Database:
        """The database as the worker enters it."""
        return self.ecosystem.database("mentoring", "worker")

    async def hears(self, state: State, seq: int | None = None, epoch: int = 1) -> None:
        """Let the service hear a state, and react if it is newer, as its listener does."""
        copies: dict[type[State], Copy[Any]] = {copy.state: copy for copy in COPIES}
        state = type(state).model_validate_json(state.model_dump_json())
        if seq is None:
            seq = self._seq[state.id] = self._seq.get(state.id, 0) + 1
            self._heard[state.id] = state
        said = datetime.now(UTC)
        event = Event(uuid4(), state.topic, "", str(state.id), epoch, seq, said, state)
        async with self.database.transaction() as tx:
            newer = await copies[type(state)].hear(tx, [event])
            reaction = REACTIONS.get(type(state))
            if reaction and newer:
                await reaction(tx, event)

    async def hears_again(self, key: UUID, **changes: object) -> None:
        """Let it hear that something changed."""
        await self.hears(self._heard[key].model_copy(update=changes))

    def heard(self, key: UUID) -> State:
        """What was last heard of something."""
        return self._heard[key]

    async def forgets(self, copy: str) -> None:
        """A copy is rebuilt: everything that was heard there comes once more."""
        await self.ecosystem.rows("mentoring", f"DELETE FROM {copy}_copy")  # noqa: S608 (our own names)

    async def enterprise(self, **changes: object) -> UUID:
        """An enterprise is registered at Batu, which is the owner's if nothing else is said."""
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

    async def visit(self, enterprise_id: UUID | None, **changes: object) -> UUID:
        """Somebody of an enterprise comes to the desk, and needs help with marketing."""
        facts = {
            "id": uuid4(),
            "unit_id": UNITS[BATU],
            "arrived_at": datetime.now(UTC),
            "need": "mentoring",
            "enterprise_id": enterprise_id,
            "field": "pemasaran",
        }
        state = VisitState.model_validate(facts | changes)
        await self.hears(state)
        return state.id

    async def consultant(self, region: str = BATU, **changes: object) -> Consultant:
        """Somebody who knows marketing and gives 20 hours a week to a unit."""
        facts = {
            "unit_id": UNITS[region],
            "person_id": uuid4(),
            "fields": ["pemasaran"],
            "weekly_hours": 20,
        }
        command = RegisterConsultant.model_validate(facts | changes)
        return await self.does(lambda tx: use_cases.register_consultant(tx, command))

    async def request(self, enterprise_id: UUID | None = None, **changes: object) -> Request:
        """An enterprise asks for two hours a week of help with marketing."""
        enterprise_id = enterprise_id or await self.enterprise()
        facts = {"enterprise_id": enterprise_id, "field": "pemasaran"} | changes
        command = OpenRequest.model_validate(facts)
        return await self.does(lambda tx: use_cases.open_request(tx, command))

    async def assigned(
        self, consultant: Consultant, enterprise_id: UUID | None = None, **changes: object
    ) -> Request:
        """Such a request, assigned to a consultant."""
        request = await self.request(enterprise_id, **changes)
        command, seen = AssignRequest(consultant_id=consultant.id), Versions([1])
        return await self.does(lambda tx: use_cases.assign_request(tx, request.id, seen, command))

    async def case(
        self, consultant: Consultant, enterprise_id: UUID | None = None, **changes: object
    ) -> Case:
        """Such a request, which the consultant took on as a case."""
        request = await self.assigned(consultant, enterprise_id, **changes)
        seen = Versions([2])
        request = await self.does(lambda tx: use_cases.accept_request(tx, request.id, seen))
        assert request.case_id is not None
        return await self.now(Case, request.case_id)

    async def session(self, case: Case, **changes: object) -> Session:
        """A meeting of a case tomorrow in a consultation room, if nothing else is said."""
        command = PlanSession.model_validate(a_meeting(**changes))
        return await self.does(lambda tx: use_cases.plan_session(tx, case.id, command))

    async def given_room(self, session: Session, **changes: object) -> BookingState:
        """Facilities gives a session the room that it wants."""
        booking = a_booking(session, **changes)
        await self.hears(booking)
        return booking

    async def does(self, act: Callable[[Tx], Awaitable[T]]) -> T:
        """Do something in a transaction of its own, as the system."""
        async with self.database.transaction(_US) as tx:
            return await act(tx)

    async def now(self, kind: type[T], key: UUID) -> T:
        """What became of something."""
        async with self.database.reading(_US) as tx:
            found = await tx.get(kind, key)
            assert found is not None
            return found

    async def taken(self, consultant: Consultant) -> int:
        """How many hours of a consultant are taken now."""
        return (await self.now(Consultant, consultant.id)).taken

    async def ask(
        self,
        method: str,
        path: str,
        *,
        by: str | UUID = "head",
        seen: int | None = None,
        **given: Any,  # noqa: ANN401 (httpx's own arguments)
    ) -> httpx.Response:
        """Ask as one of the staff, as a consultant's person, or as the owner."""
        role, scope = STAFF.get(str(by), ("owner" if by == "owner" else "consultant", "nation"))
        person = by if isinstance(by, UUID) else self.owner if by == "owner" else None
        grants = [{"role": role, "scope": scope}]
        token = self.ecosystem.issuer.token(str(by), grants, person)
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid4())}
        if seen is not None:
            headers["If-Match"] = f'"{seen}"'
        return await self.client.request(method, path, headers=headers, **given)

    async def time_passes(self, table: str, key: UUID) -> bool:
        """What is due on a row is due now; say whether something was done."""
        late = f"UPDATE {table} SET due_at = now() - interval '1 s' WHERE id = $1"  # noqa: S608 (our own names)
        await self.ecosystem.rows("mentoring", late, key)
        return await self.time_works()

    async def time_works(self) -> bool:
        """Let one thing that is due be done; say whether there was one."""
        return await Deadlines(self.database, "mentoring", DEADLINES).take()

    async def begins(self, session: Session) -> None:
        """It is time for a session."""
        moved = "UPDATE session SET starts_at = now() - interval '1 h', ends_at = now()"
        await self.ecosystem.rows("mentoring", f"{moved} WHERE id = $1", session.id)

    async def verbs(self, key: UUID) -> list[str]:
        """What was said of a thing, in order."""
        said = "SELECT type FROM event_log WHERE key = $1::text ORDER BY id"
        rows = await self.ecosystem.rows("mentoring", said, str(key))
        return [row["type"].split(".")[-2] for row in rows]


async def a_practice(ecosystem: Ecosystem) -> Practice:
    """A practice in two units of one province, without consultants."""
    practice = Practice(ecosystem, await ecosystem.client("mentoring", None))
    for region, unit in UNITS.items():
        facts = {"id": unit, "level": "regency", "region_code": region}
        await practice.hears(UnitState.model_validate(facts | {"time_zone": "Asia/Jakarta"}))
    return practice


def a_meeting(**changes: object) -> dict[str, Any]:
    """The body of a plan: tomorrow, for an hour, in a consultation room."""
    in_a_room = {"facility_kind": "consultation_room"} if "mode" not in changes else {}
    times = {"starts_at": TOMORROW.isoformat(), "ends_at": (TOMORROW + HOUR).isoformat()}
    return {"mode": "room", **in_a_room, **times} | changes


def a_booking(session: Session, **changes: object) -> BookingState:
    """The booking that gives a session the room that it wants now."""
    facts = {
        "id": uuid4(),
        "unit_id": session.unit_id,
        "facility_ids": (uuid4(),),
        "starts_at": session.starts_at,
        "ends_at": session.ends_at,
        "status": "confirmed",
        "enterprise_id": session.enterprise_id,
        "session_id": session.id,
        "session_revision": session.revision,
    }
    return BookingState.model_validate(facts | changes)
