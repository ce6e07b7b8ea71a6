"""Whether row security holds for the role that a service's app enters its database as."""

import sqlalchemy as sa
import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from shared.refusals import Unavailable
from shared.sentences import Sentence

log = structlog.get_logger(__name__)

_FREEDOMS = sa.text("""
SELECT rolsuper AS superuser, rolbypassrls AS bypassrls, EXISTS (
    SELECT FROM pg_class WHERE relkind IN ('r', 'p') AND pg_has_role(r.oid, relowner, 'MEMBER')
) AS owns_tables
FROM pg_roles AS r WHERE rolname = current_user
""")


async def refuse_free_role(tx: AsyncSession) -> None:
    """Raise Unavailable when policies would not hold for the role that `tx` is connected as.

    They do not for a superuser, for BYPASSRLS, and for an owner, who may drop them.
    """
    role = (await tx.execute(_FREEDOMS)).mappings().one()
    found = [freedom for freedom, has in role.items() if has]
    if found:
        reason = f"row security does not bind its database role: {', '.join(found)}"
        log.error("service.not_ready", reason=Sentence(reason))
        raise Unavailable("This service is not set up safely; its log says what to change.")
