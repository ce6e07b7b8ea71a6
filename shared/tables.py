"""The tables that every service's database has: its log, its cursor, its idempotency keys."""

import sqlalchemy as sa

metadata = sa.MetaData()
