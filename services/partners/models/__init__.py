"""The tables of partners, and the rules that keep them true."""

from services.partners.models.agreements import Agreement, Obligation
from services.partners.models.days import day_of, end_of
from services.partners.models.opportunities import Opportunity
from services.partners.models.partners import Partner
from services.partners.models.referrals import OPEN, Referral, Result
from services.partners.models.table import metadata

__all__ = [
    "OPEN",
    "Agreement",
    "Obligation",
    "Opportunity",
    "Partner",
    "Referral",
    "Result",
    "day_of",
    "end_of",
    "metadata",
]
