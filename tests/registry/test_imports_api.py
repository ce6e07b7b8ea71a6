"""A file that is handed in is taken over once, line by line, and what could not be is told."""

import asyncio
import csv
import io
from functools import partial
from typing import Any

import httpx
import pytest

from services.registry.importer import Importer
from services.registry.models import Enterprise
from services.registry.schemas import RegisterEnterprise
from services.registry.use_cases import register_enterprise
from services.registry.use_cases.enterprises import Origin
from services.registry.use_cases.imports import BATCH
from shared.database import Database
from shared.streams.log import Tx
from tests.support.ecosystem import Ecosystem
from tests.support.eventually import eventually
from tests.support.files import (
    CSV,
    HEADER,
    a_file,
    a_line,
    hand_in,
    import_batches,
    names,
    read,
)


async def _done(client: httpx.AsyncClient, address: str) -> dict[str, Any] | None:
    job = await read(client, address)
    return job if job["status"] == "done" else None


async def test_a_file_is_taken_over_by_the_worker(
    registry: Ecosystem, client: httpx.AsyncClient, database: Database
) -> None:
    stop = asyncio.Event()
    running = asyncio.create_task(Importer(database).run(stop))
    file = a_file([a_line("Kopi A"), a_line("Kopi B"), a_line("Kopi C", kbli="1")])

    address = await hand_in(client, file)
    job = await eventually(partial(_done, client, address))
    stop.set()
    await running

    assert await names(registry) == ["Kopi A", "Kopi B"]
    assert (job["accepted"], job["known"], job["rejected"], job["rows_done"]) == (2, 0, 1, 3)
    assert job["bytes_done"] == job["bytes_total"] == len(file)
    logged = await registry.rows("registry", "SELECT FROM event_log WHERE type LIKE '%registered%'")
    assert len(logged) == 2


async def test_the_report_names_line_field_reason_and_repair(
    client: httpx.AsyncClient, database: Database
) -> None:
    lines = [a_line("A"), a_line("B", unit="11.71"), a_line("A"), a_line("C", kbli="1"), '"']
    address = await hand_in(client, a_file(lines))
    await import_batches(database)

    report = (await client.get(f"{address}/rejections")).json()

    found = [(item["line"], item["field"], item["code"]) for item in report["items"]]
    assert found == [
        (3, "unit", "unit_unknown"),
        (4, "", "duplicate_row"),
        (5, "kbli", "kbli_shape"),
        (6, "", "quote"),
    ]
    assert report["items"][2]["reason"] == "A KBLI code has five digits."
    assert report["next"] is None


async def test_the_report_comes_as_csv_and_in_indonesian(
    client: httpx.AsyncClient, database: Database
) -> None:
    address = await hand_in(client, a_file([a_line("A", kbli="1"), a_line("B", unit="x")]))
    await import_batches(database)
    headers = {"Accept": "text/csv", "Accept-Language": "id"}

    answer = await client.get(f"{address}/rejections", headers=headers)

    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [(row["line"], row["code"]) for row in rows] == [
        ("2", "kbli_shape"),
        ("3", "unit_unknown"),
    ]
    assert rows[0]["reason"] == "Kode KBLI terdiri dari lima angka."


async def test_a_long_report_is_whole_in_both_forms(
    client: httpx.AsyncClient, database: Database
) -> None:
    address = await hand_in(client, a_file([a_line(f"A{n}", kbli="1") for n in range(1_203)]))
    await import_batches(database)

    whole = await client.get(f"{address}/rejections", headers={"Accept": "text/csv"})
    first = await read(client, f"{address}/rejections?limit=200")
    rest = await read(client, f"{address}/rejections?limit=200&after={first['next']}")

    assert [int(row["line"]) for row in csv.DictReader(io.StringIO(whole.text))] == list(
        range(2, 1_205)
    )
    assert [i["line"] for i in (*first["items"], *rest["items"])] == list(range(2, 402))


async def test_the_same_file_again_creates_nothing(
    registry: Ecosystem, client: httpx.AsyncClient, database: Database
) -> None:
    file = a_file([a_line("A"), a_line("B")])
    address = await hand_in(client, file)
    await import_batches(database)

    again = await client.post("/imports", content=file, headers=CSV)
    await import_batches(database)

    assert (again.status_code, again.headers["location"]) == (200, f"/api/registry/v1{address}")
    assert await names(registry) == ["A", "B"]


async def test_the_same_rows_in_another_file_are_known(
    registry: Ecosystem, client: httpx.AsyncClient, database: Database
) -> None:
    await hand_in(client, a_file([a_line("A"), a_line("B")]))
    address = await hand_in(client, a_file([a_line("B"), a_line("C"), a_line("A")]))

    await import_batches(database)

    job = await read(client, address)
    assert (job["accepted"], job["known"], job["rejected"]) == (1, 2, 0)
    assert await names(registry) == ["A", "B", "C"]


async def test_the_same_file_handed_in_twice_at_once_is_one_import(
    registry: Ecosystem, client: httpx.AsyncClient
) -> None:
    file = a_file([a_line(f"Kopi {n}") for n in range(200)])

    answers = await asyncio.gather(
        *(client.post("/imports", content=file, headers=CSV) for _ in range(4))
    )

    assert {answer.status_code for answer in answers} == {200, 202}
    assert sum(answer.status_code == 202 for answer in answers) == 1
    assert len(await registry.rows("registry", "SELECT FROM enterprise_import")) == 1


