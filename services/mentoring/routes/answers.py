"""What an answer says besides the thing itself: its version, where it is, and what is open."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Response

from services.mentoring import queries
from services.mentoring.models import Case, Consultant, Outcome, Request, Session
from services.mentoring.schemas import (
    ConsultantView,
    RequestView,
    WholeCase,
    WholeOutcome,
    WholeSession,
)
from shared.access.web import AskedBy, Asker
from shared.streams.log import Tx
from shared.web.etags import tag


@dataclass(frozen=True, slots=True)
class _Answer:
    """The answer in the making, and whoever asked."""

    asked: Asker
    response: Response

    def made(self, path: str) -> None:
        """Say where what was made is."""
        self.response.headers["Location"] = f"/api/mentoring/v1/{path}"

    def consultant(self, consultant: Consultant) -> ConsultantView:
        """Show a consultant with its version."""
        tag(self.response, consultant.event_seq)
        return ConsultantView.of(consultant, self.asked)

    async def request(self, tx: Tx, request: Request) -> RequestView:
        """Show a request with its version."""
        tag(self.response, request.event_seq)
        return RequestView.of(request, self.asked, await own(tx, self.asked))

    async def case(self, tx: Tx, case: Case) -> WholeCase:
        """Show a case with its version and its goals."""
        tag(self.response, case.event_seq)
        await tx.flush()
        around = await queries.circumstances(tx, [case])
        return WholeCase.of(case, self.asked, around).with_goals(await queries.goals(tx, case.id))

    async def session(self, tx: Tx, session: Session) -> WholeSession:
        """Show a session with its version and its notes."""
        tag(self.response, session.event_seq)
        return WholeSession.of(session, self.asked, await tx.now())

    async def outcome(self, tx: Tx, outcome: Outcome) -> WholeOutcome:
        """Show an outcome with its version."""
        tag(self.response, outcome.event_seq)
        return WholeOutcome.of(outcome, self.asked, await own(tx, self.asked))


async def _answer(asked: AskedBy, response: Response) -> _Answer:
    return _Answer(asked, response)


Answer = Annotated[_Answer, Depends(_answer)]


async def own(tx: Tx, asked: Asker) -> Collection[UUID]:
    """The enterprises that whoever asks owns."""
    return await queries.enterprises_of(tx, asked.actor.person_id)
