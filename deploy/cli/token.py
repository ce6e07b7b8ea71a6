"""`sinergi token`: a development bearer token of a persona, on standard output."""

from typing import Annotated

import typer

from deploy.cli.speaking import fail, plainly
from deploy.local.checkout import HOME, front_url
from deploy.local.personas import PERSONAS


def signed_token(persona: str) -> str:
    """Return a token of the persona, signed with this folder's key; none is asked of the server.

    Raises:
        Exit: there is no such persona, and the refusal lists them all; or this folder's key can
            neither be read nor made.

    """
    if persona not in PERSONAS:
        known = "\n".join(f"  {one.key:<20} {one.name}, {one.work}" for one in PERSONAS.values())
        fail(f"There is no persona {persona!r}. There are:\n{known}")
    from deploy.local.issuer import Issuer  # noqa: PLC0415 (loads cryptography)

    with plainly():
        return Issuer(front_url(HOME), HOME).token(PERSONAS[persona])


def token(
    persona: Annotated[
        str, typer.Option("--as", metavar="PERSONA", help="Whose; a wrong one lists them all.")
    ],
) -> None:
    """Print a bearer token with which a persona acts for twelve hours on this computer.

    Try it:

    - `sinergi token --as desk-officer`
    - `TOKEN=$(sinergi token --as ministry)`
    """
    typer.echo(signed_token(persona))
