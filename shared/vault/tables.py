"""The tables of a vault: its keys, its subjects and what is sealed of them, what it erased."""

from typing import Any

import sqlalchemy as sa

SCHEMA = "vault"

metadata = sa.MetaData(schema=SCHEMA)


def _made_at() -> sa.Column[Any]:
    return sa.Column(
        "made_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()
    )


def _home() -> tuple[sa.Column[Any], sa.Column[Any]]:
    """The unit that a row belongs to, and that unit's region."""
    return (
        sa.Column("unit_id", sa.Uuid, nullable=False),
        sa.Column("region_code", sa.Text, nullable=False),
    )


def _of_its_subject() -> sa.ForeignKeyConstraint:
    """A row lies in the same unit as its subject, or row security would show it elsewhere."""
    columns = ("subject_id", "unit_id", "region_code")
    there = [f"{SCHEMA}.subject.{name}" for name in columns]
    return sa.ForeignKeyConstraint(columns, there, onupdate="CASCADE")


epoch_key = sa.Table(
    "epoch_key",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("wrapped", sa.LargeBinary, nullable=False),
    _made_at(),
)
"""Keys that wrap the keys of the subjects; the newest wraps, the others are being retired."""

index_key = sa.Table(
    "index_key",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("wrapped", sa.LargeBinary, nullable=False),
    _made_at(),
)
"""Keys of the digests; all of them live."""

subject = sa.Table(
    "subject",
    metadata,
    sa.Column("subject_id", sa.Uuid, primary_key=True),
    *_home(),
    sa.Column("version", sa.BigInteger, nullable=False, server_default="1"),
    sa.Column("key_id", sa.Uuid),
    sa.Column("wrapped_key", sa.LargeBinary),
    sa.Column("epoch_id", sa.Integer, sa.ForeignKey(epoch_key.c.id), index=True),
    _made_at(),
    sa.Column("erased_at", sa.DateTime(timezone=True)),
    sa.UniqueConstraint("subject_id", "unit_id", "region_code"),
    sa.CheckConstraint(
        "num_nonnulls(key_id, wrapped_key, epoch_id)"
        " = CASE WHEN erased_at IS NULL THEN 3 ELSE 0 END",
        name="subject_has_its_key_until_erased",
    ),
)
"""Who is known, with the key of all that is sealed of them; erasing destroys the key."""

field = sa.Table(
    "field",
    metadata,
    sa.Column("subject_id", sa.Uuid, primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    *_home(),
    sa.Column("value", sa.LargeBinary, nullable=False),
    _of_its_subject(),
)

blind_index = sa.Table(
    "blind_index",
    metadata,
    sa.Column("subject_id", sa.Uuid, primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("key_id", sa.Integer, sa.ForeignKey(index_key.c.id), primary_key=True),
    *_home(),
    sa.Column("digest", sa.LargeBinary, nullable=False),
    sa.Column("sole", sa.Boolean, nullable=False),
    _of_its_subject(),
    sa.Index("blind_index_by_digest", "digest", "name"),
    sa.Index(
        "blind_index_sole_in_unit",
        "unit_id",
        "key_id",
        "name",
        "digest",
        unique=True,
        postgresql_where=sa.text("sole"),
    ),
)
"""What exact search looks in; `sole`: no two subjects of a unit may share the value."""

erasure = sa.Table(
    "erasure",
    metadata,
    sa.Column("subject_id", sa.Uuid, primary_key=True),
    *_home(),
    sa.Column("erased_by", sa.Text, nullable=False),
    sa.Column(
        "erased_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()
    ),
)
"""The ledger: whom to erase again after a backup from before was restored."""
