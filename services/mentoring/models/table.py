"""The ground of all tables of mentoring."""

import sqlalchemy as sa
from sqlalchemy.orm import registry
from sqlmodel import SQLModel

metadata = sa.MetaData()


class Table(SQLModel, registry=registry(metadata=metadata)):
    """The tables of mentoring, apart from every other service's in the same process."""

    metadata = metadata
