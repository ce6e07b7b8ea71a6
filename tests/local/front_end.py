"""A front end under development, as it asks for somebody to sign in and redeems the code."""

import hashlib
import re
from base64 import urlsafe_b64encode
from html import unescape
from urllib.parse import parse_qs, urlsplit

import httpx
from starlette.applications import Starlette

from deploy.local.codes import Codes
from deploy.local.issuer import Issuer
from deploy.local.sign_in import SignIn
from deploy.local.sign_in_requests import CLIENT

URL = "http://127.0.0.1:8080"
BACK = "http://localhost:5173/callback"
VERIFIER = "a-verifier.that_is~long-enough-for-the-standard"
CHALLENGE = urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
ASKED = {
    "response_type": "code",
    "client_id": CLIENT,
    "redirect_uri": BACK,
    "scope": "openid profile",
    "state": 'a state & "more"',
    "nonce": "once",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}


class Clock:
    """Goes only when told."""

    now = 1_000.0

    def __call__(self) -> float:
        return self.now


def asking(issuer: Issuer, clock: Clock) -> httpx.AsyncClient:
    """A browser at the sign-in of the issuer, whose codes age by the clock."""
    app = Starlette(routes=SignIn(issuer, Codes(clock)).routes())
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=URL, timeout=5)


def changed(good: dict[str, str], changes: dict[str, str | None]) -> dict[str, str]:
    """What is good, with changes; a name that is changed to None is left out."""
    return {name: value for name, value in (good | changes).items() if value is not None}


async def choose(
    client: httpx.AsyncClient, persona: str = "owner", **changes: str
) -> httpx.Response:
    """Ask, and press a persona's button on the page that comes: all that is in the form is sent."""
    page = await client.get("/authorize", params=changed(ASKED, dict(changes)))
    hidden = re.findall(r'type="hidden" name="([^"]*)" value="([^"]*)"', page.text)
    form = {unescape(name): unescape(value) for name, value in hidden}
    assert f'name="persona" value="{persona}"' in page.text
    return await client.post("/authorize", data=form | {"persona": persona})


def told(answer: httpx.Response) -> dict[str, str]:
    """What the front end is told when a person comes back to it."""
    assert answer.status_code == 303
    place = urlsplit(answer.headers["location"])
    return {name: value for name, (value,) in parse_qs(place.query).items()}


def redemption(code: str, **changes: str | None) -> dict[str, str]:
    """The form that turns a code into tokens."""
    good = {
        "grant_type": "authorization_code",
        "code": code,
        "client_id": CLIENT,
        "redirect_uri": BACK,
        "code_verifier": VERIFIER,
    }
    return changed(good, dict(changes))
