"""What a worker tells whoever looks after it: whether it gets on, and how far it is.

It is live as long as it makes progress, whatever is away: a new start would bring nothing back
that an outage took. It is ready when its listener has joined its group.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from shared.streams.catching_up import CatchingUp, caught_up
from shared.streams.reactions import Listener
from shared.streams.relay import Relay
from shared.web.headers import SafeAnswers


@dataclass(frozen=True, slots=True)
class HeldPartition:
    """A partition that waits for a part that is away."""

    reason: str
    """The class of the error."""
    seconds: float
    attempts: int


@dataclass(frozen=True, slots=True)
class Health:
    """Reads what the parts of one worker know of themselves; it asks nobody else."""

    relay: Relay | None = None
    listener: Listener | None = None
    catching_up: CatchingUp | None = None

    @property
    def stalled(self) -> bool:
        """Whether it no longer gets on, and a new start would help; an outage is no such thing."""
        listener = self.listener is not None and self.listener.progress.stalled
        return listener or (self.relay is not None and self.relay.stalled)

    @property
    def joined(self) -> bool:
        """Whether it hears what it is to hear."""
        return self.listener is None or not self.listener.progress.joining

    @property
    def held(self) -> Mapping[str, HeldPartition]:
        """What waits for a part that is away, by topic and partition."""
        held = self.listener.held if self.listener else {}
        return {
            f"{place.topic}/{place.partition}": HeldPartition(
                hold.reason, round(hold.waited, 1), hold.attempts
            )
            for place, hold in held.items()
        }

    def told(self) -> dict[str, Any]:
        """All of it, for JSON; `delivery_lag_s` is of the last events that this relay sent."""
        percent = self.catching_up.percent if self.catching_up else None
        return {
            "stalled": self.stalled,
            "held": {place: asdict(held) for place, held in self.held.items()},
            "copies": caught_up(percent),
            "leads": self.relay is not None and self.relay.leading,
            "delivery_lag_s": self.relay.lag if self.relay else None,
        }


def answering(health: Health) -> ASGIApp:
    """`/health/live` and `/health/ready`: 200, or 503 when it is not, and what is told."""

    async def live(_: Request) -> JSONResponse:
        return JSONResponse(health.told(), 503 if health.stalled else 200)

    async def ready(_: Request) -> JSONResponse:
        return JSONResponse(health.told(), 200 if health.joined else 503)

    app = Starlette(routes=[Route("/health/live", live), Route("/health/ready", ready)])
    return SafeAnswers(app, production=False)
