"""Creates a service's vault; called by one of the service's own migrations."""

from typing import Final

from alembic import op

from shared.migrations.row_security import ALL, APPEND, CHANGE, READ, grant, guard

_TABLES: Final = """
CREATE SCHEMA vault;

CREATE TABLE vault.epoch_key (
    id integer PRIMARY KEY,
    wrapped bytea NOT NULL,
    made_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE vault.index_key (
    id integer PRIMARY KEY,
    wrapped bytea NOT NULL,
    made_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE vault.subject (
    subject_id uuid PRIMARY KEY,
    unit_id uuid NOT NULL,
    region_code text NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    key_id uuid,
    wrapped_key bytea,
    epoch_id integer REFERENCES vault.epoch_key (id),
    made_at timestamptz NOT NULL DEFAULT now(),
    erased_at timestamptz,
    UNIQUE (subject_id, unit_id, region_code),
    CONSTRAINT subject_has_its_key_until_erased CHECK (
        num_nonnulls(key_id, wrapped_key, epoch_id)
        = CASE WHEN erased_at IS NULL THEN 3 ELSE 0 END
    )
);
CREATE INDEX ix_vault_subject_epoch_id ON vault.subject (epoch_id);

CREATE TABLE vault.field (
    subject_id uuid NOT NULL,
    name text NOT NULL,
    unit_id uuid NOT NULL,
    region_code text NOT NULL,
    value bytea NOT NULL,
    PRIMARY KEY (subject_id, name),
    FOREIGN KEY (subject_id, unit_id, region_code)
        REFERENCES vault.subject (subject_id, unit_id, region_code)
);

CREATE TABLE vault.blind_index (
    subject_id uuid NOT NULL,
    name text NOT NULL,
    key_id integer NOT NULL REFERENCES vault.index_key (id),
    unit_id uuid NOT NULL,
    region_code text NOT NULL,
    digest bytea NOT NULL,
    sole boolean NOT NULL,
    PRIMARY KEY (subject_id, name, key_id),
    FOREIGN KEY (subject_id, unit_id, region_code)
        REFERENCES vault.subject (subject_id, unit_id, region_code)
);
CREATE INDEX blind_index_by_digest ON vault.blind_index (digest, name);
CREATE UNIQUE INDEX blind_index_sole_in_unit
    ON vault.blind_index (unit_id, key_id, name, digest) WHERE sole;

CREATE TABLE vault.erasure (
    subject_id uuid PRIMARY KEY,
    unit_id uuid NOT NULL,
    region_code text NOT NULL,
    erased_by text NOT NULL,
    erased_at timestamptz NOT NULL DEFAULT now()
);
"""


def create_vault() -> None:
    """Create the schema `vault` and its tables; the app and the worker may do what they need."""
    for statement in _TABLES.rstrip("; \n").split(";"):
        op.execute(statement)
    # The worker retires keys; nobody takes a line out of the ledger.
    grant("vault.epoch_key", app=APPEND, worker=(*APPEND, "DELETE"))
    grant("vault.index_key", app=APPEND, worker=(*APPEND, "DELETE"))
    grant("vault.subject", app=CHANGE, worker=CHANGE)
    grant("vault.field", app=ALL, worker=CHANGE)
    grant("vault.blind_index", app=(*APPEND, "DELETE"), worker=(*APPEND, "DELETE"))
    grant("vault.erasure", app=APPEND, worker=READ)
    for table in ("subject", "field", "blind_index", "erasure"):
        guard(f"vault.{table}", subject="subject_id")
