"""What a service refuses to do, as a tree; `shared.web.problems` gives each its status.

Refusal
├── Unauthenticated   401  we do not know who asks
├── Forbidden         403  we know who asks, and it is not theirs to do
├── NotFound          404  there is no such thing
├── NotAcceptable     406  an answer in a media type that we do not give
├── TooSlow           408  the body does not keep coming
├── Conflict          409  the present state does not allow it
│   ├── NotYetKnown           409  another service's thing that has not been heard of yet
│   └── IdempotencyKeyInUse   409  the same request is still being carried out
├── Erased            410  a person of whom everything was erased
├── Stale             412  it was changed since it was read
├── TooLarge          413  more bytes than we take
├── UnsupportedMedia  415  a media type or encoding we do not read
├── Invalid           422  understood, and against a rule
│   └── IdempotencyKeyReused  422  the key of another request
├── VersionMissing    428  an update without If-Match
├── TooMany           429  more of it than is allowed in a while
├── Malformed         400  not understood
│   └── IdempotencyKeyMissing 400  something is made, and no key says that it is made once
└── Unavailable       503  a part that is needed does not answer
"""

from collections.abc import Mapping
from typing import ClassVar


class Refusal(Exception):
    """A wish that was understood and not granted.

    `sentence` is one plain sentence that says what to change; it never repeats what was sent.
    It stands in the catalogue of its package in Indonesian too, so it is written out where it is
    raised, with the facts that differ from time to time by name: "At most {longest} lines".
    The problem's `type` is the class's name in kebab case, so a name, once published, stays.
    """

    status: ClassVar[int] = 400
    title: ClassVar[str] = "Refused"
    retry_after: int | None = None
    members: Mapping[str, object] = {}
    """Further members of the problem (RFC 9457, 3.2): facts of ours, such as alternatives."""

    def __init__(self, sentence: str, *, pointer: str | None = None, **facts: object) -> None:
        self.sentence = sentence
        self.facts = facts
        self.pointer = pointer
        super().__init__(self.detail)

    @property
    def detail(self) -> str:
        """The sentence in English, with its facts."""
        return self.sentence.format_map(self.facts) if self.facts else self.sentence


class Malformed(Refusal):
    """The request could not be read."""

    status = 400
    title = "Malformed request"


class Unavailable(Refusal):
    """Someone else's part is needed for it, and does not answer now."""

    status = 503
    title = "Not available for a moment"
    retry_after = 2


class Unauthenticated(Refusal):
    """No bearer token, or one that does not hold."""

    status = 401
    title = "Sign in first"


class Forbidden(Refusal):
    """The actor is known and lacks the grant."""

    status = 403
    title = "Not allowed"


class NotFound(Refusal):
    """Nothing under this address that this actor may see."""

    status = 404
    title = "Not found"


class NotAcceptable(Refusal):
    """The Accept header leaves out every media type of the answer (RFC 9110, 15.5.7)."""

    status = 406
    title = "Not acceptable"


class TooSlow(Refusal):
    """The body comes so slowly that it keeps others waiting (RFC 9110, 15.5.9)."""

    status = 408
    title = "Too slow"


class Conflict(Refusal):
    """The state of things does not allow it now."""

    status = 409
    title = "Conflict"


class NotYetKnown(Conflict):
    """A reference to another service's aggregate that has not been heard of yet."""

    title = "Not yet known"
    retry_after = 2


class IdempotencyKeyInUse(Conflict):
    """Another request under the same key is still being carried out."""

    title = "Still being carried out"
    retry_after = 1


class Erased(Refusal):
    """A person who was known; everything kept of them was erased (UU 27/2022, article 8)."""

    status = 410
    title = "Erased"


class Stale(Refusal):
    """The aggregate was changed after the version named in If-Match (RFC 9110, 13.1.1)."""

    status = 412
    title = "Changed in the meantime"


class TooLarge(Refusal):
    """The body has more bytes than this operation takes."""

    status = 413
    title = "Too large"


class UnsupportedMedia(Refusal):
    """The body's media type, charset or encoding is not one we read."""

    status = 415
    title = "Unsupported media type"


class Invalid(Refusal):
    """Well formed, and against a rule; `pointer` is the JSON pointer of the field."""

    status = 422
    title = "Invalid"


class IdempotencyKeyReused(Invalid):
    """A key belongs to one request; a different one needs a key of its own."""

    title = "The Idempotency-Key belongs to another request"


class VersionMissing(Refusal):
    """An update must say which version it changes (RFC 6585, 3)."""

    status = 428
    title = "If-Match is missing"


class IdempotencyKeyMissing(Malformed):
    """What makes something must say which attempt it is (draft-ietf-httpapi-idempotency-key)."""

    title = "Idempotency-Key is missing"


class TooMany(Refusal):
    """The actor asked for more in a while than is allowed; `retry_after` says when to go on."""

    status = 429
    title = "Too many"

    def __init__(self, detail: str, *, retry_after: int) -> None:
        super().__init__(detail)
        self.retry_after = retry_after
