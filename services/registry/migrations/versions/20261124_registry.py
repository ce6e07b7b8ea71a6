"""Units, enterprises and their imports."""

import sqlalchemy as sa
from alembic import op

revision = "20261124_registry"
down_revision = None
branch_labels = ("registry",)
depends_on = None


def upgrade() -> None:
    """Create the registry's tables."""
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    op.create_table(
        "unit",
        sa.Column("event_seq", sa.BigInteger, nullable=False),
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("level", sa.Text, nullable=False),
        sa.Column("region_code", sa.Text, nullable=False, unique=True),
        sa.Column("time_zone", sa.Text, nullable=False),
    )
    _imports()
    _enterprises()


def _imports() -> None:
    op.create_table(
        "enterprise_import",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("scope", sa.Text, nullable=False),
        sa.Column("submitted_by", sa.Text, nullable=False),
        sa.Column(
            "submitted_at",
            sa.DateTime(timezone=True),
            nullable=False,
            server_default=sa.func.now(),
        ),
        sa.Column("delimiter", sa.Text, nullable=False),
        sa.Column("columns", sa.Text, nullable=False),
        sa.Column("bytes_total", sa.BigInteger, nullable=False),
        sa.Column("bytes_done", sa.BigInteger, nullable=False),
        *(
            sa.Column(name, sa.Integer, nullable=False)
            for name in ("line", "accepted", "known", "rejected")
        ),
        sa.UniqueConstraint("digest", "scope"),
    )
    import_id = sa.ForeignKey("enterprise_import.id")
    op.create_table(
        "import_chunk",
        sa.Column("import_id", sa.Uuid, import_id, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "import_rejection",
        sa.Column("import_id", sa.Uuid, sa.ForeignKey("enterprise_import.id"), primary_key=True),
        sa.Column("line", sa.Integer, primary_key=True),
        sa.Column("field", sa.Text, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
    )


def _enterprises() -> None:
    op.create_table(
        "enterprise",
        sa.Column("event_seq", sa.BigInteger, nullable=False),
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("trade_name", sa.Text, nullable=False),
        sa.Column("search_name", sa.Text, nullable=False),
        sa.Column("unit_id", sa.Uuid, sa.ForeignKey("unit.id"), nullable=False, index=True),
        sa.Column("village_code", sa.Text, nullable=False),
        sa.Column("kbli", sa.Text, nullable=False),
        sa.Column("size_class", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("merged_into", sa.Uuid),
        sa.Column("reference", sa.Text),
        sa.Column("import_id", sa.Uuid, sa.ForeignKey("enterprise_import.id"), index=True),
        sa.Column("import_line", sa.Integer),
    )
    op.create_index(
        "enterprise_search",
        "enterprise",
        ["search_name"],
        postgresql_using="gin",
        postgresql_ops={"search_name": "gin_trgm_ops"},
    )
    op.create_index("enterprise_by_name", "enterprise", ["search_name", "id"])
    op.create_index(
        "enterprise_by_village",
        "enterprise",
        ["village_code", "search_name", "id"],
        postgresql_ops={"village_code": "text_pattern_ops"},
    )
