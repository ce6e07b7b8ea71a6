"""Whatever is done in whatever order, referrals are what plain sets say they are."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, ClassVar
from uuid import UUID

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from services.partners import use_cases
from services.partners.models import Agreement, Opportunity, Referral
from services.partners.schemas import (
    AcceptReferral,
    CompleteReferral,
    FailReferral,
    RejectReferral,
)
from shared.refusals import Refusal
from shared.streams.log import Tx
from shared.web.etags import Versions
from tests.partners.bodies import TODAY
from tests.partners.plain_referrals import OPEN, PlainReferral, PlainReferrals
from tests.partners.town import Town

ENTERPRISES = 4
_ENTERPRISE = st.integers(0, ENTERPRISES - 1)
_ANY = st.integers(0, 99)
_RESULT = CompleteReferral.model_validate({"kind": "training", "completed_on": TODAY.isoformat()})
_REJECT = RejectReferral(reason="no_capacity")
_FAIL = FailReferral(reason="not_interested")


Answer = Callable[[Tx, UUID, Versions], Awaitable[Referral]]


def _answer(use_case: Callable[..., Awaitable[Referral]], command: object) -> Answer:
    return lambda tx, referral_id, seen: use_case(tx, referral_id, seen, command)


ANSWERS: dict[str, tuple[str, str | None, Answer]] = {
    "accepted": ("sent", None, _answer(use_cases.accept_referral, AcceptReferral())),
    "rejected": ("sent", "no_capacity", _answer(use_cases.reject_referral, _REJECT)),
    "completed": ("accepted", None, _answer(use_cases.complete_referral, _RESULT)),
    "failed": ("accepted", "not_interested", _answer(use_cases.fail_referral, _FAIL)),
}
"""For each state that an answer leads to, the one before it, the reason, and the answer."""
_SETTINGS = settings(
    max_examples=12,
    stateful_step_count=30,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


class Machine(RuleBasedStateMachine):
    """One opportunity of the real service beside the plain one."""

    town: ClassVar[Town]
    loop: ClassVar[asyncio.AbstractEventLoop]

    def does(self, act: Coroutine[Any, Any, Any]) -> Any:  # noqa: ANN401 (whatever it gives)
        """Do it on the loop that the town lives on."""
        return asyncio.run_coroutine_threadsafe(act, self.loop).result(30)

    def outcome(self, act: Coroutine[Any, Any, Any]) -> Any:  # noqa: ANN401 (as above)
        """What it gives, or the name of the refusal."""
        try:
            return self.does(act)
        except Refusal as refusal:
            return type(refusal).__name__

    @initialize(quota=st.integers(1, 4))
    def begin(self, quota: int) -> None:
        """Publish an opportunity, and register enterprises."""
        self.plain = PlainReferrals(quota)
        self.agreement: Agreement = self.does(self.town.agreement())
        self.opportunity: Opportunity = self.does(
            self.town.opportunity(self.agreement, quota=quota)
        )
        self.ids = [self.does(self.town.enterprise()) for _ in range(ENTERPRISES)]
        self.consent_ids: list[UUID] = []
        self.sent: list[Referral] = []

    def consent_of(self, enterprise: int) -> int:
        """The number of a new consent."""
        partner = self.opportunity.partner_id
        self.consent_ids.append(self.does(self.town.consent(self.ids[enterprise], partner)))
        number = len(self.consent_ids) - 1
        self.plain.consents[number] = enterprise
        return number

    @rule(enterprise=_ENTERPRISE)
    def an_owner_consents_and_somebody_sends(self, enterprise: int) -> None:
        """What happens most days."""
        self.somebody_sends(enterprise, self.consent_of(enterprise))

    @precondition(lambda self: self.sent)
    @rule(enterprise=_ENTERPRISE, number=_ANY)
    def somebody_sends_on_some_consent(self, enterprise: int, number: int) -> None:
        """It may be another enterprise's, or withdrawn."""
        self.somebody_sends(enterprise, number % len(self.consent_ids))

    def some(self, number: int) -> tuple[Referral, PlainReferral]:
        """One of those that were sent."""
        number %= len(self.sent)
        return self.sent[number], self.plain.referrals[number]

    def somebody_sends(self, enterprise: int, consent: int) -> None:
        """An enterprise is sent, or refused for a reason that holds."""
        against = self.plain.against(enterprise, consent)
        ids = self.ids[enterprise], self.consent_ids[consent]
        outcome = self.outcome(self.town.sends(self.opportunity.id, *ids))
        if isinstance(outcome, str):
            assert outcome in against, (outcome, against)
            return
        assert against == set()
        self.plain.referrals[len(self.sent)] = PlainReferral(enterprise, consent)
        self.sent.append(outcome)

    @precondition(lambda self: self.sent)
    @rule(number=_ANY, status=st.sampled_from(["accepted", *ANSWERS]))
    def the_partner_answers(self, number: int, status: str) -> None:
        """A referral goes on, or is in no state for it."""
        referral, plain = self.some(number)
        before, reason, act = ANSWERS[status]
        seen = Versions([self.does(self.town.now(referral)).event_seq])
        outcome = self.outcome(self.town.does(lambda tx: act(tx, referral.id, seen)))
        assert (outcome == "ReferralNotInState") == (plain.status != before)
        if plain.status == before:
            plain.status, plain.reason = status, reason

    @precondition(lambda self: self.sent)
    @rule(number=_ANY)
    def an_owner_withdraws(self, number: int) -> None:
        """The consent that a referral rests on is in force no more."""
        consent = self.some(number)[1].consent
        self.does(self.town.hears_again(self.consent_ids[consent], status="withdrawn"))
        self.plain.consents.pop(consent, None)
        self.plain.revoke("consent_withdrawn")

    @rule(number=_ENTERPRISE, closed=st.sampled_from([False, False, True]))
    def an_enterprise_closes_or_reopens(self, number: int, closed: bool) -> None:  # noqa: FBT001 (drawn by name)
        """An enterprise ceases business, or takes it up again."""
        self.closes(number, closed=closed)

    def closes(self, number: int, *, closed: bool) -> None:
        """It does, or takes it up again."""
        (self.plain.closed.add if closed else self.plain.closed.discard)(number)
        status = "closed" if closed else "active"
        self.does(self.town.hears_again(self.ids[number], status=status))
        self.plain.revoke("enterprise_closed")

    @rule(number=st.integers(1, ENTERPRISES - 1), into=_ENTERPRISE)
    def two_become_one_or_apart_again(self, number: int, into: int) -> None:
        """Into one with a smaller number, so that there is an end of it; else apart again."""
        self.merges(number, into)

    @precondition(lambda self: self.sent)
    @rule(number=_ANY, into=_ENTERPRISE)
    def what_it_became_one_with_closes_for_a_while(self, number: int, into: int) -> None:
        """The referral of an enterprise ends with the one that it was merged into."""
        enterprise = self.some(number)[1].enterprise
        if enterprise:
            self.merges(enterprise, into)
        successor = self.plain.one(enterprise)
        self.closes(successor, closed=True)
        self.closes(successor, closed=False)

    def merges(self, number: int, into: int) -> None:
        """It becomes one with another, or is apart again."""
        merged = self.ids[into] if into < number else None
        if merged:
            self.plain.merged[number] = into
        else:
            self.plain.merged.pop(number, None)
        self.does(self.town.hears_again(self.ids[number], merged_into=merged))
        self.plain.revoke("enterprise_closed")
        self.plain.revoke("consent_withdrawn")

    @precondition(lambda self: self.sent)
    @rule(number=_ANY)
    def time_passes(self, number: int) -> None:
        """Nobody answered for fourteen days."""
        referral, plain = self.some(number)
        if plain.status == "sent":
            self.does(self.town.time_passes(referral))
            assert self.does(self.town.time_works())
            plain.status, plain.reason = "expired", "no_answer"

    @precondition(lambda self: len(self.sent) > 3)
    @rule()
    def the_agreement_ends(self) -> None:
        """Nothing is sent any more, and what nobody answered goes back."""
        if self.plain.agreed:
            self.does(self.town.time_passes(self.agreement))
            assert self.does(self.town.time_works())
            self.plain.agreed = False
            self.plain.revoke("agreement_ended")

    @invariant()
    def it_is_as_plain_as_that(self) -> None:
        """Each referral, the places, and whether there are more."""
        if not hasattr(self, "plain"):
            return
        real = [self.does(self.town.now(each)) for each in self.sent]
        assert [(r.status, r.reason) for r in real] == [
            (p.status, p.reason) for _, p in sorted(self.plain.referrals.items())
        ]
        opportunity = self.does(self.town.now(self.opportunity))
        assert opportunity.taken == self.plain.taken <= self.plain.quota
        holding = [p.enterprise for p in self.plain.referrals.values() if p.status in OPEN]
        assert set(opportunity.referred) == {self.ids[number] for number in holding}
        full = self.plain.taken == self.plain.quota
        assert (opportunity.status == "closed") == (full or not self.plain.agreed)


async def test_referrals_are_what_plain_sets_say(town: Town) -> None:
    Machine.town, Machine.loop = town, asyncio.get_running_loop()

    await asyncio.to_thread(run_state_machine_as_test, Machine, settings=_SETTINGS)
