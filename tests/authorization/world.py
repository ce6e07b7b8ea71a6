"""Two sites far apart, and what there is at each: what the cells of the matrix are tried on."""

from dataclasses import dataclass
from functools import partial
from uuid import UUID, uuid4, uuid5

import httpx

from services.registry.ids import new_id, unit_id
from services.registry.models import Enterprise
from services.registry.schemas import OpenUnit
from services.registry.use_cases import open_unit
from shared.access.actor import system
from tests.support.databases import SERVICES
from tests.support.ecosystem import Ecosystem
from tests.support.eventually import eventually
from tests.support.owners import enclose_owner


@dataclass(frozen=True, slots=True)
class Site:
    """A unit, an enterprise that it serves, and the person whose enterprise it is."""

    region: str
    village: str
    enterprise: UUID
    owner: UUID

    @property
    def unit(self) -> UUID:
        """The id of the unit."""
        return unit_id(self.region)

    @property
    def partner(self) -> UUID:
        """The id of the partner that works with the unit."""
        return uuid5(self.enterprise, "partner")


def _site(region: str, village: str) -> Site:
    return Site(region, village, uuid4(), uuid4())


@dataclass(frozen=True, slots=True)
class World:
    """An ecosystem with two sites, and somebody at each who can make new things there."""

    ecosystem: Ecosystem
    here: Site
    there: Site
    desks: dict[UUID, httpx.AsyncClient]
    """By unit, a client of the registry for whoever heads the unit."""

    def desk(self, site: Site) -> httpx.AsyncClient:
        """The client of whoever heads the site's unit."""
        return self.desks[site.unit]


async def a_world(ecosystem: Ecosystem) -> World:
    """Open the units and register their enterprises."""
    here, there = _site("35.79", "35.79.01.1001"), _site("31.71", "31.71.01.1001")
    async with ecosystem.database("registry").transaction(system("test")) as tx:
        for site in (here, there):
            await open_unit(tx, OpenUnit(level="regency", region_code=site.region))
    desks = {}
    for site in (here, there):
        await enclose_owner(ecosystem, site.owner, site.unit)
        await add_enterprise(ecosystem, site, site.enterprise)
        desks[site.unit] = await ecosystem.client("registry", None)
        grants = [{"role": "unit_head", "scope": f"unit:{site.unit}"}]
        token = ecosystem.issuer.token("batu", grants)
        desks[site.unit].headers["Authorization"] = f"Bearer {token}"
    return World(ecosystem, here, there, desks)


async def add_enterprise(
    ecosystem: Ecosystem, site: Site, enterprise_id: UUID | None = None
) -> UUID:
    """Register one more enterprise of the site's owner."""
    async with ecosystem.database("registry").transaction(system("test")) as tx:
        enterprise = Enterprise.register(
            enterprise_id or new_id(),
            f"Warung {uuid4()}",
            kind="enterprise",
            unit_id=site.unit,
            village_code=site.village,
            kbli="10794",
            size_class="mikro",
            owner_ids=[site.owner],
        )
        tx.add(enterprise)
        tx.publish(enterprise, "registered")
    return enterprise.id


async def a_heard_world(ecosystem: Ecosystem) -> World:
    """The same, and every service was told of both sites; the workers rest again."""
    world = await a_world(ecosystem)
    async with ecosystem.working():
        for service in SERVICES[1:]:
            await eventually(partial(_knows_both, ecosystem, service))
    return world


async def _knows_both(ecosystem: Ecosystem, service: str) -> bool:
    units = await ecosystem.rows(service, "SELECT FROM unit_copy")
    enterprises = await ecosystem.rows(service, "SELECT FROM enterprise_copy")
    return len(units) == len(enterprises) == 2
