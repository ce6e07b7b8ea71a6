"""Hours are counted and requests follow their visit as in a model that only adds up."""

import asyncio
from contextlib import AsyncExitStack
from uuid import uuid4

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import rule
from hypothesis.stateful import run_state_machine_as_test as run_machine

from deploy.local.parts import Parts
from tests.mentoring.assignment_machine import AssignmentMachine, Wish
from tests.mentoring.practice import Practice, a_practice
from tests.support.databases import Templates
from tests.support.ecosystem import fresh_ecosystem

_OF_VISIT = "SELECT id, weekly_hours FROM request WHERE visit_id = $1"


class VisitedMachine(AssignmentMachine):
    """The same, while the desk corrects a visit, or comes back to what it was."""

    def __init__(self) -> None:
        self.asked: list[tuple[Wish, object]] = []
        """What each request of the visit is for, the first first."""
        super().__init__()
        self.enterprises = [self.enterprise, self.run(self.practice.enterprise())]
        self.visit = uuid4()

    @rule(
        whose=st.integers(0, 1),
        field=st.sampled_from(["pemasaran", "sdm", None]),
        decide=st.sampled_from(["assign", "accept", "withdraw"]),
    )
    def correct_and_decide(self, whose: int, field: str | None, decide: str) -> None:
        self._correct(whose, field)
        whom = {"whose": whose} if decide == "assign" else {}
        getattr(self, decide)(which=1, **whom)

    def _correct(self, whose: int, field: str | None) -> None:
        wanted = (whose, field) if field else None
        enterprise, need = self.enterprises[whose], "mentoring" if field else "licence"
        change = {"id": self.visit, "need": need, "field": field}
        self.run(self.practice.visit(enterprise, **change))
        answered = False
        for wish, what in self.asked:
            answered |= what == wanted and wish.reason != "not_needed"
            if what != wanted and wish.status in ("open", "assigned"):
                wish.status, wish.reason, wish.of = "ended", "not_needed", None
        rows = self.run(self.practice.ecosystem.rows("mentoring", _OF_VISIT, self.visit))
        made = {row["id"]: row["weekly_hours"] for row in rows}
        for wish, _ in self.asked:
            del made[wish.key]
        assert len(made) == (wanted is not None and not answered)
        for key, hours in made.items():
            wish = Wish(key, hours)
            self.wishes.append(wish)
            self.asked.append((wish, wanted))

    def _wish(self, which: int, *statuses: str) -> Wish:
        """Often that of the visit."""
        ours = [wish for wish, _ in self.asked if wish.status in statuses]
        return ours[-1] if ours and which % 2 else super()._wish(which, *statuses)


async def _entered(stack: AsyncExitStack, parts: Parts, templates: Templates) -> Practice:
    fresh = fresh_ecosystem(parts, templates, ("mentoring",))
    return await a_practice(await stack.enter_async_context(fresh))


def test_hours_are_counted_as_in_a_plain_model(parts: Parts, templates: Templates) -> None:
    stack = AsyncExitStack()
    with asyncio.Runner() as runner:
        VisitedMachine.runner = runner
        VisitedMachine.practice = runner.run(_entered(stack, parts, templates))
        try:
            run_machine(
                VisitedMachine,
                settings=settings(
                    max_examples=8,
                    stateful_step_count=25,
                    deadline=None,
                    # Each step of the story is told; to make it shorter would take minutes.
                    phases=[Phase.generate],
                    suppress_health_check=list(HealthCheck),
                ),
            )
        finally:
            runner.run(stack.aclose())
