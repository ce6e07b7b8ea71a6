"""What facilities keeps of others' topics."""

from services.facilities.models.heard import EnterpriseCopy, SessionCopy, UnitCopy

COPIES = (UnitCopy, EnterpriseCopy, SessionCopy)

__all__ = ["COPIES", "EnterpriseCopy", "SessionCopy", "UnitCopy"]
