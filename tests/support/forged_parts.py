"""Headers and claims, each of which alone is enough to refuse a token."""

import time
from collections.abc import Iterator
from typing import Any, Final

from tests.support.tokens import LIFE_S, new_key

LEFT_OUT: Final = object()
"""In place of a value: the name is not there."""


def wrong_headers() -> Iterator[dict[str, Any]]:
    """What is changed in a good header."""
    wrong: dict[str, list[Any]] = {
        "kid": ["", "unknown", "../../keys", "' OR 1=1 --", "first\0", "k" * 300, 7, None],
        "typ": ["JWT", "jwt", "AT+JWT", "logout+jwt", "application/at+jwt", None, ["at+jwt"]],
        "alg": ["none", "None", "HS256", "ES384", "RS256", "EdDSA", "ES256K", "es256", 7, None],
        "jku": ["https://attacker.test/keys"],
        "x5u": ["https://attacker.test/chain"],
        "x5c": [["MIIB"]],
        "jwk": [new_key("own").as_dict(private=False)],
        "b64": [False, True],
        "crit": [[], ["alg"], "alg"],
        "zip": ["DEF"],
        "cty": ["JWT"],
    }
    yield from _one_by_one(wrong)
    yield from ({name: LEFT_OUT} for name in ("alg", "kid", "typ"))
    yield {"crit": ["b64"], "b64": False}
    yield {"crit": ["x"], "x": True}


def wrong_claims(address: str) -> Iterator[dict[str, Any]]:
    """What is changed in good claims of the issuer at this address."""
    now, far = int(time.time()), 10**4_000
    nation = {"role": "ministry", "scope": "nation"}
    wrong: dict[str, list[Any]] = {
        "exp": [now - 60, 0, -1, far, now + LIFE_S + 60, str(now + 60), now + 60.5, True, [now]],
        "iat": [now + 600, str(now), now + 0.5, -far, None],
        "nbf": [now + 600, far, str(now), 0.5],
        "iss": [f"{address}/", address.upper(), f" {address}", [address], {}, 7, None],
        "aud": ["sinergi2", "SINERGI", ["other"], [], {"sinergi": 1}, 7, None],
        "sub": ["", "a\0b", "a\nb", "x" * 256, "\u202e", 7, ["operator"], None],
        "grants": ["ministry", nation, 7, ["ministry"], [{"role": "ministry"}]],
        "scope": [["openid"], 7],
        "person_id": [7, "*", []],
    }
    yield from _one_by_one(wrong)
    yield from ({name: LEFT_OUT} for name in ("exp", "iat", "iss", "aud", "sub"))
    yield from ({"exp": no_number} for no_number in (float("inf"), float("nan"), None))
    for scope in (["nation"], 7, "region:x", "unit:*"):
        yield {"grants": [nation | {"scope": scope}]}
    yield {"grants": [nation | {"role": ["ministry"]}]}


def _one_by_one(wrong: dict[str, list[Any]]) -> Iterator[dict[str, Any]]:
    for name, values in wrong.items():
        yield from ({name: value} for value in values)
