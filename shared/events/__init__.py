"""The published language: what each service says, one state model per topic."""

from shared.events.audit import AUDIT_BLOCKS
from shared.events.facilities import BookingState, FacilityState, TenancyState
from shared.events.mentoring import (
    CaseState,
    ConsultantState,
    OutcomeState,
    RequestState,
    SessionState,
)
from shared.events.partners import AgreementState, OpportunityState, PartnerState, ReferralState
from shared.events.registry import ConsentState, EnterpriseState, UnitState, VisitState
from shared.events.state import State, TradeName

STATES: tuple[type[State], ...] = (
    UnitState,
    EnterpriseState,
    ConsentState,
    VisitState,
    ConsultantState,
    RequestState,
    CaseState,
    SessionState,
    OutcomeState,
    PartnerState,
    AgreementState,
    OpportunityState,
    ReferralState,
    FacilityState,
    BookingState,
    TenancyState,
    *AUDIT_BLOCKS.values(),
)
TOPICS: tuple[str, ...] = tuple(state.topic for state in STATES)

__all__ = ["STATES", "TOPICS", "EnterpriseState", "State", "TradeName", "UnitState"]
