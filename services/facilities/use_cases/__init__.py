"""Every verb of facilities."""

from services.facilities.use_cases.bookings import (
    cancel_booking,
    check_in_booking,
    complete_booking,
    confirm_booking,
    let_time_act,
    move_booking,
    reject_booking,
    request_booking,
)
from services.facilities.use_cases.enterprises import free_future_if_closed
from services.facilities.use_cases.facilities import (
    add_closure,
    cancel_closure,
    change_facility,
    close_facility,
    open_facility,
    register_facility,
    reopen_facility,
)
from services.facilities.use_cases.sessions import answer_session
from services.facilities.use_cases.tenancies import (
    agree_tenancy,
    end_tenancy,
    let_time_act_on_tenancy,
)

__all__ = [
    "add_closure",
    "agree_tenancy",
    "answer_session",
    "cancel_booking",
    "cancel_closure",
    "change_facility",
    "check_in_booking",
    "close_facility",
    "complete_booking",
    "confirm_booking",
    "end_tenancy",
    "free_future_if_closed",
    "let_time_act",
    "let_time_act_on_tenancy",
    "move_booking",
    "open_facility",
    "register_facility",
    "reject_booking",
    "reopen_facility",
    "request_booking",
]
