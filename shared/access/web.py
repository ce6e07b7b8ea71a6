"""Brings the actor into a route: `actor: CurrentActor`, `Depends(requires(Role.MINISTRY))`."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from shared.access.actor import Actor, Role
from shared.access.tokens import Tokens
from shared.refusals import Forbidden, Unauthenticated

_bearer = HTTPBearer(
    scheme_name="bearer", bearerFormat="JWT", description="A token of the issuer.", auto_error=False
)


async def current_actor(
    request: Request,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> Actor:
    """Read the actor from the one Authorization header.

    Raises:
        Unauthenticated: the header is missing, repeated, or its token does not hold.

    """
    if credentials is None or len(request.headers.getlist("authorization")) != 1:
        raise Unauthenticated("Send one Authorization header with a bearer token.")
    tokens: Tokens = request.app.state.tokens
    return await tokens.actor(credentials.credentials)


CurrentActor = Annotated[Actor, Depends(current_actor)]


def requires(*roles: Role) -> Callable[[Actor], Awaitable[Actor]]:
    """Make a dependency that lets through whoever plays one of the roles, however far it reaches.

    It is the outer door; whether a grant covers the thing itself is asked with `actor.holds`.
    """

    async def permitted(actor: CurrentActor) -> Actor:
        if not actor.plays(*roles):
            raise Forbidden("None of your roles allows this.")
        return actor

    return permitted
