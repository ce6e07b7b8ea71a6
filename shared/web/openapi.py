"""Completes the description of a service: every problem that an operation may answer with."""

from collections.abc import Iterator
from typing import Any, Final

from fastapi.routing import APIRoute

from shared.web.problems import MEDIA_TYPE

Described = dict[str, Any]

_MEANINGS: Final = {
    "400": "The request cannot be read, or lacks its Idempotency-Key.",
    "401": "There is no bearer token, or it does not hold.",
    "403": "None of the roles of whoever asks allows it.",
    "404": "There is no such thing, or it is not to be seen by whoever asks.",
    "406": "The Accept header leaves out every media type of the answer.",
    "409": "The state of things does not allow it now, or the same request is under way.",
    "410": "The person was erased.",
    "412": "It was changed since the version in If-Match.",
    "413": "The body has more bytes than this operation takes.",
    "415": "The media type, charset or encoding of the body is not read.",
    "422": "Values break a rule, or the Idempotency-Key belongs to another request.",
    "428": "The version that is to be changed is not named in If-Match.",
    "429": "More requests than this client is allowed; Retry-After says when to come again.",
    "431": "The address and the headers are too long.",
    "500": "A fault of ours.",
    "503": "A part that is needed does not answer; Retry-After says when to come again.",
}
_ALWAYS: Final = ("400", "406", "429", "431", "500", "503")
_RETRY_AFTER: Final = {"description": "Seconds to wait.", "schema": {"type": "integer"}}
_WITH_RETRY_AFTER: Final = ("409", "429", "503")
_HEADERS: Final = {
    "Location": "Where what was made is.",
    "ETag": "The version that this answer shows, for If-Match.",
    "Idempotency-Replayed": "`true` when it had been carried out before; the body is as of now.",
}
_PROBLEM: Final = {
    "type": "object",
    "description": "What went wrong (RFC 9457); texts are in the language of Accept-Language.",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string"},
        "traceId": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
        "errors": {"type": "array", "items": {"$ref": "#/components/schemas/BrokenRule"}},
    },
}
_BROKEN_RULE: Final = {
    "type": "object",
    "description": "Which value breaks a rule: a place in the body, or a parameter or header.",
    "required": ["detail"],
    "properties": {
        "pointer": {"type": "string", "format": "json-pointer"},
        "parameter": {"type": "string"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
    },
}


def name_of(route: APIRoute) -> str:
    """The operation's id: the name of the function that answers it."""
    return route.name


def complete(described: Described) -> None:
    """Add to a description what the framework does not know."""
    parts = described.setdefault("components", {})
    schemas = parts.setdefault("schemas", {})
    schemas.pop("HTTPValidationError", None)
    schemas.pop("ValidationError", None)
    schemas |= {"Problem": _PROBLEM, "BrokenRule": _BROKEN_RULE}
    parts["responses"] = {status: _response(status) for status in _MEANINGS}
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            declared = operation["responses"].keys() & _MEANINGS.keys()
            for status in (*sorted(declared), *_statuses(path, method, operation)):
                operation["responses"][status] = {"$ref": f"#/components/responses/{status}"}
            _tell_of_headers(operation)


def _statuses(path: str, method: str, operation: Described) -> Iterator[str]:
    """The problems of an operation, by what it takes and asks for."""
    if "security" not in operation:
        yield "503"
        return
    yield from (*_ALWAYS, "401", "403")
    if "{" in path:
        yield "404"
    if method != "get":
        yield "409"
    if "requestBody" in operation:
        yield from ("413", "415")
    if "If-Match" in _parameters(operation):
        yield from ("412", "428")
    if "requestBody" in operation or _parameters(operation):
        yield "422"


def _tell_of_headers(operation: Described) -> None:
    """Say which headers an answer may have."""
    if "Idempotency-Key" not in _parameters(operation):
        return
    for status, answer in operation["responses"].items():
        if status.startswith("2"):
            answer["headers"] = {
                name: {"description": text, "schema": {"type": "string"}}
                for name, text in _HEADERS.items()
            }


def _parameters(operation: Described) -> set[str]:
    return {parameter["name"] for parameter in operation.get("parameters", [])}


def _response(status: str) -> Described:
    problem = {"schema": {"$ref": "#/components/schemas/Problem"}}
    response: Described = {"description": _MEANINGS[status], "content": {MEDIA_TYPE: problem}}
    if status in _WITH_RETRY_AFTER:
        response["headers"] = {"Retry-After": _RETRY_AFTER}
    return response