async def test_a_new_importer_goes_on_where_the_last_one_was_cut_off(
    registry: Ecosystem, client: httpx.AsyncClient, database: Database
) -> None:
    wanted = [f"Kopi {number:05}" for number in range(3 * BATCH + 7)]
    lines = [a_line(name) for name in wanted]
    lines.insert(BATCH + 3, a_line("Salah", kbli="x"))
    address = await hand_in(client, a_file(lines))

    await import_batches(database, 2)
    half = await read(client, address)
    another = Database(registry.worker_urls["registry"])
    await import_batches(another)
    await another.close()

    assert (half["status"], half["rows_done"]) == ("running", 2 * BATCH)
    job = await read(client, address)
    assert (job["status"], job["accepted"], job["rejected"]) == ("done", len(wanted), 1)
    assert await names(registry) == wanted
    (rejection,) = (await read(client, f"{address}/rejections"))["items"]
    assert rejection["line"] == BATCH + 5


async def test_a_batch_that_fails_leaves_no_trace_of_itself(
    registry: Ecosystem, client: httpx.AsyncClient, database: Database
) -> None:
    address = await hand_in(client, a_file([a_line("A"), a_line("B", kbli="x")]))
    await registry.rows("registry", "ALTER TABLE import_rejection RENAME TO elsewhere")
    with pytest.raises(Exception, match="import_rejection"):
        await import_batches(database)
    assert await names(registry) == []
    assert (await read(client, address))["bytes_done"] == len(HEADER) + 1
    await registry.rows("registry", "ALTER TABLE elsewhere RENAME TO import_rejection")

    await import_batches(database)

    assert await names(registry) == ["A"]


async def test_files_from_any_office_program_areread(
    registry: Ecosystem, client: httpx.AsyncClient, database: Database
) -> None:
    windows = a_file([a_line("A"), "", a_line("B"), ",,,,,"], end="\r\n")
    semicolons = a_file([a_line("C")]).replace(b",", b";")
    marked = b"\xef\xbb\xbf" + a_file([a_line("D")])
    unended = a_file([a_line("E")]).rstrip()

    for file in (windows, semicolons, marked, unended, a_file([])):
        await hand_in(client, file)
    await import_batches(database)

    assert await names(registry) == ["A", "B", "C", "D", "E"]
    jobs = await registry.rows("registry", "SELECT status, rejected FROM enterprise_import")
    assert {(job["status"], job["rejected"]) for job in jobs} == {("done", 0)}


async def test_the_bytes_of_a_file_are_gone_when_it_is_done(
    registry: Ecosystem, client: httpx.AsyncClient, database: Database
) -> None:
    await hand_in(client, a_file([a_line("A" * 100 + str(n)) for n in range(3_000)]))
    assert await registry.rows("registry", "SELECT FROM import_chunk")

    await import_batches(database)

    assert await registry.rows("registry", "SELECT FROM import_chunk") == []
    assert len(await names(registry)) == 3_000


REFUSED = {
    "no header": (422, a_file([], header=a_line("A")), "text/csv"),
    "a personal column": (422, a_file([], header=f"{HEADER},nik"), "text/csv"),
    "empty": (422, b"", "text/csv"),
    "UTF-16": (422, HEADER.encode("utf-16"), "text/csv"),
    "another charset": (415, a_file([]), "text/csv; charset=latin-1"),
    "a form": (415, a_file([]), "multipart/form-data; boundary=x"),
    "no type": (415, a_file([]), ""),
    "a line without end": (422, a_file(["a" * 600_000, a_line("A")]), "text/csv"),
    "a line without end at the end": (422, a_file([]) + b"a" * 600_000, "text/csv"),
}


async def test_a_file_that_cannot_be_read_is_refused_at_once(
    registry: Ecosystem, client: httpx.AsyncClient
) -> None:
    for case, (status, file, media) in REFUSED.items():
        answer = await client.post("/imports", content=file, headers={"Content-Type": media})

        assert answer.status_code == status, case
        assert answer.headers["content-type"] == "application/problem+json", case

    assert await registry.rows("registry", "SELECT FROM enterprise_import") == []


async def test_a_file_that_we_fail_on_stops_no_other(
    registry: Ecosystem, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    poisoned = await hand_in(client, a_file([a_line("Poison")]))
    sound = await hand_in(client, a_file([a_line("Sound")]))
    monkeypatch.setattr("services.registry.use_cases.imports.register_enterprise", _failing)

    await registry.work("registry")
    await eventually(lambda: _is_done(client, sound))

    assert (await read(client, poisoned))["status"] == "failed"
    assert await names(registry) == ["Sound"]


async def _failing(tx: Tx, command: RegisterEnterprise, origin: Origin) -> Enterprise:
    """Register with a fault of ours in it, for one name."""
    if command.trade_name == "Poison":
        raise ZeroDivisionError
    return await register_enterprise(tx, command, origin)


async def _is_done(client: httpx.AsyncClient, address: str) -> bool:
    return bool((await read(client, address))["status"] == "done")
