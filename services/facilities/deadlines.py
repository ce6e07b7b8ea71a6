"""What time makes facilities do: what nobody answered, came to or left, and days of tenancies."""

from typing import Final

from services.facilities import use_cases
from services.facilities.models import Booking, Tenancy
from shared.deadlines import Deadline, first_due

DEADLINES: Final = (
    Deadline("let_time_act", first_due(Booking), use_cases.let_time_act),
    Deadline("let_time_act_on_tenancy", first_due(Tenancy), use_cases.let_time_act_on_tenancy),
)
