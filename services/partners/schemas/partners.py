"""What the API takes and gives of partners."""

from typing import Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, model_validator
from pydantic_core import PydanticCustomError

from services.partners.models import Partner
from services.partners.schemas.texts import Words
from shared.events.partners import PartnerKind, PartnerStatus
from shared.events.state import TradeName
from shared.indonesia.codes import Nib
from shared.web.bodies import Command


class RegisterPartner(Command):
    """Register an organisation; the unit looks after it, the ministry does when none is named."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "kind": "private_sector",
                    "name": "Bank Mitra Usaha",
                    "nib": "0220001234567",
                    "unit_id": "209ec504-3987-5fa6-8ad7-c117b48f5969",
                }
            ]
        }
    )

    kind: PartnerKind
    name: TradeName
    nib: Nib | None = None
    unit_id: UUID | None = None


class ChangePartner(Command):
    """Change what a partner is; what is left out stays. It must then be verified again."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"name": "Bank Mitra Usaha Rakyat"}]},
    )

    kind: PartnerKind | None = None
    name: TradeName | None = None
    nib: Nib | None = None

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.changes:
            raise PydanticCustomError("nothing_to_change", "Name at least one thing to change")
        return self

    @property
    def changes(self) -> dict[str, str]:
        """The new values by name."""
        return {name: value for name, value in self.model_dump().items() if value is not None}


class Because(Command):
    """Why something is suspended, in words."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"because": "Tidak menjawab rujukan sejak September."}]}
    )

    because: Words


class PartnerView(BaseModel):
    """A partner; `actions` are the operations that are open to whoever asks."""

    id: UUID
    kind: PartnerKind
    name: str
    nib: str | None
    unit_id: UUID | None
    status: PartnerStatus
    suspended_because: str | None
    actions: list[str]

    @classmethod
    def of(cls, partner: Partner, actions: list[str]) -> Self:
        """Show a partner."""
        return cls(actions=actions, **partner.model_dump(include=set(cls.model_fields)))
