"""Owners: persons, masked unless they are revealed for a purpose."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from services.registry import use_cases
from services.registry.owner_schemas import (
    AccessView,
    ChangeOwner,
    OwnersFound,
    OwnerView,
    RegisterOwner,
    RevealedOwner,
    RevealOwner,
    SearchOwners,
)
from services.registry.vault import Owners
from shared.access.web import CurrentActor
from shared.database import Database
from shared.vault.fields import Shown
from shared.vault.reveals import ORDER, Wish, accesses, reveal
from shared.web.etags import IfMatch, tag
from shared.web.languages import language_of
from shared.web.operations import Operation
from shared.web.paging import Page, Paged, page
from shared.web.transactions import Create, Read, Write

router = APIRouter(prefix="/owners", tags=["owners"], route_class=Operation, responses={410: {}})


class _Desk:
    """Where owners are kept, and how they are shown in this answer."""

    def __init__(self, request: Request, answer: Response) -> None:
        self.owners: Owners = request.app.state.owners
        self.database: Database = request.app.state.database
        self._language = language_of(request)
        self._answer = answer

    def view(self, owner: Shown) -> OwnerView:
        """An owner, with the warnings in the language of who asks."""
        return OwnerView.of(owner, self._language)

    def shown(self, owner: Shown) -> OwnerView:
        """The same as the one thing that is answered, with its version."""
        tag(self._answer, owner.version)
        self._answer.headers["Vary"] = "Accept-Language"
        return self.view(owner)


Desk = Annotated[_Desk, Depends()]


@router.post("", status_code=201)
async def register_owner(
    command: RegisterOwner, tx: Create, desk: Desk, answer: Response
) -> OwnerView:
    """Register a person with a unit; the answer warns of what deserves a second look."""
    owner = await use_cases.register_owner(tx, desk.owners, command)
    answer.headers["Location"] = f"/api/registry/v1/owners/{owner.subject_id}"
    return desk.shown(owner)


@router.post("/search")
async def search_owners(command: SearchOwners, tx: Read, desk: Desk) -> OwnersFound:
    """Find persons by their NIK or telephone number, which never stand in an address."""
    hits = await desk.owners.search(tx, *command.wanted())
    return OwnersFound(items=[desk.view(hit) for hit in hits])


@router.get("/{owner_id:uuid}")
async def read_owner(owner_id: UUID, tx: Read, desk: Desk) -> OwnerView:
    """Read one person, masked; the ETag is the version that a change must name."""
    return desk.shown(await desk.owners.read(tx, owner_id))


@router.patch("/{owner_id:uuid}")
async def change_owner(
    owner_id: UUID, command: ChangeOwner, seen: IfMatch, tx: Write, desk: Desk
) -> OwnerView:
    """Change what is kept of a person."""
    return desk.shown(await use_cases.change_owner(tx, desk.owners, owner_id, seen, command))


@router.post("/{owner_id:uuid}/reveal")
async def reveal_owner(
    owner_id: UUID, command: RevealOwner, actor: CurrentActor, desk: Desk
) -> RevealedOwner:
    """Read some of a person's values as they are; it is noted who did, and to what end."""
    wish = Wish(owner_id, command.fields, command.purpose)
    values = await reveal(desk.owners, desk.database, actor, wish)
    return RevealedOwner.model_validate({"fields": values})


@router.get("/{owner_id:uuid}/accesses")
async def list_accesses(owner_id: UUID, tx: Read, desk: Desk, window: Paged) -> Page[AccessView]:
    """List who was given the person's values, when and to what end, the oldest first."""
    await desk.owners.find(tx, owner_id)
    rows, following = await page(tx, accesses(owner_id), ORDER, window)
    return Page(items=[AccessView.model_validate(row) for row in rows], next=following)


@router.post("/{owner_id:uuid}/erase", status_code=204)
async def erase_owner(owner_id: UUID, tx: Write, desk: Desk) -> None:
    """Erase everything that is kept of a person, for good."""
    await use_cases.erase_owner(tx, desk.owners, owner_id)
