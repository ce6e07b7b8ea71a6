"""Imports: a file of enterprises handed in, how far it is, and what could not be taken over."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import StreamingResponse

from services.registry import queries, use_cases
from services.registry.import_report import as_csv, language_of, shown
from services.registry.schemas import ImportView, RejectionView
from services.registry.upload import UPLOAD_LIMIT, Upload
from shared.web.paging import Page, Paged
from shared.web.transactions import Read, WriteOnce

router = APIRouter(prefix="/imports", tags=["imports"])


@router.post(
    "",
    status_code=202,
    max_body_size=UPLOAD_LIMIT,
    openapi_extra={"requestBody": {"content": {"text/csv": {"schema": {"type": "string"}}}}},
)
async def hand_in_file(file: Upload, tx: WriteOnce, answer: Response) -> ImportView:
    """Hand in a CSV file of enterprises; 202 when it is new, 200 when it was handed in before."""
    job, new = await use_cases.hand_in_file(tx, file)
    answer.status_code = 202 if new else 200
    answer.headers["Location"] = f"/api/registry/v1/imports/{job.id}"
    return ImportView.of(job)


@router.get("/{import_id}")
async def read_import(import_id: UUID, tx: Read) -> ImportView:
    """Read how far an import is."""
    return ImportView.of(await queries.import_job(tx, import_id))


@router.get("/{import_id}/rejections", response_model=Page[RejectionView])
async def list_rejections(
    import_id: UUID,
    tx: Read,
    window: Paged,
    request: Request,
    language: Annotated[str, Depends(language_of)],
) -> Page[RejectionView] | Response:
    """The lines that were rejected: JSON by pages, or all of them with `Accept: text/csv`."""
    await queries.import_job(tx, import_id)
    if "text/csv" in request.headers.get("accept", ""):
        lines = as_csv(request.app.state.database, import_id, language)
        return StreamingResponse(lines, media_type="text/csv; charset=utf-8")
    found, following = await queries.rejections(tx, import_id, window)
    return Page(items=[shown(rejection, language) for rejection in found], next=following)
