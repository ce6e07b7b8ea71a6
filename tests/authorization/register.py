"""How the operations on a unit's register, its consents and its visits are asked for."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final
from uuid import UUID, uuid4

import httpx

from tests.authorization.call import Call, Recipe
from tests.authorization.world import Site, World, add_enterprise
from tests.support.builders import a_key, an_enterprise

_FIRST: Final = {"If-Match": '"1"'}
_SECOND: Final = {"If-Match": '"2"'}
_SNAPSHOT: Final[Mapping[str, Any]] = {
    "as_of": "2026-10-31",
    "capital": 75_000_000,
    "annual_sales": 420_000_000,
    "workers_f": 3,
    "workers_m": 1,
    "source": "said",
    "new_business": False,
}
_CONSENT: Final[Mapping[str, Any]] = {
    "recipient_id": "0198c0de-0000-7000-8000-000000000003",
    "purpose": "financing",
    "fields": ["trade_name"],
    "until": "2190-06-30T23:59:59+07:00",
    "text_version": "2026-1",
    "channel": "paper",
}


async def _new(world: World, site: Site) -> str:
    return f"/enterprises/{await add_enterprise(world.ecosystem, site)}"


async def _made(world: World, site: Site, path: str, body: object) -> str:
    answer = await world.desk(site).post(path, json=body, headers=a_key())
    assert answer.status_code == httpx.codes.CREATED, answer.text
    made: str = answer.json()["id"]
    return made


async def _done(world: World, site: Site, call: Call) -> None:
    answer = await world.desk(site).request(
        call.method, call.path, json=call.json, headers=call.headers
    )
    assert answer.is_success, answer.text


async def _submit_enterprise(world: World, site: Site) -> Call:
    return Call("POST", f"{await _new(world, site)}/submit", headers=_FIRST)


async def _submitted(world: World, site: Site) -> str:
    call = await _submit_enterprise(world, site)
    await _done(world, site, call)
    return call.path.removesuffix("/submit")


async def _verify_enterprise(world: World, site: Site) -> Call:
    return Call("POST", f"{await _submitted(world, site)}/verify", headers=_SECOND)


async def _return_enterprise(world: World, site: Site) -> Call:
    body = {"because": "Nama berbeda."}
    return Call("POST", f"{await _submitted(world, site)}/return", body, _SECOND)


async def _transfer_enterprise(world: World, site: Site) -> Call:
    other = world.there if site is world.here else world.here
    body = {"unit_id": str(other.unit)}
    # The site's owner must stay out of the other's reach.
    ownerless = replace(site, owner=uuid4())
    return Call("POST", f"{await _new(world, ownerless)}/transfer", body, _FIRST)


async def _add_identifier(_: World, site: Site) -> Call:
    body = {"kind": "halal", "value": str(uuid4())}
    return Call("POST", f"/enterprises/{site.enterprise}/identifiers", body, a_key())


async def _list_identifiers(_: World, site: Site) -> Call:
    return Call("GET", f"/enterprises/{site.enterprise}/identifiers")


async def _noted(world: World, site: Site) -> str:
    call = await _add_identifier(world, site)
    return f"{call.path}/{await _made(world, site, call.path, call.json)}"


async def _read_identifier(world: World, site: Site) -> Call:
    return Call("GET", await _noted(world, site))


async def _verify_identifier(world: World, site: Site) -> Call:
    return Call("POST", f"{await _noted(world, site)}/verify", {"check_level": "seen"})


async def _remove_identifier(world: World, site: Site) -> Call:
    return Call("POST", f"{await _noted(world, site)}/remove")


async def _record_snapshot(_: World, site: Site) -> Call:
    return Call("POST", f"/enterprises/{site.enterprise}/snapshots", _SNAPSHOT, a_key())


async def _list_snapshots(_: World, site: Site) -> Call:
    return Call("GET", f"/enterprises/{site.enterprise}/snapshots")


async def _read_snapshot(world: World, site: Site) -> Call:
    path = f"/enterprises/{site.enterprise}/snapshots"
    return Call("GET", f"{path}/{await _made(world, site, path, _SNAPSHOT)}")


async def _pair(world: World, site: Site) -> UUID:
    body = an_enterprise(
        unit_id=str(site.unit), village_code=site.village, trade_name=f"Warung {uuid4()}"
    )
    await _made(world, site, "/enterprises", body)
    second = await _made(world, site, "/enterprises", body)
    flagged = (await world.desk(site).get("/duplicates?limit=200")).json()["items"]
    (found,) = (UUID(each["id"]) for each in flagged if each["enterprise_id"] == second)
    return found


async def _list_duplicates(world: World, site: Site) -> Call:
    return Call("GET", "/duplicates?limit=200", shows=await _pair(world, site))


async def _read_duplicate(world: World, site: Site) -> Call:
    return Call("GET", f"/duplicates/{await _pair(world, site)}")


async def _dismiss_duplicate(world: World, site: Site) -> Call:
    return Call("POST", f"/duplicates/{await _pair(world, site)}/dismiss")


async def _preview_merge(world: World, site: Site) -> Call:
    return Call("GET", f"{await _new(world, site)}/merge-preview?into={site.enterprise}")


async def _merge_enterprise(world: World, site: Site) -> Call:
    body = {"into": str(site.enterprise)}
    return Call("POST", f"{await _new(world, site)}/merge", body, _FIRST)


async def _unmerge_enterprise(world: World, site: Site) -> Call:
    call = await _merge_enterprise(world, site)
    await _done(world, site, call)
    return Call("POST", call.path.removesuffix("merge") + "unmerge", headers=_SECOND)


async def _grant_consent(_: World, site: Site) -> Call:
    return Call("POST", f"/enterprises/{site.enterprise}/consents", _CONSENT, a_key())


async def _granted(world: World, site: Site) -> UUID:
    call = await _grant_consent(world, site)
    return UUID(await _made(world, site, call.path, call.json))


async def _list_consents(world: World, site: Site) -> Call:
    address = f"/consents?limit=200&enterprise_id={site.enterprise}"
    return Call("GET", address, shows=await _granted(world, site))


async def _read_consent(world: World, site: Site) -> Call:
    return Call("GET", f"/consents/{await _granted(world, site)}")


async def _withdraw_consent(world: World, site: Site) -> Call:
    return Call("POST", f"/consents/{await _granted(world, site)}/withdraw", headers=_FIRST)


async def _check_in_visit(_: World, site: Site) -> Call:
    return Call("POST", "/visits", {"unit_id": str(site.unit), "need": "licence"}, a_key())


async def _visited(world: World, site: Site) -> UUID:
    call = await _check_in_visit(world, site)
    return UUID(await _made(world, site, call.path, call.json))


async def _list_visits(world: World, site: Site) -> Call:
    address = f"/visits?limit=200&unit_id={site.unit}"
    return Call("GET", address, shows=await _visited(world, site))


async def _read_visit(world: World, site: Site) -> Call:
    return Call("GET", f"/visits/{await _visited(world, site)}")


async def _change_visit(world: World, site: Site) -> Call:
    return Call("PATCH", f"/visits/{await _visited(world, site)}", {"need": "training"}, _FIRST)


RECIPES: Final[dict[str, Recipe]] = {
    "submit_enterprise": _submit_enterprise,
    "verify_enterprise": _verify_enterprise,
    "return_enterprise": _return_enterprise,
    "transfer_enterprise": _transfer_enterprise,
    "add_identifier": _add_identifier,
    "list_identifiers": _list_identifiers,
    "read_identifier": _read_identifier,
    "verify_identifier": _verify_identifier,
    "remove_identifier": _remove_identifier,
    "record_snapshot": _record_snapshot,
    "list_snapshots": _list_snapshots,
    "read_snapshot": _read_snapshot,
    "list_duplicates": _list_duplicates,
    "read_duplicate": _read_duplicate,
    "dismiss_duplicate": _dismiss_duplicate,
    "preview_merge": _preview_merge,
    "merge_enterprise": _merge_enterprise,
    "unmerge_enterprise": _unmerge_enterprise,
    "grant_consent": _grant_consent,
    "list_consents": _list_consents,
    "read_consent": _read_consent,
    "withdraw_consent": _withdraw_consent,
    "check_in_visit": _check_in_visit,
    "list_visits": _list_visits,
    "read_visit": _read_visit,
    "change_visit": _change_visit,
}
