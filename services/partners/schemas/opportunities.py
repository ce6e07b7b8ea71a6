"""What the API takes and gives of opportunities and their candidates."""

from datetime import date
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from services.partners.models import Opportunity
from services.partners.queries import Candidate, Criterion
from services.partners.schemas.texts import Day, Quota, Title
from shared.events.partners import AgreementScope, OpportunityReason, OpportunityStatus
from shared.events.registry import ConsentField, ConsentPurpose, SizeClass
from shared.events.state import KbliPrefix
from shared.indonesia.codes import RegionCode
from shared.web.bodies import Command

SizeClasses = Annotated[tuple[SizeClass, ...], Field(max_length=3)]
KbliPrefixes = Annotated[tuple[KbliPrefix, ...], Field(max_length=50)]
Regions = Annotated[tuple[RegionCode, ...], Field(max_length=50)]


class PublishOpportunity(Command):
    """Offer something under an agreement; an empty list of criteria excludes no one."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "agreement_id": "0198c0de-0000-7000-8000-000000000102",
                    "kind": "finance",
                    "title": "Kredit modal kerja olahan pangan",
                    "size_classes": ["mikro", "kecil"],
                    "kbli_prefixes": ["10", "11"],
                    "regions": ["35.79"],
                    "quota": 10,
                    "closes_on": "2027-06-30",
                }
            ]
        }
    )

    agreement_id: UUID
    kind: AgreementScope
    title: Title
    size_classes: SizeClasses = ()
    kbli_prefixes: KbliPrefixes = ()
    regions: Regions = ()
    quota: Quota
    closes_on: Day


class ChangeOpportunity(Command):
    """Offer it to others, more or longer; what is left out stays."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"quota": 20}]})

    title: Title | None = None
    size_classes: SizeClasses | None = None
    kbli_prefixes: KbliPrefixes | None = None
    regions: Regions | None = None
    quota: Quota | None = None
    closes_on: Day | None = None

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.changes:
            raise PydanticCustomError("nothing_to_change", "Name at least one thing to change")
        return self

    @property
    def changes(self) -> dict[str, Any]:
        """The new values by name."""
        given = {name: value for name, value in self.model_dump().items() if value is not None}
        return {n: list(v) if isinstance(v, tuple) else v for n, v in given.items()}


class OpportunityView(BaseModel):
    """An opportunity; `actions` are the operations that are open to whoever asks.

    An owner must have consented to `purpose` and to `needed_fields` before a referral.
    """

    id: UUID
    partner_id: UUID
    agreement_id: UUID
    kind: AgreementScope
    title: str
    unit_ids: list[UUID]
    size_classes: list[SizeClass]
    kbli_prefixes: list[str]
    regions: list[str]
    quota: int
    taken: int
    closes_on: date
    status: OpportunityStatus
    reason: OpportunityReason | None
    purpose: ConsentPurpose
    needed_fields: list[ConsentField]
    actions: list[str]

    @classmethod
    def of(cls, opportunity: Opportunity, actions: list[str]) -> Self:
        """Show an opportunity."""
        return cls(
            purpose=opportunity.purpose,
            needed_fields=opportunity.needed_fields,
            actions=actions,
            **opportunity.model_dump(include=set(cls.model_fields)),
        )


class CriterionView(BaseModel):
    """What is asked for, what the enterprise is, and whether that is enough.

    Nothing is `wanted` of a criterion that excludes no one.
    """

    criterion: Criterion
    wanted: list[str]
    found: str
    met: bool


class CandidateView(BaseModel):
    """An enterprise that might be sent, and all that speaks for and against it.

    `consent_id` is the consent that a referral may rest on, if there is one; `referred` says that
    a referral for this opportunity is open. `actions` has `send_referral` when nothing is missing.
    """

    id: UUID
    trade_name: str
    unit_id: UUID
    criteria: list[CriterionView]
    consent_id: UUID | None
    referred: bool
    actions: list[str]

    @classmethod
    def explained(cls, candidate: Candidate, opportunity: Opportunity, **facts: Any) -> Self:  # noqa: ANN401 (its other fields)
        """Show a candidate with each criterion of the opportunity."""
        found = candidate.enterprise
        sides: dict[Criterion, tuple[list[str], str]] = {
            "unit": ([str(unit) for unit in opportunity.unit_ids], str(found.unit_id)),
            "size_class": ([*opportunity.size_classes], found.size_class),
            "kbli": (opportunity.kbli_prefixes, found.kbli),
            "region": (opportunity.regions, found.village_code),
        }
        criteria = [
            CriterionView(criterion=name, wanted=wanted, found=is_, met=candidate.met[name])
            for name, (wanted, is_) in sides.items()
        ]
        return cls(
            id=found.id,
            trade_name=found.trade_name,
            unit_id=found.unit_id,
            criteria=criteria,
            **facts,
        )
