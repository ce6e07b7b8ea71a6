"""The development sign-in: OpenID Connect's code flow, and a page to choose who to be."""

from html import escape
from urllib.parse import parse_qs, urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from deploy.local.codes import Codes, Redemption, Wish
from deploy.local.issuer import ALGORITHM, LIFE_S, Issuer
from deploy.local.pages import OTHER, fill, html, language, words
from deploy.local.personas import PERSONAS, Persona
from deploy.local.sign_in_requests import (
    CLIENT,
    REDIRECT_URIS,
    NowhereToReturn,
    Refused,
    answer,
    read_wish,
    redirect_uris,
)

_FORM = 8_192
"""Bytes; what a front end sends along comes back in the form."""
_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'self'"
)
_KEPT = (
    "response_type", "client_id", "redirect_uri", "scope", "state", "nonce", "code_challenge",
    "code_challenge_method",
)  # fmt: skip
_UNSTORED = {"cache-control": "no-store", "referrer-policy": "same-origin"}


class SignIn:
    """What the front serves of the issuer."""

    def __init__(self, issuer: Issuer, codes: Codes | None = None) -> None:
        """Let the issuer sign for whoever is chosen.

        Raises:
            CannotStart: the environment names an address to return to that is none of ours.

        """
        self._issuer = issuer
        self._codes = codes or Codes()
        self._allowed = redirect_uris(issuer.url)

    def routes(self) -> list[Route]:
        """Return every address of it."""
        return [
            Route("/.well-known/openid-configuration", self._configuration),
            Route("/.well-known/jwks.json", self._keys),
            Route("/authorize", self._ask),
            Route("/authorize", self._chosen, methods=["POST"], max_body_size=_FORM),
            Route("/token", self._token, methods=["POST"], max_body_size=_FORM),
        ]

    async def _configuration(self, request: Request) -> Response:
        url = self._issuer.url
        told = {
            "issuer": url,
            "authorization_endpoint": f"{url}/authorize",
            "token_endpoint": f"{url}/token",
            "jwks_uri": f"{url}/.well-known/jwks.json",
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code"],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["none"],
            "authorization_response_iss_parameter_supported": True,
            "scopes_supported": ["openid"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": [ALGORITHM],
        }
        return _readable(request, JSONResponse(told))

    async def _keys(self, request: Request) -> Response:
        return _readable(request, JSONResponse(self._issuer.key_set))

    async def _ask(self, request: Request) -> Response:
        return self._answer(request, request.url.query)

    async def _chosen(self, request: Request) -> Response:
        return self._answer(request, (await request.body()).decode(errors="replace"))

    def _answer(self, request: Request, text: str) -> Response:
        asked = parse_qs(text, keep_blank_values=True)
        persona = PERSONAS.get(asked.get("persona", [""])[0]) if request.method == "POST" else None
        try:
            wish = read_wish(asked, self._allowed, self._issuer.url)
        except NowhereToReturn:
            return self._refusal(language(request))
        except Refused as refused:
            return RedirectResponse(refused.address, 303, _UNSTORED)
        if persona is None:
            return self._page(language(request), wish, text)
        code = self._codes.issue(wish, persona)
        told = {"code": code, "state": wish.state, "iss": self._issuer.url}
        return RedirectResponse(answer(wish.redirect_uri, told), 303, _UNSTORED)

    def _page(self, spoken: str, wish: Wish, asked: str) -> Response:
        place = urlsplit(wish.redirect_uri)
        origin = f"{place.scheme}://{place.netloc}"
        said = words(spoken)
        page = fill(
            "sign_in.html",
            said,
            lang=spoken,
            other=OTHER[spoken],
            again=escape("/authorize?" + urlencode({**dict(_pairs(asked)), "lang": OTHER[spoken]})),
            origin=escape(origin),
            kept="\n".join(_hidden(*pair) for pair in _pairs(asked)),
            people_list="\n".join(_choice(persona, said) for persona in PERSONAS.values()),
        )
        # Browsers hold the way on after a form to the same rule as the form.
        return html(page, spoken, f"{_POLICY} {origin}", more=_UNSTORED)

    def _refusal(self, spoken: str) -> Response:
        page = fill(
            "sign_in_refused.html",
            words(spoken),
            lang=spoken,
            client=CLIENT,
            variable=REDIRECT_URIS,
            known="\n".join(f"      <li><code>{escape(uri)}</code></li>" for uri in self._allowed),
        )
        return html(page, spoken, _POLICY, status=400, more=_UNSTORED)

    async def _token(self, request: Request) -> Response:
        form = parse_qs((await request.body()).decode(errors="replace"))
        sent = {name: values[0] for name, values in form.items() if len(values) == 1}
        if sent.get("grant_type") == "authorization_code":
            return _readable(request, self._redeemed(sent))
        persona = PERSONAS.get(sent.get("persona", ""))
        if persona is None:
            known = f"The field persona must be one of: {', '.join(PERSONAS)}."
            return JSONResponse({"error": "invalid_request", "error_description": known}, 400)
        return self._tokens(persona)

    def _redeemed(self, sent: dict[str, str]) -> Response:
        names = ("code", "client_id", "redirect_uri", "code_verifier")
        redeemed = self._codes.redeem(Redemption(*(sent.get(name, "") for name in names)))
        if redeemed is None:
            why = "The code is used up, expired, or another's; send the person to sign in again."
            return JSONResponse(
                {"error": "invalid_grant", "error_description": why}, 400, _UNSTORED
            )
        wish, persona = redeemed
        return self._tokens(persona, id_token=self._issuer.id_token(persona, CLIENT, wish.nonce))

    def _tokens(self, persona: Persona, **more: str) -> Response:
        told = {
            "access_token": self._issuer.token(persona),
            "token_type": "Bearer",
            "expires_in": LIFE_S,
        }
        return JSONResponse(told | more, headers=_UNSTORED)


def _readable(request: Request, response: Response) -> Response:
    """Let a front end on this computer read the answer, from whatever port it comes."""
    origin = request.headers.get("origin", "")
    response.headers["vary"] = "origin"
    if urlsplit(origin).hostname in {"localhost", "127.0.0.1"}:
        response.headers["access-control-allow-origin"] = origin
    return response


def _pairs(asked: str) -> list[tuple[str, str]]:
    parameters = parse_qs(asked, keep_blank_values=True)
    return [(name, parameters[name][0]) for name in _KEPT if name in parameters]


def _hidden(name: str, value: str) -> str:
    return f'      <input type="hidden" name="{escape(name)}" value="{escape(value)}">'


def _choice(persona: Persona, said: dict[str, str]) -> str:
    return fill(
        "choice.html",
        said,
        key=persona.key,
        name=escape(persona.name),
        role=escape(said[f"role_{persona.role}"]),
        scope=escape(persona.scope),
    )
