"""Enterprises and cooperatives."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from services.registry import queries, use_cases
from services.registry.models import Enterprise
from services.registry.schemas import ChangeEnterprise, EnterpriseView, RegisterEnterprise
from shared.indonesia.codes import RegionShape
from shared.text import Line
from shared.web.etags import IfMatch, tag
from shared.web.paging import Page, Paged
from shared.web.transactions import Read, Write

router = APIRouter(prefix="/enterprises", tags=["enterprises"])


@router.post("", status_code=201)
async def register_enterprise(
    command: RegisterEnterprise, tx: Write, answer: Response
) -> EnterpriseView:
    """Register an enterprise or a cooperative with a unit."""
    enterprise = await use_cases.register_enterprise(tx, command)
    answer.headers["Location"] = f"/api/registry/v1/enterprises/{enterprise.id}"
    return _shown(enterprise, answer)


@router.get("")
async def list_enterprises(
    tx: Read,
    window: Paged,
    name: Annotated[Line | None, Query(min_length=3, max_length=120)] = None,
    region: Annotated[RegionShape | None, Query()] = None,
    unit_id: UUID | None = None,
) -> Page[EnterpriseView]:
    """Find enterprises by a part of the name, in a region or at a unit; in the order of names."""
    found, following = await queries.enterprises(tx, window, name, region, unit_id)
    return Page(items=[EnterpriseView.model_validate(e) for e in found], next=following)


@router.get("/{enterprise_id}")
async def read_enterprise(enterprise_id: UUID, tx: Read, answer: Response) -> EnterpriseView:
    """Read one enterprise; its ETag is the version that a change must name."""
    return _shown(await queries.enterprise(tx, enterprise_id), answer)


@router.patch("/{enterprise_id}")
async def change_enterprise(
    enterprise_id: UUID, command: ChangeEnterprise, seen: IfMatch, tx: Write, answer: Response
) -> EnterpriseView:
    """Change the trade name, the size class or both."""
    enterprise = await use_cases.change_enterprise(tx, enterprise_id, seen, command)
    return _shown(enterprise, answer)


@router.post("/{enterprise_id}/close")
async def close_enterprise(
    enterprise_id: UUID, seen: IfMatch, tx: Write, answer: Response
) -> EnterpriseView:
    """Note that the enterprise ceased business."""
    return _shown(await use_cases.close_enterprise(tx, enterprise_id, seen), answer)


@router.post("/{enterprise_id}/reopen")
async def reopen_enterprise(
    enterprise_id: UUID, seen: IfMatch, tx: Write, answer: Response
) -> EnterpriseView:
    """Note that the enterprise took up business again."""
    return _shown(await use_cases.reopen_enterprise(tx, enterprise_id, seen), answer)


def _shown(enterprise: Enterprise, answer: Response) -> EnterpriseView:
    tag(answer, enterprise.event_seq)
    return EnterpriseView.model_validate(enterprise)
