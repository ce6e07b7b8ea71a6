"""What an event is about, in a few words of no language: topics carry codes, never free text."""

from collections.abc import Mapping
from datetime import datetime
from string import Formatter
from typing import Any, Final

from shared.events.audit import AUDIT_BLOCKS

LABELS: Final[Mapping[str, str]] = {
    "registry.unit.v1": "{region_code}",
    "registry.enterprise.v1": "{trade_name}",
    "registry.consent.v1": "{purpose} · {until}",
    "registry.visit.v1": "{need} · {field}",
    "mentoring.consultant.v1": "{fields} · {weekly_hours} h",
    "mentoring.request.v1": "{field} · {weekly_hours} h · {reason}",
    "mentoring.case.v1": "{field} · {goals_met}/{goals}",
    "mentoring.session.v1": "{mode} · {starts_at} · {minutes} min",
    "mentoring.outcome.v1": "{kind} · {value}",
    "partners.partner.v1": "{name}",
    "partners.agreement.v1": "{scopes} · {starts_on}/{ends_on}",
    "partners.opportunity.v1": "{kind} · {taken}/{quota} · {reason}",
    "partners.referral.v1": "{status} · {result_kind} · {result_amount} · {reason}",
    "facilities.facility.v1": "{code} · {kind}",
    "facilities.booking.v1": "{starts_at} · {reason}",
    "facilities.tenancy.v1": "{kind} · {starts_on}/{ends_on} · {reason}",
    **dict.fromkeys((block.topic for block in AUDIT_BLOCKS.values()), "{number} · {entries}"),
}
"""By topic, in parts between dots; of a part whose field is empty nothing is said."""
_DOT: Final = " · "


def label(topic: str, data: Mapping[str, Any] | None) -> str:
    """Name an aggregate by its state as JSON has it; empty when it is gone.

    Times are those of this computer.
    """
    told = {name: _text(name, value) for name, value in (data or {}).items()}
    parts = LABELS.get(topic, "").split(_DOT)
    return _DOT.join(part.format_map(told) for part in parts if _whole(part, told))


def _whole(part: str, told: Mapping[str, str]) -> bool:
    return all(told.get(name) for _, name, _, _ in Formatter().parse(part) if name)


def _text(name: str, value: object) -> str:
    match value:
        case None:
            return ""
        case int():
            return f"{value:,}".replace(",", " ")
        case list():
            return ", ".join(map(str, value))
        case str() if name == "until" or name.endswith("_at"):
            return f"{datetime.fromisoformat(value).astimezone():%Y-%m-%d %H:%M}"
        case _:
            return str(value)
