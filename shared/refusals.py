"""What a service refuses to do, as a tree; `shared.web.problems` gives each its status.

Refusal
├── Unauthenticated   401  we do not know who asks
├── Forbidden         403  we know who asks, and it is not theirs to do
├── NotFound          404  there is no such thing
├── Conflict          409  the present state does not allow it
│   └── NotYetKnown   409  another service's thing that has not been heard of yet
├── Stale             412  it was changed since it was read
├── TooLarge          413  more bytes than we take
├── UnsupportedMedia  415  a media type or encoding we do not read
├── Invalid           422  understood, and against a rule
├── VersionMissing    428  an update without If-Match
├── Malformed         400  not understood
└── Unavailable       503  a part that is needed does not answer
"""

from typing import ClassVar


class Refusal(Exception):
    """A wish that was understood and not granted.

    `detail` is one plain sentence that says what to change; it never repeats what was sent.
    The problem's `type` is the class's name in kebab case, so a name, once published, stays.
    """

    status: ClassVar[int] = 400
    title: ClassVar[str] = "Refused"
    retry_after: ClassVar[int | None] = None

    def __init__(self, detail: str, *, pointer: str | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.pointer = pointer


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


class Conflict(Refusal):
    """The state of things does not allow it now."""

    status = 409
    title = "Conflict"


class NotYetKnown(Conflict):
    """A reference to another service's aggregate that has not been heard of yet."""

    title = "Not yet known"
    retry_after = 2


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


class VersionMissing(Refusal):
    """An update must say which version it changes (RFC 6585, 3)."""

    status = 428
    title = "If-Match is missing"
