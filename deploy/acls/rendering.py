"""The users as an operator reads them, and as the commands that come with Kafka."""

import json
import shlex
from collections.abc import Iterable, Iterator
from typing import Any

from deploy.acls.users import Right, User

_OPTION = {"topic": "--topic", "group": "--group", "transactionalId": "--transactional-id"}
_REACH = '--bootstrap-server "$KAFKA" --command-config "$ADMIN"'


def strimzi(users: Iterable[User], cluster: str = "sinergi") -> str:
    """KafkaUsers for Strimzi's operator; YAML, of which JSON is a part."""
    return "".join(f"---\n{json.dumps(_kafka_user(user, cluster), indent=2)}\n" for user in users)


def commands(users: Iterable[User]) -> str:
    """A shell script for `kafka-acls` and `kafka-configs`; adding twice does no harm."""
    head = "# KAFKA is the brokers' address, ADMIN a file that says who you are.\nset -eu\n"
    return head + "".join(f"{line}\n" for user in users for line in _lines(user))


def _kafka_user(user: User, cluster: str) -> dict[str, Any]:
    spec: dict[str, Any] = {
        "authentication": {"type": "scram-sha-512"},
        "authorization": {"type": "simple", "acls": [_acl(right) for right in user.rights]},
    }
    if user.quota:
        spec["quotas"] = {
            "consumerByteRate": user.quota.bytes_per_second,
            "requestPercentage": user.quota.request_percentage,
        }
    return {
        "apiVersion": "kafka.strimzi.io/v1",
        "kind": "KafkaUser",
        "metadata": {"name": user.name, "labels": {"strimzi.io/cluster": cluster}},
        "spec": spec,
    }


def _acl(right: Right) -> dict[str, Any]:
    resource = {"type": right.resource, "name": right.name}
    pattern = {"patternType": "prefix" if right.prefix else "literal"}
    return {"resource": resource | pattern, "operations": [*right.operations], "host": "*"}


def _lines(user: User) -> Iterator[str]:
    principal = shlex.quote(f"User:{user.name}")
    for right in user.rights:
        operations = " ".join(f"--operation {operation}" for operation in right.operations)
        pattern = "prefixed" if right.prefix else "literal"
        yield (
            f"kafka-acls.sh {_REACH} --add --allow-principal {principal} {operations} "
            f"{_OPTION[right.resource]} {shlex.quote(right.name)} --resource-pattern-type {pattern}"
        )
    if user.quota:
        quota = (
            f"consumer_byte_rate={user.quota.bytes_per_second},"
            f"request_percentage={user.quota.request_percentage}"
        )
        yield (
            f"kafka-configs.sh {_REACH} --alter --add-config '{quota}' "
            f"--entity-type users --entity-name {shlex.quote(user.name)}"
        )
