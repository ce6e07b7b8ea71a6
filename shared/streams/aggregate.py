"""What can be published: a row with its own sequence of events, that can say its public state."""

from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import declared_attr
from sqlmodel import Field, SQLModel

from shared.events.state import State


class Aggregate(SQLModel):
    """The root row of an aggregate; `event_seq` numbers its events and is its version.

    An update names the sequence it read, so two writers never both go on from the same state.
    An id is never used twice, and a root row is never deleted.
    """

    __state__: ClassVar[type[State]]

    event_seq: int = Field(default=0, sa_type=sa.BigInteger)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805 (SQLAlchemy calls it on the class)
        return {"version_id_col": cls.event_seq, "version_id_generator": False}

    def state(self) -> State:
        """Return the full public state, as subscribers shall see it."""
        return self.__state__.model_validate(self, from_attributes=True)
