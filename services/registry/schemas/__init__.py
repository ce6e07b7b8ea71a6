"""What the registry's API takes and gives."""

from services.registry.schemas.consents import ConsentView, GrantConsent
from services.registry.schemas.duplicates import DuplicateView
from services.registry.schemas.enterprises import (
    ChangeEnterprise,
    EnterpriseView,
    MergeEnterprise,
    MergePreview,
    RegisterEnterprise,
    ReturnEnterprise,
    TransferEnterprise,
)
from services.registry.schemas.facts import (
    AddIdentifier,
    IdentifierView,
    RecordSnapshot,
    SnapshotView,
    VerifyIdentifier,
)
from services.registry.schemas.imports import ImportView, RejectionView
from services.registry.schemas.texts import DayText, NewName, Reference
from services.registry.schemas.units import OpenUnit, UnitView
from services.registry.schemas.visits import ChangeVisit, CheckInVisit, VisitView

__all__ = [
    "AddIdentifier",
    "ChangeEnterprise",
    "ChangeVisit",
    "CheckInVisit",
    "ConsentView",
    "DayText",
    "DuplicateView",
    "EnterpriseView",
    "GrantConsent",
    "IdentifierView",
    "ImportView",
    "MergeEnterprise",
    "MergePreview",
    "NewName",
    "OpenUnit",
    "RecordSnapshot",
    "Reference",
    "RegisterEnterprise",
    "RejectionView",
    "ReturnEnterprise",
    "SnapshotView",
    "TransferEnterprise",
    "UnitView",
    "VerifyIdentifier",
    "VisitView",
]
