"""The registry's tables, and the rules that keep them true."""

from services.registry.models.consents import Channel, Consent
from services.registry.models.duplicates import (
    MOST,
    SIMILAR,
    Duplicate,
    DuplicateReason,
    DuplicateStatus,
)
from services.registry.models.enterprises import (
    ERASED_NAME,
    Enterprise,
    ErasedName,
    searchable,
)
from services.registry.models.identifiers import CheckLevel, Identifier, IdentifierKind
from services.registry.models.imports import (
    EnterpriseImport,
    ImportChunk,
    ImportRejection,
    ImportStatus,
)
from services.registry.models.mergers import Merger, merge, part
from services.registry.models.snapshots import Criterion, Snapshot, Source
from services.registry.models.table import metadata
from services.registry.models.units import Unit
from services.registry.models.visits import Visit

__all__ = [
    "ERASED_NAME",
    "MOST",
    "SIMILAR",
    "Channel",
    "CheckLevel",
    "Consent",
    "Criterion",
    "Duplicate",
    "DuplicateReason",
    "DuplicateStatus",
    "Enterprise",
    "EnterpriseImport",
    "ErasedName",
    "Identifier",
    "IdentifierKind",
    "ImportChunk",
    "ImportRejection",
    "ImportStatus",
    "Merger",
    "Snapshot",
    "Source",
    "Unit",
    "Visit",
    "merge",
    "metadata",
    "part",
    "searchable",
]
