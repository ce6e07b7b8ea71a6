"""What the API of mentoring takes and gives."""

from services.mentoring.schemas.cases import (
    CaseView,
    CloseCase,
    GoalBecame,
    GoalView,
    HandOverCase,
    PlanCase,
    PlannedGoal,
    WholeCase,
)
from services.mentoring.schemas.consultants import (
    ChangeConsultant,
    ConsultantView,
    LeaveConsultant,
    RegisterConsultant,
)
from services.mentoring.schemas.outcomes import (
    ClaimOutcome,
    DisputeOutcome,
    OutcomeView,
    WholeOutcome,
)
from services.mentoring.schemas.requests import (
    AssignRequest,
    OpenRequest,
    ProposalView,
    RequestView,
)
from services.mentoring.schemas.sessions import (
    HoldSession,
    PlanSession,
    SessionView,
    WholeSession,
)

__all__ = [
    "AssignRequest",
    "CaseView",
    "ChangeConsultant",
    "ClaimOutcome",
    "CloseCase",
    "ConsultantView",
    "DisputeOutcome",
    "GoalBecame",
    "GoalView",
    "HandOverCase",
    "HoldSession",
    "LeaveConsultant",
    "OpenRequest",
    "OutcomeView",
    "PlanCase",
    "PlanSession",
    "PlannedGoal",
    "ProposalView",
    "RegisterConsultant",
    "RequestView",
    "SessionView",
    "WholeCase",
    "WholeOutcome",
    "WholeSession",
]
