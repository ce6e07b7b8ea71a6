"""Who was sent to whom, as far as the actor may know."""

from collections.abc import Collection, Sequence
from typing import Final, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col

from services.partners.errors import ReferralNotFound
from services.partners.models import OPEN, Opportunity, Referral
from services.partners.queries.enterprises import kindred
from services.partners.queries.lists import Found, listed
from services.partners.queries.opportunities import locked_opportunities
from shared.access.scope import Place as Reach
from shared.access.scope import visible_to
from shared.events.partners import ReferralStatus
from shared.streams.log import Tx
from shared.web.paging import Window

_REACH = Reach(
    unit=col(Referral.unit_id),
    region=col(Referral.region_code),
    partner=col(Referral.partner_id),
)


# One statement, for it is asked of every enterprise that is heard of. Successors count also before
# they have been heard of themselves.
_APART: Final = sa.text("""
WITH RECURSIVE above (id) AS (
    SELECT CAST(:id AS uuid)
    UNION
    SELECT e.merged_into FROM enterprise_copy AS e JOIN above USING (id)
    WHERE e.merged_into IS NOT NULL
), same (id) AS (
    SELECT id FROM above
    UNION
    SELECT e.id FROM enterprise_copy AS e JOIN same ON e.merged_into = same.id
)
SELECT r.id FROM referral AS r JOIN consent_copy AS c ON c.id = r.consent_id
WHERE r.status IN ('sent', 'accepted') AND r.enterprise_id = ANY (ARRAY(SELECT id FROM same))
    AND c.enterprise_id <> ALL (ARRAY(SELECT id FROM same))
UNION
SELECT r.id FROM consent_copy AS c JOIN referral AS r ON r.consent_id = c.id
WHERE r.status IN ('sent', 'accepted') AND c.enterprise_id = ANY (ARRAY(SELECT id FROM same))
    AND r.enterprise_id <> ALL (ARRAY(SELECT id FROM same))
""").bindparams(sa.bindparam("id", type_=sa.Uuid))


class Place(NamedTuple):
    """A place of an opportunity, both locked, and the referral that has it."""

    opportunity: Opportunity
    referral: Referral

    @property
    def id(self) -> UUID:
        """The referral's; an opportunity has many places."""
        return self.referral.id


class ReferralFilter(NamedTuple):
    """Which referrals are wanted; None is any. Merged enterprises are one."""

    unit_id: UUID | None = None
    partner_id: UUID | None = None
    opportunity_id: UUID | None = None
    enterprise_id: UUID | None = None
    status: ReferralStatus | None = None


async def referral(tx: Tx, referral_id: UUID) -> Referral:
    """The referral with this id. Raises ReferralNotFound, for a foreign one as for none."""
    statement = sa.select(Referral).where(
        col(Referral.id) == referral_id, visible_to(tx.actor, _REACH)
    )
    found = (await tx.execute(statement)).scalar_one_or_none()
    if found is None:
        raise ReferralNotFound("There is no referral with this id.")
    return found


async def referrals(tx: Tx, window: Window, wanted: ReferralFilter) -> Found:
    """The referrals from the oldest on."""
    statement = sa.select(Referral).where(visible_to(tx.actor, _REACH))
    for column, value in (
        (Referral.unit_id, wanted.unit_id),
        (Referral.partner_id, wanted.partner_id),
        (Referral.opportunity_id, wanted.opportunity_id),
        (Referral.status, wanted.status),
    ):
        if value is not None:
            statement = statement.where(col(column) == value)
    if wanted.enterprise_id:
        same = await kindred(tx, wanted.enterprise_id)
        statement = statement.where(col(Referral.enterprise_id).in_(same))
    return await listed(tx, statement, [col(Referral.id)], window)


async def open_under_consent(tx: Tx, consent_id: UUID) -> Sequence[Place]:
    """The open referrals that rest on a consent."""
    return await _places(tx, col(Referral.consent_id) == consent_id)


async def open_of_enterprises(tx: Tx, ids: Collection[UUID]) -> Sequence[Place]:
    """The open referrals of these enterprises."""
    return await _places(tx, col(Referral.enterprise_id).in_(ids))


async def open_apart(tx: Tx, enterprise_id: UUID) -> Sequence[Place]:
    """The open referrals that rest on a consent of an enterprise that is not the one referred.

    Of an enterprise, which is the one or the other, or was merged with it.
    """
    found = (await tx.scalars(_APART, {"id": enterprise_id})).all()
    return await _places(tx, col(Referral.id).in_(found)) if found else []


async def unanswered_under(tx: Tx, agreement_id: UUID) -> Sequence[Place]:
    """The referrals under an agreement that nobody answered yet."""
    unanswered = col(Referral.status) == "sent"
    return await _places(tx, sa.and_(col(Referral.agreement_id) == agreement_id, unanswered))


async def referral_due(tx: Tx, resting: Collection[UUID]) -> Place | None:
    """A referral whose time is over, at an opportunity that is in nobody else's hands."""
    due = sa.and_(col(Referral.due_at) <= sa.func.now(), col(Referral.id).not_in(resting))
    theirs = sa.exists().where(due, col(Referral.opportunity_id) == col(Opportunity.id))
    free = sa.select(Opportunity).where(theirs).limit(1).with_for_update(skip_locked=True)
    opportunity = (await tx.execute(free)).scalar_one_or_none()
    if opportunity is None:
        return None
    there = col(Referral.opportunity_id) == opportunity.id
    first = sa.select(Referral).where(due, there).order_by(col(Referral.due_at), col(Referral.id))
    referral = (await tx.execute(first.limit(1).with_for_update())).scalar_one_or_none()
    return Place(opportunity, referral) if referral else None


async def _places(tx: Tx, condition: sa.ColumnElement[bool]) -> Sequence[Place]:
    """Open referrals that meet a condition, locked: first the opportunities, then they."""
    found = sa.and_(col(Referral.status).in_(OPEN), condition)
    ids = (await tx.scalars(sa.select(col(Referral.opportunity_id)).where(found).distinct())).all()
    if not ids:
        return []
    opportunities = await locked_opportunities(tx, ids)
    statement = sa.select(Referral).where(found).order_by(col(Referral.id)).with_for_update()
    fresh = await tx.scalars(statement.execution_options(populate_existing=True))
    return [Place(opportunities[each.opportunity_id], each) for each in fresh]
