"""What a client would rather have: its weighted lists, and the best of what we offer it."""

import re
from collections.abc import Iterator, Sequence
from email.message import Message

_WEIGHT = re.compile(r"0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?")
_LONGEST = 1_000
"""Characters of a list that are looked at; a longer one is cut, not refused."""


def weighted(header: str) -> Iterator[tuple[str, float]]:
    """Yield each member of a list with its weight (RFC 9110, 12.4.2), in the order it has.

    A member whose weight cannot be read counts for nothing and is left out.
    """
    for member in header[:_LONGEST].split(","):
        value, *parameters = (part.strip().lower() for part in member.split(";"))
        weights = [given[2:].strip() for given in parameters if given.startswith("q=")]
        if value and all(_WEIGHT.fullmatch(weight) for weight in weights):
            yield value, float(weights[0]) if weights else 1.0


def best(weights: dict[str, float], rest: float, offers: Sequence[str]) -> str | None:
    """The offer with the greatest weight, the first of equals; None when all are refused.

    What has no weight of its own has that of the rest.
    """
    wanted = max(offers, key=lambda offer: weights.get(offer, rest))
    return wanted if weights.get(wanted, rest) > 0 else None


def media_type(accept: str, offers: Sequence[str]) -> str | None:
    """The offer that an Accept header likes best (RFC 9110, 12.5.1), if it likes any."""
    if not accept.strip():
        return offers[0]
    given = dict(weighted(accept))
    weights: dict[str, float] = {}
    for offer in offers:
        group = f"{offer.partition('/')[0]}/*"
        named = [given[name] for name in (offer, group) if name in given]
        if named:
            weights[offer] = named[0]
    return best(weights, given.get("*/*", 0.0), offers)


def content_type(header: str) -> tuple[str, str]:
    """The media type and the charset that a Content-Type header names, UTF-8 if it names none."""
    message = Message()
    message["content-type"] = header
    return message.get_content_type(), str(message.get_param("charset", "utf-8")).lower()
