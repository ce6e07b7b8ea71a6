"""Identifiers and economics of an enterprise."""

from uuid import UUID

from fastapi import APIRouter, Response

from services.registry import queries, use_cases
from services.registry.schemas import (
    AddIdentifier,
    IdentifierView,
    RecordSnapshot,
    SnapshotView,
    VerifyIdentifier,
)
from shared.web.operations import Operation
from shared.web.paging import Page, Paged
from shared.web.transactions import Create, Read, Write

router = APIRouter(
    prefix="/enterprises/{enterprise_id}", tags=["enterprises"], route_class=Operation
)


@router.post("/identifiers", status_code=201)
async def add_identifier(
    enterprise_id: UUID, command: AddIdentifier, tx: Create, answer: Response
) -> IdentifierView:
    """Note a NIB or another number; no two enterprises have the same NIB."""
    identifier = await use_cases.add_identifier(tx, enterprise_id, command)
    answer.headers["Location"] = f"{_at(enterprise_id)}/identifiers/{identifier.id}"
    return IdentifierView.model_validate(identifier)


@router.get("/identifiers")
async def list_identifiers(enterprise_id: UUID, tx: Read, window: Paged) -> Page[IdentifierView]:
    """List the numbers of an enterprise, the oldest first."""
    enterprise = await queries.register_of(tx, enterprise_id)
    found, following = await queries.identifiers(tx, enterprise.id, window)
    return Page(items=[IdentifierView.model_validate(each) for each in found], next=following)


@router.get("/identifiers/{identifier_id}")
async def read_identifier(enterprise_id: UUID, identifier_id: UUID, tx: Read) -> IdentifierView:
    """Read one number of an enterprise."""
    enterprise = await queries.register_of(tx, enterprise_id)
    identifier = await queries.identifier(tx, enterprise.id, identifier_id)
    return IdentifierView.model_validate(identifier)


@router.post("/identifiers/{identifier_id}/verify")
async def verify_identifier(
    enterprise_id: UUID, identifier_id: UUID, command: VerifyIdentifier, tx: Write
) -> IdentifierView:
    """Say that the certificate was seen, or that its office was asked."""
    identifier = await use_cases.verify_identifier(tx, enterprise_id, identifier_id, command)
    return IdentifierView.model_validate(identifier)


@router.post("/identifiers/{identifier_id}/remove", status_code=204)
async def remove_identifier(enterprise_id: UUID, identifier_id: UUID, tx: Write) -> None:
    """Take out a number that was noted wrongly."""
    await use_cases.remove_identifier(tx, enterprise_id, identifier_id)


@router.post("/snapshots", status_code=201)
async def record_snapshot(
    enterprise_id: UUID, command: RecordSnapshot, tx: Create, answer: Response
) -> SnapshotView:
    """Note capital, sales and workers of a day; the newest decide the size class."""
    snapshot = await use_cases.record_snapshot(tx, enterprise_id, command)
    answer.headers["Location"] = f"{_at(enterprise_id)}/snapshots/{snapshot.id}"
    return SnapshotView.model_validate(snapshot)


@router.get("/snapshots")
async def list_snapshots(enterprise_id: UUID, tx: Read, window: Paged) -> Page[SnapshotView]:
    """List the economics of an enterprise in the order of the days."""
    enterprise = await queries.register_of(tx, enterprise_id)
    found, following = await queries.snapshots(tx, enterprise.id, window)
    return Page(items=[SnapshotView.model_validate(each) for each in found], next=following)


@router.get("/snapshots/{snapshot_id}")
async def read_snapshot(enterprise_id: UUID, snapshot_id: UUID, tx: Read) -> SnapshotView:
    """Read the economics of one day."""
    enterprise = await queries.register_of(tx, enterprise_id)
    return SnapshotView.model_validate(await queries.snapshot(tx, enterprise.id, snapshot_id))


def _at(enterprise_id: UUID) -> str:
    return f"/api/registry/v1/enterprises/{enterprise_id}"
