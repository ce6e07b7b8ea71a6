"""What may become of a partner, an agreement and an opportunity, and what may not."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.partners.errors import (
    AgreementNotInState,
    AgreementNotLiving,
    AlreadyReferred,
    NothingChanged,
    OpportunityClosed,
    OtherPersonNeeded,
    OutsideAgreement,
    PartnerNotInState,
    PartnerSuspended,
    QuotaReached,
    QuotaTooSmall,
)
from services.partners.models import Agreement, Opportunity, Partner, day_of, end_of
from shared.refusals import Refusal

TODAY = date(2026, 11, 24)
NOON = datetime(2026, 11, 24, 5, tzinfo=UTC)


def a_partner(status: str = "verified") -> Partner:
    """A bank that one person entered and another one verified."""
    partner = Partner(id=uuid4(), kind="private_sector", name="Bank Mitra", changed_by="one")
    if status != "registered":
        partner.verify("other")
    if status == "suspended":
        partner.suspend("Tidak menjawab.")
    return partner


def an_agreement(status: str = "active") -> Agreement:
    """An agreement of the year 2026."""
    agreement = Agreement(
        id=uuid4(),
        partner_id=uuid4(),
        title="Pembiayaan",
        scopes=["finance"],
        unit_ids=[],
        starts_on=date(2026, 1, 1),
        ends_on=date(2026, 12, 31),
    )
    if status != "draft":
        agreement.activate(a_partner(), TODAY)
    if status == "suspended":
        agreement.suspend("Sedang ditinjau.")
    if status == "ended":
        agreement.end()
    return agreement


def an_opportunity(quota: int = 2) -> Opportunity:
    """A credit with a number of places."""
    return Opportunity.publish(
        uuid4(),
        an_agreement(),
        TODAY,
        kind="finance",
        title="Kredit",
        size_classes=["mikro"],
        kbli_prefixes=[],
        regions=[],
        quota=quota,
        closes_on=date(2026, 12, 1),
    )


def test_whoever_entered_a_partner_cannot_vouch_for_it() -> None:
    partner = a_partner("registered")

    with pytest.raises(OtherPersonNeeded):
        partner.verify("one")

    assert "verify_partner" not in partner.open_operations("one")
    assert "verify_partner" in partner.open_operations("other")


def test_a_partner_that_changed_must_be_verified_by_somebody_else_again() -> None:
    partner = a_partner()

    partner.change("other", {"name": "Bank Mitra Rakyat"})

    assert (partner.status, partner.verified_by) == ("registered", None)
    with pytest.raises(OtherPersonNeeded):
        partner.verify("other")
    with pytest.raises(NothingChanged):
        partner.change("one", {"name": "Bank Mitra Rakyat"})


@pytest.mark.parametrize("status", ["registered", "verified"])
def test_a_restored_partner_is_what_it_was(status: str) -> None:
    partner = a_partner(status)

    partner.suspend("Tidak menjawab.")
    partner.restore()

    assert (partner.status, partner.suspended_because) == (status, None)


REFUSED_PARTNERS: list[tuple[str, Callable[[Partner], None], type[Refusal]]] = [
    ("verified", lambda partner: partner.verify("one"), PartnerNotInState),
    ("verified", lambda partner: partner.restore(), PartnerNotInState),
    ("registered", lambda partner: partner.refuse_unless_verified(), PartnerNotInState),
    ("suspended", lambda partner: partner.verify("other"), PartnerSuspended),
    ("suspended", lambda partner: partner.suspend("Lagi."), PartnerSuspended),
    ("suspended", lambda partner: partner.change("one", {"name": "X"}), PartnerSuspended),
    ("suspended", lambda partner: partner.refuse_unless_verified(), PartnerSuspended),
]


@pytest.mark.parametrize(("status", "act", "refusal"), REFUSED_PARTNERS)
def test_a_partner_refuses_what_its_state_does_not_allow(
    status: str, act: Callable[[Partner], None], refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        act(a_partner(status))


REFUSED_AGREEMENTS: list[tuple[str, Callable[[Agreement], None], type[Refusal]]] = [
    ("draft", lambda agreement: agreement.suspend("X"), AgreementNotInState),
    ("draft", lambda agreement: agreement.resume(TODAY), AgreementNotInState),
    ("draft", lambda agreement: agreement.keep_promise(), AgreementNotInState),
    ("draft", lambda agreement: agreement.refuse_unless_living(TODAY), AgreementNotLiving),
    ("draft", lambda a: a.activate(a_partner("registered"), TODAY), PartnerNotInState),
    ("draft", lambda a: a.activate(a_partner(), date(2027, 1, 1)), AgreementNotLiving),
    ("active", lambda agreement: agreement.activate(a_partner(), TODAY), AgreementNotInState),
    ("active", lambda agreement: agreement.resume(TODAY), AgreementNotInState),
    ("active", lambda a: a.refuse_unless_living(date(2025, 12, 31)), AgreementNotLiving),
    ("active", lambda a: a.refuse_unless_living(date(2027, 1, 1)), AgreementNotLiving),
    ("suspended", lambda a: a.refuse_unless_living(TODAY), AgreementNotLiving),
    ("suspended", lambda agreement: agreement.suspend("X"), AgreementNotInState),
    ("suspended", lambda a: a.resume(date(2027, 1, 1)), AgreementNotLiving),
    ("ended", lambda agreement: agreement.end(), AgreementNotInState),
    ("ended", lambda agreement: agreement.promise(), AgreementNotInState),
    ("ended", lambda agreement: agreement.resume(TODAY), AgreementNotInState),
]


@pytest.mark.parametrize(("status", "act", "refusal"), REFUSED_AGREEMENTS)
def test_an_agreement_refuses_what_its_state_does_not_allow(
    status: str, act: Callable[[Agreement], None], refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        act(an_agreement(status))


def test_an_agreement_lasts_through_its_last_day_in_jakarta() -> None:
    agreement = an_agreement()

    assert agreement.due_at == datetime(2026, 12, 31, 17, tzinfo=UTC)
    agreement.refuse_unless_living(date(2026, 12, 31))


@given(st.datetimes(datetime(2000, 1, 1), datetime(2199, 12, 30), timezones=st.just(UTC)))  # noqa: DTZ001 (the zone is the strategy's)
def test_an_instant_lies_before_the_end_of_its_day_and_not_before_that_of_the_day_before(
    instant: datetime,
) -> None:
    day = day_of(instant)

    assert end_of(day - timedelta(days=1)) <= instant < end_of(day)


def test_an_opportunity_keeps_to_its_agreement() -> None:
    facts = {"title": "X", "size_classes": [], "kbli_prefixes": [], "regions": [], "quota": 1}
    outside = [
        ({"kind": "market", "closes_on": date(2026, 12, 1)}, "/kind"),
        ({"kind": "finance", "closes_on": date(2027, 1, 1)}, "/closes_on"),
        ({"kind": "finance", "closes_on": date(2026, 11, 23)}, "/closes_on"),
    ]
    for given_facts, pointer in outside:
        with pytest.raises(OutsideAgreement) as refused:
            Opportunity.publish(uuid4(), an_agreement(), TODAY, **facts | given_facts)

        assert refused.value.pointer == pointer


def test_a_full_opportunity_opens_again_when_a_place_becomes_free() -> None:
    opportunity, enterprise = an_opportunity(quota=1), uuid4()
    opportunity.take_place(enterprise, {enterprise}, NOON)

    full = (opportunity.status, opportunity.reason)
    with pytest.raises(QuotaReached):
        opportunity.take_place(uuid4(), set(), NOON)
    opportunity.free_place(enterprise)

    assert full == ("closed", "quota_reached")
    assert (opportunity.status, opportunity.reason) == ("published", None)


def test_what_was_withdrawn_stays_closed_whatever_becomes_free() -> None:
    opportunity, enterprise = an_opportunity(quota=1), uuid4()
    opportunity.take_place(enterprise, {enterprise}, NOON)
    opportunity.close("withdrawn")

    opportunity.free_place(enterprise)

    assert (opportunity.status, opportunity.reason, opportunity.taken) == ("closed", "withdrawn", 0)
    with pytest.raises(OpportunityClosed):
        opportunity.close("withdrawn")


def test_nobody_takes_a_place_twice_or_after_the_last_day() -> None:
    opportunity, enterprise, other_id = an_opportunity(), uuid4(), uuid4()
    opportunity.take_place(enterprise, {enterprise}, NOON)

    with pytest.raises(AlreadyReferred):
        opportunity.take_place(other_id, {other_id, enterprise}, NOON)
    with pytest.raises(OpportunityClosed):
        opportunity.take_place(other_id, {other_id}, end_of(opportunity.closes_on))


def test_a_quota_is_raised_and_never_put_below_what_is_taken() -> None:
    opportunity, places = an_opportunity(quota=2), [uuid4(), uuid4()]
    for enterprise in places:
        opportunity.take_place(enterprise, {enterprise}, NOON)

    with pytest.raises(QuotaTooSmall):
        opportunity.change(an_agreement(), TODAY, {"quota": 1})
    opportunity.change(an_agreement(), TODAY, {"quota": 3})

    assert opportunity.status == "published"


@given(st.lists(st.integers(0, 5)), st.integers(1, 4))
def test_the_places_are_those_of_a_plain_set(steps: list[int], quota: int) -> None:
    opportunity, enterprises = an_opportunity(quota), [UUID(int=n) for n in range(6)]
    holding: set[UUID] = set()
    for step in steps:
        enterprise = enterprises[step]
        if enterprise in holding:
            opportunity.free_place(enterprise)
            holding.discard(enterprise)
        elif len(holding) < quota:
            opportunity.take_place(enterprise, {enterprise}, NOON)
            holding.add(enterprise)

        assert (opportunity.taken, set(opportunity.referred)) == (len(holding), holding)
        assert (opportunity.status == "closed") == (len(holding) == quota)
