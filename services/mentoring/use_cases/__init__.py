"""Every verb of mentoring."""

from services.mentoring.use_cases.cases import close_case, plan_case
from services.mentoring.use_cases.consultants import (
    change_consultant,
    enlist_consultant,
    pause_consultant,
    register_consultant,
    resume_consultant,
)
from services.mentoring.use_cases.following import (
    count_as_missed,
    end_with_enterprise,
    follow_visit,
    pass_over,
)
from services.mentoring.use_cases.handovers import hand_over_case, leave_consultant
from services.mentoring.use_cases.outcomes import (
    claim_of_referral,
    claim_outcome,
    confirm_outcome,
    dispute_outcome,
)
from services.mentoring.use_cases.requests import (
    accept_request,
    assign_request,
    decline_request,
    open_request,
    propose_consultants,
    withdraw_request,
)
from services.mentoring.use_cases.sessions import (
    cancel_session,
    hear_of_room,
    hold_session,
    miss_session,
    plan_session,
    replan_session,
)

__all__ = [
    "accept_request",
    "assign_request",
    "cancel_session",
    "change_consultant",
    "claim_of_referral",
    "claim_outcome",
    "close_case",
    "confirm_outcome",
    "count_as_missed",
    "decline_request",
    "dispute_outcome",
    "end_with_enterprise",
    "enlist_consultant",
    "follow_visit",
    "hand_over_case",
    "hear_of_room",
    "hold_session",
    "leave_consultant",
    "miss_session",
    "open_request",
    "pass_over",
    "pause_consultant",
    "plan_case",
    "plan_session",
    "propose_consultants",
    "register_consultant",
    "replan_session",
    "resume_consultant",
    "withdraw_request",
]
