"""The door of every operation: whoever asks is known, and comes in as far as its row allows."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from shared.access.actor import Actor
from shared.access.authorization import Authorization, MatrixIncomplete
from shared.access.tokens import Tokens
from shared.refusals import Forbidden, Unauthenticated

_bearer = HTTPBearer(
    scheme_name="bearer", bearerFormat="JWT", description="A token of the issuer.", auto_error=False
)


def operation_of(route: APIRoute) -> str:
    """The name of an operation, as OpenAPI and the authorization matrix have it."""
    return route.operation_id or route.name


async def let_in(request: Request) -> Actor:
    """Let in whoever may ask for this operation, with the grants that count for it; asked once.

    Raises:
        Unauthenticated: the header is missing, repeated, or its token does not hold.
        Forbidden: no role of the actor has the operation.

    """
    if not hasattr(request.state, "admitted"):
        authorization: Authorization = request.app.state.authorization
        operation = operation_of(request.scope["route"])
        narrowed = authorization.narrow(await _known(request), operation)
        address = request.client.host if request.client else None
        request.state.admitted = replace(narrowed, address=address)
    admitted: Actor = request.state.admitted
    return admitted


async def _known(request: Request) -> Actor:
    """Whoever asks, known once for each request."""
    if not hasattr(request.state, "actor"):
        credentials = await _bearer(request)
        if credentials is None or len(request.headers.getlist("authorization")) != 1:
            raise Unauthenticated("Send one Authorization header with a bearer token.")
        tokens: Tokens = request.app.state.tokens
        request.state.actor = await tokens.actor(credentials.credentials)
    actor: Actor = request.state.actor
    return actor


async def current_actor(
    request: Request,
    _: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],  # told in OpenAPI
) -> Actor:
    """Whoever was let in. Raises what `let_in` raises."""
    return await let_in(request)


CurrentActor = Annotated[Actor, Depends(current_actor)]


def guarded_operations(routes: Iterable[APIRoute]) -> list[str]:
    """The names of the operations of these routes.

    Raises MatrixIncomplete when one of them can be reached without passing the door, or when two
    have the same name.
    """
    names: list[str] = []
    for route in routes:
        name = operation_of(route)
        if not _passes_the_door(route.dependant):
            message = f"{name} can be asked for by anyone; it needs a Read, a Write or CurrentActor"
            raise MatrixIncomplete(message)
        if name in names:
            message = f"two operations are called {name}"
            raise MatrixIncomplete(message)
        names.append(name)
    return names


def _passes_the_door(dependant: Dependant) -> bool:
    return dependant.call is current_actor or any(
        _passes_the_door(inner) for inner in dependant.dependencies
    )


@dataclass(frozen=True, slots=True)
class Asker:
    """Whoever asks, with every grant: tells which operations on a thing are open to them."""

    actor: Actor
    authorization: Authorization

    def actions(self, operations: Iterable[str], **thing: Any) -> list[str]:  # noqa: ANN401 (what `Actor.covers` takes)
        """Of the operations that the thing's state allows, those that this asker may ask for.

        The thing is described as for `Actor.covers`.
        """
        return [name for name in operations if self._may(name, thing)]

    def _may(self, operation: str, thing: dict[str, Any]) -> bool:
        try:
            return self.authorization.narrow(self.actor, operation).covers(**thing)
        except Forbidden:
            return False


async def _asker(request: Request) -> Asker:
    return Asker(await _known(request), request.app.state.authorization)


AskedBy = Annotated[Asker, Depends(_asker)]
"""Whoever asks, for answers that say what they may do next."""
