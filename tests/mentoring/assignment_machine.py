"""Requests, cases and hours on a real database, against a model that only adds up."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from services.mentoring import use_cases
from services.mentoring.models import Case, Consultant, Request
from services.mentoring.schemas import (
    AssignRequest,
    ChangeConsultant,
    CloseCase,
    HandOverCase,
    LeaveConsultant,
)
from shared.refusals import Refusal
from shared.streams.log import Tx
from shared.web.etags import Versions
from tests.mentoring.practice import Practice

NUMBERS = st.integers(0, 9)
_PEOPLE = "SELECT id, status, weekly_hours, taken FROM consultant"
_WISHES = "SELECT id, status, reason, consultant_id FROM request"
_CASES = "SELECT id, status, consultant_id FROM mentoring_case"


@dataclass
class Somebody:
    """A consultant as the model has them."""

    key: UUID
    hours: int
    status: str = "active"


@dataclass
class Wish:
    """A request as the model has it, and the case that it became."""

    key: UUID
    hours: int
    status: str = "open"
    reason: str | None = None
    of: Somebody | None = None
    case: UUID | None = None

    @property
    def counts(self) -> bool:
        """Whether it takes hours of somebody."""
        return self.status in ("assigned", "accepted")


class AssignmentMachine(RuleBasedStateMachine):
    """Two consultants, as many requests as come, and all that can be done with them."""

    runner: ClassVar[asyncio.Runner]
    practice: ClassVar[Practice]

    def __init__(self) -> None:
        super().__init__()
        self.run(self._clear())
        self.enterprise = self.run(self.practice.enterprise())
        self.people = [self._somebody(hours) for hours in (6, 7)]
        self.wishes: list[Wish] = []
        for number in range(6):
            self.open(number % 3 + 1)
            if number:
                self.assign(number, number)
            if number > 2:
                self.accept(number)

    def run(self, act: Awaitable[Any]) -> Any:  # noqa: ANN401 (whatever comes of it)
        """Wait for something."""
        return self.runner.run(_waited(act))

    @rule(hours=st.integers(1, 5))
    def open(self, hours: int) -> None:
        request = self.run(self.practice.request(self.enterprise, weekly_hours=hours))
        self.wishes.append(Wish(request.id, hours))

    @precondition(lambda self: self.wishes)
    @rule(which=NUMBERS, whose=NUMBERS)
    def assign(self, which: int, whose: int) -> None:
        wish, to = self._wish(which, "open"), self._person(whose)
        command = AssignRequest(consultant_id=to.key)
        fits = to.status == "active" and self._left(to) >= wish.hours
        possible = wish.status == "open" and fits
        self._try(possible, Request, wish.key, use_cases.assign_request, command)
        if possible:
            wish.status, wish.of = "assigned", to

    @precondition(lambda self: self.wishes)
    @rule(which=NUMBERS)
    def accept(self, which: int) -> None:
        wish = self._wish(which, "assigned")
        possible = wish.status == "assigned"
        accepted = self._try(possible, Request, wish.key, use_cases.accept_request)
        if possible:
            wish.status, wish.case = "accepted", accepted.case_id

    @precondition(lambda self: self.wishes)
    @rule(which=NUMBERS, by_time=st.booleans())
    def decline(self, which: int, *, by_time: bool) -> None:
        wish = self._wish(which, "assigned")
        possible = wish.status == "assigned"
        if possible and by_time:
            assert self.run(self.practice.time_passes("request", wish.key))
        else:
            self._try(possible, Request, wish.key, use_cases.decline_request)
        if possible:
            wish.status, wish.of = "open", None

    @precondition(lambda self: self.wishes)
    @rule(which=NUMBERS)
    def withdraw(self, which: int) -> None:
        wish = self._wish(which, "open", "assigned")
        possible = wish.status in ("open", "assigned")
        self._try(possible, Request, wish.key, use_cases.withdraw_request)
        if possible:
            wish.status, wish.reason, wish.of = "ended", "withdrawn", None

    @precondition(lambda self: any(wish.case for wish in self.wishes))
    @rule(which=NUMBERS)
    def close(self, which: int) -> None:
        wish = self._with_case(which)
        possible = wish.status == "accepted"
        self._try(possible, Case, wish.case, use_cases.close_case, CloseCase())
        if possible:
            wish.status = "closed"

    @precondition(lambda self: any(wish.case for wish in self.wishes))
    @rule(which=NUMBERS, whose=NUMBERS)
    def hand_over(self, which: int, whose: int) -> None:
        wish, to = self._with_case(which), self._person(whose)
        fits = to.status == "active" and self._left(to) >= wish.hours
        possible = wish.status == "accepted" and to is not wish.of and fits
        command = HandOverCase(consultant_id=to.key)
        self._try(possible, Case, wish.case, use_cases.hand_over_case, command)
        if possible:
            wish.of = to

    @rule(whose=NUMBERS, hours=st.integers(1, 12))
    def change_hours(self, whose: int, hours: int) -> None:
        person = self._person(whose)
        enough = hours >= person.hours - self._left(person)
        possible = person.status != "left" and hours != person.hours and enough
        command = ChangeConsultant(weekly_hours=hours)
        self._try(possible, Consultant, person.key, use_cases.change_consultant, command)
        if possible:
            person.hours = hours

    @rule(whose=NUMBERS)
    def pause_or_resume(self, whose: int) -> None:
        person = self._person(whose)
        paused = person.status == "paused"
        act = use_cases.resume_consultant if paused else use_cases.pause_consultant
        self._try(person.status != "left", Consultant, person.key, act)
        if person.status != "left":
            person.status = "active" if paused else "paused"

    @rule(whose=NUMBERS)
    def leave(self, whose: int) -> None:
        """The other one takes over if there is room for all; then somebody new comes."""
        person = self._person(whose)
        [other] = [each for each in self.people if each is not person]
        cases = [wish for wish in self.wishes if wish.of is person and wish.status == "accepted"]
        room = other.status == "active" and self._left(other) >= sum(each.hours for each in cases)
        possible = room or not cases
        key, command = person.key, LeaveConsultant()
        self._try(possible, Consultant, key, use_cases.leave_consultant, command)
        if possible:
            self._is_gone(person, other)

    def _is_gone(self, person: Somebody, other: Somebody) -> None:
        for wish in self.wishes:
            if wish.of is person and wish.status == "accepted":
                wish.of = other
            elif wish.of is person and wish.status == "assigned":
                wish.status, wish.of = "open", None
        self.people[self.people.index(person)] = self._somebody(8)

    @invariant()
    def the_database_says_the_same(self) -> None:
        people, wishes, cases = self.run(self._kept())
        for person in self.people:
            taken = person.hours - self._left(person)
            assert people[person.key] == (person.status, person.hours, taken)
            assert 0 <= taken <= person.hours
        for wish in self.wishes:
            of = wish.of.key if wish.of else None
            if wish.case:
                assert wishes[wish.key][0] == "accepted"
                assert cases[wish.case] == ("closed" if wish.status == "closed" else "open", of)
            else:
                assert wishes[wish.key] == (wish.status, wish.reason, of)

    async def _kept(self) -> list[dict[UUID, tuple[Any, ...]]]:
        """What the database has of each, by ids."""
        found = []
        for statement in (_PEOPLE, _WISHES, _CASES):
            rows = await self.practice.ecosystem.rows("mentoring", statement)
            found.append({row["id"]: tuple(row)[1:] for row in rows})
        return found

    def _left(self, person: Somebody) -> int:
        taken = sum(wish.hours for wish in self.wishes if wish.counts and wish.of is person)
        return person.hours - taken

    def _wish(self, which: int, *statuses: str) -> Wish:
        """Mostly one of these statuses, so that much is possible; now and then any."""
        fitting = [wish for wish in self.wishes if wish.status in statuses]
        found = self.wishes if which == 0 or not fitting else fitting
        return found[which % len(found)]

    def _with_case(self, which: int) -> Wish:
        cases = [wish for wish in self.wishes if wish.case]
        living = [wish for wish in cases if wish.status == "accepted"]
        found = cases if which == 0 or not living else living
        return found[which % len(found)]

    def _person(self, whose: int) -> Somebody:
        return self.people[whose % len(self.people)]

    def _somebody(self, hours: int) -> Somebody:
        return Somebody(self.run(self.practice.consultant(weekly_hours=hours)).id, hours)

    def _try(
        self,
        possible: bool,  # noqa: FBT001 (what the model says)
        kind: type[Any],
        key: UUID | None,
        act: Callable[..., Awaitable[Any]],
        *given: object,
    ) -> Any:  # noqa: ANN401 (whatever comes of it)
        """Do something with the newest version; it succeeds exactly when it is possible."""
        seen = Versions([self.run(self.practice.now(kind, key)).event_seq])  # type: ignore[arg-type]

        def in_tx(tx: Tx) -> Awaitable[Any]:
            return act(tx, key, seen, *given)

        try:
            done = self.run(self.practice.does(in_tx))
        except Refusal:
            assert not possible
            return None
        assert possible
        return done

    async def _clear(self) -> None:
        tables = "consultant, request, mentoring_case, session, goal, outcome, enterprise_copy"
        await self.practice.ecosystem.rows("mentoring", f"TRUNCATE {tables}")


async def _waited(act: Awaitable[Any]) -> Any:  # noqa: ANN401 (as above)
    return await act
