"""What time makes partners do: agreements end, opportunities close, referrals run out."""

from typing import Final

from services.partners import queries, use_cases
from services.partners.models import Agreement, Opportunity
from shared.deadlines import Deadline, first_due

DEADLINES: Final = (
    Deadline("end_agreement", first_due(Agreement), use_cases.finish_agreement),
    Deadline("close_opportunity", first_due(Opportunity), use_cases.pass_deadline),
    Deadline("run_out", queries.referral_due, use_cases.run_out),
)
