"""A file of enterprises travels from the upload over Kafka into every service, row for row."""

from functools import partial
from typing import Any

from tests.support.builders import open_batu
from tests.support.ecosystem import Ecosystem
from tests.support.eventually import eventually
from tests.support.files import a_file, a_line, hand_in
from tests.support.topics import events

_FACTS = "id, kind, trade_name, unit_id, village_code, kbli, size_class, status, merged_into"
_REGISTERED = f"SELECT {_FACTS}, event_seq AS seq FROM enterprise ORDER BY id"  # noqa: S608
_HEARD = f"SELECT {_FACTS}, seq FROM enterprise_copy ORDER BY id"  # noqa: S608 (our own columns)


async def test_every_good_row_of_a_file_is_known_everywhere(ecosystem: Ecosystem) -> None:
    await open_batu(ecosystem.database("registry"))
    await ecosystem.work()
    desk = await ecosystem.client("registry", "batu")
    lines = [a_line(f"Kopi {n}", kbli="x" if n % 50 == 7 else "10794") for n in range(700)]

    address = await hand_in(desk, a_file(lines))

    registered = await eventually(partial(_all_registered, ecosystem, 686))
    for service in ("mentoring", "partners", "facilities"):
        await eventually(partial(_same, ecosystem, service, registered))
    last = {event.key: event for event in await events(ecosystem)}
    assert {key: event.seq for key, event in last.items()} == {
        str(row["id"]): row["seq"] for row in registered
    }
    report = (await desk.get(f"{address}/rejections")).json()["items"]
    assert [item["line"] for item in report] == [n + 2 for n in range(700) if n % 50 == 7]


async def _all_registered(ecosystem: Ecosystem, count: int) -> list[Any] | None:
    found = await ecosystem.rows("registry", _REGISTERED)
    return found if len(found) == count else None


async def _same(ecosystem: Ecosystem, service: str, registered: list[Any]) -> bool:
    return await ecosystem.rows(service, _HEARD) == registered
