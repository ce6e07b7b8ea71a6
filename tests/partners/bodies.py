"""What is sent to partners, with believable values; each can be changed by name."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from services.partners.models.days import day_of
from services.partners.schemas import SendReferral

TODAY = day_of(datetime.now(UTC))
FIRST, LAST = TODAY - timedelta(days=30), TODAY + timedelta(days=300)


def a_wish(opportunity_id: UUID, enterprise_id: UUID, consent_id: UUID) -> SendReferral:
    """The wish that an enterprise be sent."""
    return SendReferral(
        opportunity_id=opportunity_id, enterprise_id=enterprise_id, consent_id=consent_id
    )


def a_partner(**changes: object) -> dict[str, Any]:
    """The body of a registration."""
    return {"kind": "private_sector", "name": "Bank Mitra Usaha"} | changes


def an_agreement(**changes: object) -> dict[str, Any]:
    """The body of a draft, but for the partner."""
    return {
        "title": "Kerja sama pembiayaan",
        "scopes": ["finance", "training"],
        "starts_on": _text(FIRST),
        "ends_on": _text(LAST),
    } | changes


def an_opportunity(**changes: object) -> dict[str, Any]:
    """The body of a publication, but for the agreement."""
    return {
        "kind": "finance",
        "title": "Kredit modal kerja olahan pangan",
        "size_classes": ["mikro", "kecil"],
        "kbli_prefixes": ["10"],
        "regions": ["35"],
        "quota": 10,
        "closes_on": _text(TODAY + timedelta(days=60)),
    } | changes


def _text(day: date) -> str:
    return day.isoformat()
