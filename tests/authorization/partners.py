"""How each operation of partners is asked for."""

from typing import Any, Final
from uuid import UUID, uuid4

from services.partners import use_cases
from services.partners.models import Agreement, Opportunity, Partner, Referral
from services.partners.schemas import AddObligation
from shared.web.etags import Versions
from tests.authorization import copies
from tests.authorization.call import Call, Recipe
from tests.authorization.world import Site, World
from tests.partners.bodies import TODAY, a_partner, a_wish, an_agreement, an_opportunity
from tests.partners.town import Town

_NO_CANDIDATE: Final = {"kbli": "99000", "size_class": "menengah"}
"""What the enterprises that are made on the way are, so that the site's own is the better one."""
_MANY: Final = 1_000
_LASTING: Final[dict[UUID, tuple[Agreement, Opportunity]]] = {}
"""By partner, the agreement and the opportunity that nobody changes."""


def _town(world: World) -> Town:
    return Town(world.ecosystem, world.ecosystem.database("partners", "worker"), epoch=0)


async def _partner(world: World, site: Site) -> Partner:
    """The partner that works with the unit of a site, made once."""
    town = _town(world)
    async with town.database.reading(world.ecosystem.actor) as tx:
        found = await tx.get(Partner, site.partner)
    if found is None:
        await town.unit(site.region)
        unit = str(site.unit)
        found = await town.partner(partner_id=site.partner, name="Aksara", unit_id=unit)
    return found


async def _agreement(world: World, site: Site, *, active: bool = True) -> Agreement:
    """One of its own for each call that changes it."""
    partner = await _partner(world, site)
    return await _town(world).agreement(partner, active=active, unit_ids=[str(site.unit)])


async def _lasting_agreement(world: World, site: Site) -> Agreement:
    if site.partner not in _LASTING:
        agreement = await _agreement(world, site)
        opportunity = await _opportunity(world, site, agreement)
        _LASTING[site.partner] = (agreement, opportunity)
    return _LASTING[site.partner][0]


async def _lasting_opportunity(world: World, site: Site) -> Opportunity:
    await _lasting_agreement(world, site)
    return _LASTING[site.partner][1]


async def _opportunity(world: World, site: Site, agreement: Agreement | None = None) -> Opportunity:
    agreement = agreement or await _lasting_agreement(world, site)
    return await _town(world).opportunity(agreement, quota=_MANY, regions=[site.region])


async def _wish(world: World, site: Site) -> dict[str, Any]:
    town, opportunity = _town(world), await _lasting_opportunity(world, site)
    where = {"unit_id": site.unit, "village_code": site.village}
    enterprise = await town.enterprise(**where, **_NO_CANDIDATE)
    consent = await town.consent(enterprise, opportunity.partner_id, unit_id=site.unit)
    return a_wish(opportunity.id, enterprise, consent).model_dump(mode="json")


async def _referral(world: World, site: Site, *, accepted: bool = False) -> Referral:
    town, wish = _town(world), await _wish(world, site)
    referral = await town.sends(wish["opportunity_id"], wish["enterprise_id"], wish["consent_id"])
    return await town.accepts(referral) if accepted else referral


def _make(path: str, body: dict[str, Any]) -> Call:
    return Call("POST", path, body, {"Idempotency-Key": str(uuid4())})


def _change(thing: Any, path: str, **body: object) -> Call:  # noqa: ANN401 (an aggregate of any kind)
    seen = {"If-Match": f'"{thing.event_seq}"'}
    method = "POST" if path.count("/") > 2 else "PATCH"
    return Call(method, path, body or None, seen)


async def _register_partner(_: World, site: Site) -> Call:
    return _make("/partners", a_partner(unit_id=str(site.unit)))


async def _list_partners(world: World, site: Site) -> Call:
    partner = await _partner(world, site)
    return Call("GET", "/partners?limit=200&name=Aksara", shows=partner.id)


async def _read_partner(world: World, site: Site) -> Call:
    return Call("GET", f"/partners/{(await _partner(world, site)).id}")


def _on_a_partner(verb: str = "", **body: object) -> Recipe:
    async def recipe(world: World, site: Site) -> Call:
        town = _town(world)
        partner = await town.partner(verified=False, unit_id=str(site.unit))
        if verb == "/restore":
            partner = await town.suspends(partner)
        return _change(partner, f"/partners/{partner.id}{verb}", **body)

    return recipe


async def _draft_agreement(world: World, site: Site) -> Call:
    partner = await _partner(world, site)
    return _make("/agreements", an_agreement(partner_id=str(partner.id), unit_ids=[str(site.unit)]))


async def _list_agreements(world: World, site: Site) -> Call:
    agreement = await _lasting_agreement(world, site)
    return Call("GET", f"/agreements?limit=200&partner_id={site.partner}", shows=agreement.id)


async def _read_agreement(world: World, site: Site) -> Call:
    return Call("GET", f"/agreements/{(await _lasting_agreement(world, site)).id}")


