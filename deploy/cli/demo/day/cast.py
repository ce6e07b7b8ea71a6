"""Who and what is there before the day begins: the centre of Jawa Timur and its people."""

from datetime import UTC, datetime, timedelta
from secrets import token_hex
from typing import Final
from uuid import uuid5

from deploy.local.personas import PERSONAS
from services.registry.ids import NAMESPACE, unit_id

DESK: Final = "desk-officer"
HEAD: Final = "unit-head"
CONSULTANT: Final = "consultant"
ROOMS: Final = "facility-officer"
PARTNERSHIPS: Final = "partnership-officer"
OWNER: Final = "owner"
BANK: Final = "partner-client"
AUDITOR: Final = "auditor"

UNIT: Final = str(unit_id("35"))
KERIPIK: Final = str(uuid5(NAMESPACE, "enterprise:owner"))
"""Keripik Tempe Sari Rasa, which belongs to the owner."""
BANK_ID: Final = str(uuid5(NAMESPACE, "partner:bank"))
BANK_AGREEMENT: Final = str(uuid5(NAMESPACE, "agreement:bank"))
MENTOR: Final = str(uuid5(NAMESPACE, "consultant:consultant"))
"""The consultant who can sign in, as mentoring knows them."""
OWNER_ID: Final = str(PERSONAS[OWNER].person_id)


def at(days: int, hour: int) -> str:
    """An hour of a coming day, in the time of Jakarta."""
    jakarta = datetime.now(UTC) + timedelta(hours=7)
    day = (jakarta + timedelta(days=days)).date().isoformat()
    return f"{day}T{hour:02}:00:00+07:00"


def soon(seconds: float) -> str:
    """A moment from now."""
    return (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat()


def today() -> str:
    """The day in Jakarta."""
    return at(0, 0)[:10]


def code(letter: str) -> str:
    """A short code that no facility of the centre has yet."""
    return f"{letter}-{token_hex(3).upper()}"
