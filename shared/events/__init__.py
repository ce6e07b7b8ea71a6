"""The published language: what each service says, one state model per topic."""

from shared.events.registry import EnterpriseState, UnitState
from shared.events.state import State, TradeName

STATES: tuple[type[State], ...] = (UnitState, EnterpriseState)
TOPICS: tuple[str, ...] = tuple(state.topic for state in STATES)

__all__ = ["STATES", "TOPICS", "EnterpriseState", "State", "TradeName", "UnitState"]
