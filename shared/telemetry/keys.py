"""All that a log line, a span or a metric may tell, and of what kind each value must be.

What is not listed here is left out, and so is a value of another kind: a line that is written
without thinking of persons cannot tell of one. `make check` reads every call against this list.
"""

from typing import Final

from shared.telemetry.kinds import (
    Kind,
    fault,
    ident,
    method,
    name,
    number,
    route,
    sentence,
    version,
)

LOG_KEYS: Final[dict[str, Kind]] = {
    # every line
    "event": name,
    "level": name,
    # what a library says: see `shared.telemetry.libraries`
    "logger": name,
    "message": sentence,
    "where": sentence,
    # where it happened
    "service": name,
    "route": route,
    "operation": name,
    "group": name,
    "topic": name,
    "partition": number,
    "offset": number,
    "fence": name,
    "import_id": ident,
    "target": ident,
    # what happened
    "error": name,
    "reason": sentence,
    "state": name,
    "status": number,
    "attempts": number,
    "failures": number,
    "keys": name,
    "newest": number,
    "subjects": number,
    "partitions": number,
    "kept": number,
    "size": number,
    "pause": number,
}

# Names of the OpenTelemetry semantic conventions; those of databases in the older form too.
SPAN_KEYS: Final[dict[str, Kind]] = {
    "http.request.method": method,
    "http.route": route,
    "http.response.status_code": number,
    "url.scheme": name,
    "network.protocol.version": version,
    "error.type": fault,
    "exception.type": name,
    "db.system": name,
    "db.system.name": name,
    "db.name": name,
    "db.namespace": name,
    "db.operation": name,
    "db.operation.name": name,
    "db.response.status_code": fault,
    "messaging.system": name,
    "messaging.operation.name": name,
    "messaging.operation.type": name,
    "messaging.destination.name": name,
    "messaging.consumer.group.name": name,
    "messaging.client.id": name,
    "messaging.batch.message_count": number,
}

# Each value of each key is a row of numbers of its own, so none of them may be an id, and each has
# few values.
METRIC_KEYS: Final[dict[str, Kind]] = {
    "http.request.method": method,
    "http.route": route,
    "http.response.status_code": number,
    "url.scheme": name,
    "network.protocol.version": version,
    "error.type": fault,
    "messaging.system": name,
    "messaging.operation.name": name,
    "messaging.operation.type": name,
    "messaging.destination.name": name,
    "messaging.consumer.group.name": name,
    "sinergi.service": name,
    "sinergi.parked.state": name,
    "sinergi.retry.from": name,
}
