"""The users of Kafka: each service by what it says and hears, each subscriber by its table."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter

from deploy.catalogue.listeners import listeners
from deploy.local.checkout import SERVICES
from shared.events import STATES, TOPICS
from shared.streams.relay import fence_of

TABLE = Path(__file__).parents[1] / "subscribers.toml"

Resource = Literal["topic", "group", "transactionalId"]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{1,40}$")]
"""Of a user: no dot in it, or one's groups could begin with another's name."""


@dataclass(frozen=True)
class Right:
    """What may be done with one thing, or with all whose name begins so."""

    resource: Resource
    name: str
    operations: tuple[str, ...]
    prefix: bool = False


class Subscriber(BaseModel):
    """One table of the file: what is read, and how much."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    topics: tuple[Literal[TOPICS], ...] = Field(min_length=1)  # type: ignore[valid-type]
    bytes_per_second: int = Field(ge=1_000)
    request_percentage: int = Field(ge=1, le=100)


@dataclass(frozen=True)
class User:
    """Who comes, with what rights; a service has no quota."""

    name: str
    rights: tuple[Right, ...]
    quota: Subscriber | None = None


def users(table: Path = TABLE) -> list[User]:
    """Everybody. Raises ValueError when the table names what is not there, or a service."""
    found = TypeAdapter(dict[Name, Subscriber]).validate_python(tomllib.loads(table.read_text()))
    if taken := found.keys() & {*SERVICES}:
        raise ValueError(
            f"{', '.join(sorted(taken))}: a subscriber may not be called like a service"
        )
    services = [User(name, tuple(_of_service(name))) for name in SERVICES]
    return [*services, *(_of_subscriber(name, each) for name, each in found.items())]


def _of_service(name: str) -> Iterator[Right]:
    for state in STATES:
        if state.topic.partition(".")[0] == name:
            yield Right("topic", state.topic, ("Create", "Describe", "Read", "Write"))
        elif name in (found := listeners(state, [name])).keep + found.act:
            yield Right("topic", state.topic, ("Describe", "Read"))
    yield Right("group", name, ("Describe", "Read"))
    yield Right("transactionalId", fence_of(name), ("Describe", "Write"))


def _of_subscriber(name: str, subscriber: Subscriber) -> User:
    topics = [Right("topic", topic, ("Describe", "Read")) for topic in subscriber.topics]
    groups = Right("group", f"{name}.", ("Describe", "Read"), prefix=True)
    return User(name, (*topics, groups), subscriber)