def _on_an_agreement(verb: str, *, active: bool = True, **body: object) -> Recipe:
    async def recipe(world: World, site: Site) -> Call:
        agreement = await _agreement(world, site, active=active)
        if verb == "resume":
            agreement = await _town(world).suspends(agreement)
        return _change(agreement, f"/agreements/{agreement.id}/{verb}", **body)

    return recipe


_PROMISE: Final = {"promise": "Dua pelatihan.", "due_on": TODAY.isoformat()}


async def _add_obligation(world: World, site: Site) -> Call:
    agreement = await _agreement(world, site)
    key = {"Idempotency-Key": str(uuid4()), "If-Match": f'"{agreement.event_seq}"'}
    return Call("POST", f"/agreements/{agreement.id}/obligations", _PROMISE, key)


async def _fulfil_obligation(world: World, site: Site) -> Call:
    town, agreement = _town(world), await _agreement(world, site)
    command, seen = AddObligation.model_validate(_PROMISE), Versions([agreement.event_seq])
    agreement = await town.does(
        lambda tx: use_cases.add_obligation(tx, agreement.id, seen, command)
    )
    [obligation] = await town.obligations(agreement)
    return _change(agreement, f"/agreements/{agreement.id}/obligations/{obligation}/fulfil")


async def _publish_opportunity(world: World, site: Site) -> Call:
    agreement = await _lasting_agreement(world, site)
    return _make("/opportunities", an_opportunity(agreement_id=str(agreement.id)))


async def _list_opportunities(world: World, site: Site) -> Call:
    opportunity = await _lasting_opportunity(world, site)
    path = f"/opportunities?limit=200&agreement_id={opportunity.agreement_id}"
    return Call("GET", path, shows=opportunity.id)


async def _read_opportunity(world: World, site: Site) -> Call:
    return Call("GET", f"/opportunities/{(await _lasting_opportunity(world, site)).id}")


async def _change_opportunity(world: World, site: Site) -> Call:
    opportunity = await _opportunity(world, site)
    return _change(opportunity, f"/opportunities/{opportunity.id}", title="Kredit lain")


async def _close_opportunity(world: World, site: Site) -> Call:
    opportunity = await _opportunity(world, site)
    return _change(opportunity, f"/opportunities/{opportunity.id}/close")


async def _list_candidates(world: World, site: Site) -> Call:
    opportunity = await _lasting_opportunity(world, site)
    path = f"/opportunities/{opportunity.id}/candidates?unit_id={site.unit}"
    return Call("GET", path, shows=site.enterprise)


async def _send_referral(world: World, site: Site) -> Call:
    return _make("/referrals", await _wish(world, site))


async def _list_referrals(world: World, site: Site) -> Call:
    referral = await _referral(world, site)
    path = f"/referrals?enterprise_id={referral.enterprise_id}"
    return Call("GET", path, shows=referral.id)


async def _read_referral(world: World, site: Site) -> Call:
    return Call("GET", f"/referrals/{(await _referral(world, site)).id}")


def _answer(verb: str, *, accepted: bool = False, **body: object) -> Recipe:
    async def recipe(world: World, site: Site) -> Call:
        referral = await _referral(world, site, accepted=accepted)
        return _change(referral, f"/referrals/{referral.id}/{verb}", **body)

    return recipe


_RESULT: Final = {"kind": "training", "completed_on": TODAY.isoformat()}

RECIPES: Final[dict[str, Recipe]] = copies.RECIPES | {
    "list_partners": _list_partners,
    "read_partner": _read_partner,
    "register_partner": _register_partner,
    "change_partner": _on_a_partner(name="Bank Lain"),
    "verify_partner": _on_a_partner("/verify"),
    "suspend_partner": _on_a_partner("/suspend", because="Tidak menjawab."),
    "restore_partner": _on_a_partner("/restore"),
    "list_agreements": _list_agreements,
    "read_agreement": _read_agreement,
    "draft_agreement": _draft_agreement,
    "activate_agreement": _on_an_agreement("activate", active=False),
    "suspend_agreement": _on_an_agreement("suspend", because="Sedang ditinjau."),
    "resume_agreement": _on_an_agreement("resume"),
    "end_agreement": _on_an_agreement("end"),
    "add_obligation": _add_obligation,
    "fulfil_obligation": _fulfil_obligation,
    "list_opportunities": _list_opportunities,
    "read_opportunity": _read_opportunity,
    "publish_opportunity": _publish_opportunity,
    "change_opportunity": _change_opportunity,
    "close_opportunity": _close_opportunity,
    "list_candidates": _list_candidates,
    "list_referrals": _list_referrals,
    "read_referral": _read_referral,
    "send_referral": _send_referral,
    "accept_referral": _answer("accept", note="Survei."),
    "reject_referral": _answer("reject", reason="no_capacity"),
    "complete_referral": _answer("complete", accepted=True, **_RESULT),
    "fail_referral": _answer("fail", accepted=True, reason="not_interested"),
}
