"""Imports: a file of enterprises handed in, how far it is, and what could not be taken over."""

from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from services.registry import queries, use_cases
from services.registry.import_report import as_csv, shown
from services.registry.schemas import ImportView, RejectionView
from services.registry.upload import UPLOAD_LIMIT, Upload
from shared.web.languages import language_of, spoken
from shared.web.negotiation import media_type
from shared.web.operations import Operation
from shared.web.paging import Page, Paged
from shared.web.transactions import Read, WriteOnce

router = APIRouter(prefix="/imports", tags=["imports"], route_class=Operation)

_CSV = "text/csv"
_FILE = {"required": True, "content": {_CSV: {"schema": {"type": "string", "minLength": 1}}}}


@router.post(
    "",
    status_code=202,
    max_body_size=UPLOAD_LIMIT,
    responses={200: {"model": ImportView, "description": "The file was handed in before."}},
    openapi_extra={"requestBody": _FILE},
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


@router.get(
    "/{import_id}/rejections",
    response_model=Page[RejectionView],
    responses={200: {"content": {_CSV: {"schema": {"type": "string"}}}}},
)
async def list_rejections(
    import_id: UUID, tx: Read, window: Paged, request: Request, answer: Response
) -> Page[RejectionView] | Response:
    """The lines that were rejected: JSON by pages, or all of them with `Accept: text/csv`."""
    await queries.import_job(tx, import_id)
    language = language_of(request)
    headers = spoken(language, "Accept, Accept-Language")
    if media_type(request.headers.get("accept", ""), ("application/json", _CSV)) == _CSV:
        lines = as_csv(request.app.state.database, import_id, language)
        return StreamingResponse(lines, headers=headers, media_type=f"{_CSV}; charset=utf-8")
    answer.headers.update(headers)
    found, following = await queries.rejections(tx, import_id, window)
    return Page(items=[shown(rejection, language) for rejection in found], next=following)
