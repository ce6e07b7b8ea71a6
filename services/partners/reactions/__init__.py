"""What partners does when another service speaks."""

from collections.abc import Mapping
from typing import Final

from services.partners.reactions.registry import follow_consent, follow_enterprise
from shared.events.registry import ConsentState, EnterpriseState
from shared.events.state import State
from shared.streams.reactions import Reaction

REACTIONS: Final[Mapping[type[State], Reaction]] = {
    ConsentState: follow_consent,
    EnterpriseState: follow_enterprise,
}
