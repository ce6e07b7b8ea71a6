"""What cases achieved: claimed by those who worked on them, answered by the owners."""

from uuid import UUID

from services.mentoring import queries
from services.mentoring.ids import new_id
from services.mentoring.models import IN_RUPIAH, Achievement, Outcome, latest_day
from services.mentoring.schemas import ClaimOutcome, DisputeOutcome
from shared.events.partners import ReferralState
from shared.streams.log import Tx
from shared.web.etags import Versions


async def claim_outcome(tx: Tx, case_id: UUID, command: ClaimOutcome) -> Outcome:
    """Say that a case, open or closed, achieved something. Raises CaseNotFound, DayImpossible."""
    case = await queries.case_in_hand(tx, case_id, alone=False)
    today = latest_day(await tx.now())
    outcome = Outcome.claim(new_id(), case, command.achieved, today=today)
    tx.add(outcome)
    tx.publish(outcome, "claimed")
    return outcome


async def confirm_outcome(tx: Tx, outcome_id: UUID, seen: Versions) -> Outcome:
    """Agree, as an owner. Raises OutcomeNotFound, Stale, OutcomeAnswered."""
    outcome = await _seen(tx, outcome_id, seen)
    outcome.confirm()
    tx.publish(outcome, "confirmed")
    return outcome


async def dispute_outcome(
    tx: Tx, outcome_id: UUID, seen: Versions, command: DisputeOutcome
) -> Outcome:
    """Disagree, as an owner. Raises OutcomeNotFound, Stale, OutcomeAnswered."""
    outcome = await _seen(tx, outcome_id, seen)
    outcome.dispute(command.because)
    tx.publish(outcome, "disputed")
    return outcome


async def claim_of_referral(tx: Tx, referral: ReferralState) -> None:
    """Claim what a referral of a case led to, once; that of another enterprise is not the case's.

    Only what is measured in rupiah has the referral's amount as its value; all else counts as one.
    """
    kind, achieved_on = referral.result_kind, referral.completed_on
    if referral.case_id is None or kind is None or achieved_on is None:
        return
    case = await queries.any_case(tx, referral.case_id)
    if case is None or await queries.is_claimed(tx, referral.id):
        return
    if not await queries.is_one_with(tx, case.enterprise_id, referral.enterprise_id):
        return
    value = referral.result_amount if kind in IN_RUPIAH else None
    achieved = Achievement(kind, 1 if value is None else value, achieved_on)
    outcome = Outcome.claim(new_id(), case, achieved, today=achieved_on)
    outcome.referral_id = referral.id
    tx.add(outcome)
    tx.publish(outcome, "claimed")
    await tx.flush()


async def _seen(tx: Tx, outcome_id: UUID, seen: Versions) -> Outcome:
    outcome = await queries.owners_outcome(tx, outcome_id)
    seen.refuse_if_stale(outcome.event_seq)
    return outcome
