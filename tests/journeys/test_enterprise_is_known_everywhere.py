"""A registered enterprise travels from HTTP over Kafka into every service."""

from functools import partial

import httpx

from tests.support.builders import a_key, an_enterprise, open_batu
from tests.support.ecosystem import Ecosystem
from tests.support.eventually import eventually


async def test_what_becomes_of_an_enterprise_is_known_everywhere(ecosystem: Ecosystem) -> None:
    await open_batu(ecosystem.database("registry"))
    await ecosystem.work()
    desk = await ecosystem.client("registry", "batu")
    others = [await ecosystem.client(s) for s in ("mentoring", "partners", "facilities")]

    answer = await desk.post("/enterprises", json=an_enterprise(), headers=a_key())
    address = f"/enterprises/{answer.json()['id']}"

    assert answer.status_code == 201
    for other in others:
        heard = await eventually(partial(_version, other, address, '"1"'))
        assert (heard["trade_name"], heard["status"]) == ("Keripik Apel Panderman", "active")

    seen = {"If-Match": answer.headers["etag"]}
    right = {"trade_name": "Keripik Arjuno", "village_code": "35.79.01.1002", "kbli": "56101"}
    corrected = await desk.patch(address, json=right, headers=seen)
    seen = {"If-Match": corrected.headers["etag"]}
    closed = await desk.post(f"{address}/close", headers=seen)

    assert closed.status_code == 200
    for other in others:
        heard = await eventually(partial(_version, other, address, closed.headers["etag"]))
        assert right.items() <= heard.items()
        assert heard["status"] == "closed"


async def _version(client: httpx.AsyncClient, address: str, etag: str) -> dict[str, str] | None:
    answer = await client.get(address)
    return answer.json() if answer.headers.get("etag") == etag else None
