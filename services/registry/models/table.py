"""What the registry's tables have in common."""

import sqlalchemy as sa
from sqlalchemy.orm import registry
from sqlmodel import SQLModel

metadata = sa.MetaData()


class Table(SQLModel, registry=registry(metadata=metadata)):
    """The registry's own tables, apart from every other service's in the same process."""

    metadata = metadata
