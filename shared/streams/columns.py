"""The column that a field of a state becomes in a copy."""

import types
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final, Literal, Self, Union, get_args, get_origin
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

_TYPES: Final[Mapping[type, tuple[str, sa.types.TypeEngine[Any]]]] = {
    UUID: ("uuid", sa.Uuid()),
    str: ("text", sa.Text()),
    bool: ("boolean", sa.Boolean()),
    int: ("bigint", sa.BigInteger()),
    datetime: ("timestamptz", sa.DateTime(timezone=True)),
    date: ("date", sa.Date()),
}


@dataclass(frozen=True, slots=True)
class ColumnType:
    """A plain type, whether there are many of it, and whether it may be absent."""

    kind: type
    many: bool = False
    nullable: bool = False

    @classmethod
    def of(cls, annotation: Any) -> Self:  # noqa: ANN401 (an annotation may be anything)
        """Read a field's annotation, which may be optional, a sequence, a literal or annotated."""
        origin, arguments = get_origin(annotation), get_args(annotation)
        if origin in {types.UnionType, Union}:
            (inner,) = (argument for argument in arguments if argument is not type(None))
            return replace(cls.of(inner), nullable=True)
        if origin in {tuple, list}:
            return replace(cls.of(arguments[0]), many=True)
        if origin is Literal:
            return cls(type(arguments[0]))
        if hasattr(annotation, "__metadata__"):
            return cls.of(annotation.__origin__)
        return cls(annotation)

    @property
    def sql(self) -> str:
        """The type as SQL spells it."""
        return _TYPES[self.kind][0] + "[]" * self.many

    def column(self, name: str) -> sa.Column[Any]:
        """A column of this type."""
        kind = _TYPES[self.kind][1]
        return sa.Column(name, ARRAY(kind) if self.many else kind, nullable=self.nullable)
