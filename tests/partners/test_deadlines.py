"""What time does: agreements end, opportunities close, referrals run out; each once."""

from datetime import UTC, datetime, timedelta

from services.partners.deadlines import DEADLINES
from shared.deadlines import Deadlines
from tests.partners.town import Town


async def _time_works(town: Town) -> int:
    """Let everything that is due be done; return how much it was."""
    for done in range(100):
        if not await town.time_works():
            return done
    raise AssertionError("there is no end of what is due")


async def test_nothing_is_done_before_its_time(town: Town) -> None:
    await town.referral(await town.opportunity())

    assert await _time_works(town) == 0


async def test_a_referral_that_nobody_answers_expires_and_gives_its_place_back(town: Town) -> None:
    opportunity = await town.opportunity(quota=1)
    referral = await town.referral(opportunity)
    await town.time_passes(referral)

    done = await _time_works(town)

    expired, open_again = await town.now(referral), await town.now(opportunity)
    assert done == 1
    assert (expired.status, expired.reason, expired.due_at) == ("expired", "no_answer", None)
    assert (open_again.status, open_again.taken, open_again.referred) == ("published", 0, [])
    assert await town.events(opportunity) == ["published", "closed", "reopened"]


async def test_an_accepted_referral_ends_when_its_consent_runs_out(town: Town) -> None:
    opportunity = await town.opportunity()
    referral = await town.referral(opportunity, accepted=True)
    past = "UPDATE referral SET consent_until = now(), due_at = now() WHERE id = $1"
    await town.ecosystem.rows("partners", past, referral.id)

    await _time_works(town)

    revoked = await town.now(referral)
    assert (revoked.status, revoked.reason) == ("revoked", "consent_withdrawn")


async def test_a_consent_that_is_renewed_carries_its_referrals_further(town: Town) -> None:
    opportunity = await town.opportunity()
    referral = await town.referral(opportunity, accepted=True)
    later = datetime.now(UTC) + timedelta(days=400)

    await town.hears_again(referral.consent_id, until=later)

    renewed = await town.now(referral)
    assert (renewed.status, renewed.due_at) == ("accepted", later)


async def test_an_opportunity_closes_after_its_last_day(town: Town) -> None:
    opportunity = await town.opportunity()
    await town.time_passes(opportunity)

    done = await _time_works(town)

    closed = await town.now(opportunity)
    assert (done, closed.status, closed.reason) == (1, "closed", "deadline_passed")


async def test_an_agreement_ends_after_its_last_day_with_what_only_it_carries(town: Town) -> None:
    agreement = await town.agreement()
    opportunity = await town.opportunity(agreement, quota=1)
    referral = await town.referral(opportunity)
    await town.time_passes(agreement)

    done = await _time_works(town)

    ended, closed, revoked = [await town.now(each) for each in (agreement, opportunity, referral)]
    assert (done, ended.status, ended.due_at) == (1, "ended", None)
    assert (closed.status, closed.reason) == ("closed", "agreement_ended")
    assert (revoked.status, revoked.reason) == ("revoked", "agreement_ended")


async def test_one_that_fails_holds_nobody_else_up(town: Town) -> None:
    referral = await town.referral(await town.opportunity())
    spoil = "UPDATE agreement SET status = 'ended', due_at = now() - interval '9 d'"
    await town.ecosystem.rows("partners", spoil)
    await town.time_passes(referral)
    deadlines = Deadlines(town.database, "partners", DEADLINES)

    assert await deadlines.take()
    assert await deadlines.take()

    assert (await town.now(referral)).status == "expired"


async def test_what_time_does_stands_in_the_audit_trail_as_the_services_own(town: Town) -> None:
    await town.time_passes(await town.referral(await town.opportunity()))

    await _time_works(town)

    statement = "SELECT actor, operation FROM audit_entry ORDER BY id DESC LIMIT 1"
    [entry] = await town.ecosystem.rows("partners", statement)
    assert (entry["actor"], entry["operation"]) == ("system:partners", "run_out")
