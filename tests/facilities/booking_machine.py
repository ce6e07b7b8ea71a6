"""Everything that can be done with bookings, against the plain model."""

from datetime import datetime
from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
)

from services.facilities import use_cases
from services.facilities.models import Booking
from services.facilities.models.intervals import Interval
from services.facilities.queries import Asked, occupancies
from services.facilities.schemas import AddClosure, MoveBooking, RequestBooking
from shared.web.etags import Versions
from tests.facilities.bodies import HOUR, TOMORROW, UNITS
from tests.facilities.centre import Centre
from tests.facilities.contest import events_of_bookings, overlaps
from tests.facilities.plain_model import Entry, Paper, Thing
from tests.facilities.stage import Stage
from tests.support.builders import BATU

_QUARTER = HOUR / 4
_EMPTY = "TRUNCATE facility, closure, booking, tenancy, occupied_place, event_log"
QUARTERS = st.integers(-1, 12)
LENGTHS = st.integers(1, 4)
_MORNINGS = [{"weekday": day, "opens": "08:00", "closes": "11:00"} for day in range(1, 8)]


def _at(quarter: int) -> datetime:
    return TOMORROW + quarter * _QUARTER


class Bookings(RuleBasedStateMachine):
    """Requests, answers, moves, closures, leases and time, against the plain model."""

    bookings = Bundle("bookings")
    closures = Bundle("closures")
    leases = Bundle("leases")

    stage: Stage
    paper: Paper

    @property
    def centre(self) -> Centre:
        """The centre that is asked."""
        return self.stage.centre

    @initialize(hundredths=st.integers(0, 100))
    def open(self, hundredths: int) -> None:
        """A room that is used by one at a time, and three desks that an officer gives out."""
        self.stage.seed = hundredths / 100
        run, centre = self.stage.run, self.centre
        run(centre.ecosystem.rows("facilities", _EMPTY))
        room = run(centre.facility(code="ROOM", hours=_MORNINGS, buffer_before=15, buffer_after=30))
        desks = run(
            centre.facility(
                code="DESKS", hours=_MORNINGS, places=3, approval="officer", buffer_after=15
            )
        )
        self.room, self.desks = room.id, desks.id
        self.paper = Paper({room.id: Thing(1, 1, 2), desks.id: Thing(3, 0, 1, needs_officer=True)})
        self.enterprise = run(centre.enterprise())

    @rule(target=bookings, start=QUARTERS, length=LENGTHS)
    def request_room(self, start: int, length: int) -> Any:  # noqa: ANN401 (one id or none)
        return self._request({self.room: 1}, start, length)

    @rule(target=bookings, count=st.integers(1, 3), start=QUARTERS, length=LENGTHS)
    def request_desks(self, count: int, start: int, length: int) -> Any:  # noqa: ANN401 (as above)
        return self._request({self.desks: count}, start, length)

    @rule(target=bookings, count=st.integers(1, 2), start=QUARTERS, length=LENGTHS)
    def request_both(self, count: int, start: int, length: int) -> Any:  # noqa: ANN401 (as above)
        return self._request({self.room: 1, self.desks: count}, start, length)

    @rule(key=bookings, start=QUARTERS, length=LENGTHS)
    def move(self, key: UUID, start: int, length: int) -> None:
        entry = self.paper.entries[key]
        command = MoveBooking.model_validate(self._times(start, length))
        seen = Versions({entry.changes})

        moved = self.stage.do(lambda tx: use_cases.move_booking(tx, key, seen, command))

        if not entry.holds:
            assert moved == "WrongStatus"
            return
        counts = {thing: len(places) for thing, places in entry.places.items()}
        reasons = self.paper.why_not(counts, start, start + length, but=key)
        if isinstance(moved, str):
            assert moved in reasons
            return
        assert reasons == set()
        self._write_down(moved, start, start + length, entry)

    @rule(key=bookings, change=st.sampled_from(["confirm", "reject", "cancel"]))
    def answer(self, key: UUID, change: str) -> None:
        entry = self.paper.entries[key]
        act = getattr(use_cases, f"{change}_booking")

        stale = self.stage.do(lambda tx: act(tx, key, Versions({entry.changes + 1})))
        answered = self.stage.do(lambda tx: act(tx, key, Versions({entry.changes})))

        assert stale == "Stale"
        from_ = ("pending", "confirmed") if change == "cancel" else ("pending",)
        if entry.status not in from_:
            assert answered == "WrongStatus"
            return
        assert not isinstance(answered, str)
        self._becomes(
            entry, {"confirm": "confirmed", "reject": "rejected"}.get(change, "cancelled")
        )

    @rule(key=bookings)
    def come_too_early(self, key: UUID) -> None:
        entry = self.paper.entries[key]
        seen = Versions({entry.changes})

        came = self.stage.do(lambda tx: use_cases.check_in_booking(tx, key, seen))

        assert came in ("TooEarly", "WrongStatus")

    @rule(key=bookings)
    def time_passes(self, key: UUID) -> None:
        entry = self.paper.entries[key]
        if not entry.holds:
            return

        assert self.stage.run(self.centre.time_passes("booking", key))

        self._becomes(entry, "rejected" if entry.status == "pending" else "no_show")

    @precondition(lambda self: not self.paper.closures)
    @rule(target=closures, room=st.booleans(), start=QUARTERS, length=LENGTHS)
    def close(self, room: bool, start: int, length: int) -> UUID:  # noqa: FBT001 (Hypothesis draws it)
        thing = self.room if room else self.desks
        command = AddClosure(reason="Perbaikan", **self._times(start, length))

        closure = self.stage.do(lambda tx: use_cases.add_closure(tx, thing, command))

        assert not isinstance(closure, str)
        for entry in self.paper.in_the_way(thing, start, start + length):
            self._becomes(entry, "displaced")
        self.paper.closures[closure.id] = (thing, start, start + length)
        return closure.id

    @rule(key=consumes(closures))
    def open_again(self, key: UUID) -> None:
        thing, _, _ = self.paper.closures.pop(key)

        assert self.stage.do(lambda tx: use_cases.cancel_closure(tx, thing, key)) is None

    @precondition(lambda self: not self.paper.leases)
    @rule(target=leases, place=st.integers(1, 3))
    def lease(self, place: int) -> Any:  # noqa: ANN401 (as above)
        leased = self.stage.do(lambda _: self._lease(place))

        free = self.paper.free_places(self.desks, -32, 64)
        if isinstance(leased, str):
            assert leased == "PlaceTaken"
            assert place not in free
            return multiple()
        assert place in free
        self.paper.leases[leased] = (self.desks, place)
        return leased

    @rule(key=consumes(leases))
    def end_lease(self, key: UUID) -> None:
        del self.paper.leases[key]

        ended = self.stage.do(lambda tx: use_cases.end_tenancy(tx, key, Versions({1})))

        assert not isinstance(ended, str)

    @rule(start=QUARTERS, length=LENGTHS, room=st.booleans(), places=st.integers(1, 3))
    def ask_when_it_is_free(self, start: int, length: int, room: bool, places: int) -> None:  # noqa: FBT001 (as above)
        thing = self.room if room else self.desks
        window = Interval(_at(-8), _at(48))
        use = Interval(_at(start), _at(start + length))

        found = self.stage.do(
            lambda tx: occupancies(tx, Asked(UNITS[BATU], facility_ids=[thing]), window)
        )

        assert not isinstance(found, str)
        [occupancy] = found
        free = any(each.contains(use) for each in occupancy.free(window, places))
        assert free == (not self.paper.why_not({thing: places}, start, start + length))

    @invariant()
    def the_database_says_what_the_paper_says(self) -> None:
        if not hasattr(self, "paper"):
            return
        run, rows = self.stage.run, self.centre.ecosystem.rows
        kept = run(rows("facilities", "SELECT id, status, event_seq FROM booking"))
        assert {row["id"]: (row["status"], row["event_seq"]) for row in kept} == {
            key: (entry.status, entry.changes) for key, entry in self.paper.entries.items()
        }
        held = run(rows("facilities", "SELECT holder_id, facility_id, place FROM occupied_place"))
        assert {tuple(row.values()) for row in held} == {
            (key, thing, place)
            for key, entry in self.paper.entries.items()
            for thing, places in entry.places.items()
            for place in places
            if entry.holds
        } | {(key, thing, place) for key, (thing, place) in self.paper.leases.items()}
        assert run(overlaps(self.centre)) == []
        events = run(events_of_bookings(self.centre))
        assert events == {str(key): entry.changes for key, entry in self.paper.entries.items()}

    def _request(self, counts: dict[UUID, int], start: int, length: int) -> Any:  # noqa: ANN401 (as above)
        wanted = [{"facility_id": str(thing), "places": n} for thing, n in counts.items()]
        command = RequestBooking.model_validate(
            {"facilities": wanted, "purpose": "Latihan", **self._times(start, length)}
        )

        made = self.stage.do(lambda tx: use_cases.request_booking(tx, command))

        reasons = self.paper.why_not(counts, start, start + length)
        if isinstance(made, str):
            assert made in reasons
            return multiple()
        assert reasons == set()
        self._write_down(made, start, start + length)
        return made.id

    async def _lease(self, place: int) -> UUID:
        desks = await self.centre.read_facility(self.desks)
        return (await self.centre.leases(desks, self.enterprise, place)).id

    def _write_down(
        self, booking: Booking, start: int, end: int, known: Entry | None = None
    ) -> None:
        places = {UUID(line["facility_id"]): {*line["places"]} for line in booking.lines}
        for thing, taken in places.items():
            free = self.paper.free_places(thing, start, end, but=booking.id)
            assert taken <= free
        officer = any(self.paper.things[thing].needs_officer for thing in places)
        status = "pending" if officer else "confirmed"
        shrunk = known and known.start <= start and end <= known.end
        if known and known.status == "confirmed" and shrunk:
            status = "confirmed"
        assert booking.status == status
        changes = known.changes + 1 if known else 1
        self.paper.entries[booking.id] = Entry(places, start, end, status, changes)

    @staticmethod
    def _becomes(entry: Entry, status: str) -> None:
        entry.status = status
        entry.changes += 1

    @staticmethod
    def _times(start: int, length: int) -> dict[str, Any]:
        return {"starts_at": _at(start), "ends_at": _at(start + length)}
