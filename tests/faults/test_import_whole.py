"""A whole file with planted defects: all that is good is everywhere, and nothing else."""

import csv
from collections import Counter, deque
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from deploy.cli.demo.generation import Planted, generate, list_of_defects
from services.registry.ids import unit_id
from services.registry.sample_rows import COLUMNS, units
from services.registry.schemas import OpenUnit
from services.registry.use_cases import open_unit
from shared.events import EnterpriseState
from tests.support.checkers import differences, topic_of
from tests.support.ecosystem import Ecosystem
from tests.support.eventually import eventually

COPIERS = ("mentoring", "partners", "facilities")
NEW = 100
MINUTES = 120.0


@dataclass(frozen=True)
class File:
    """A generated file, and what it is known to hold."""

    content: bytes
    planted: set[Planted]

    @classmethod
    def of(cls, place: Path, count: int) -> "File":
        """Generate so many rows, one in fifty of them bad."""
        deque(generate(place, count, count // 50, seed=2026, delimiter=","), maxlen=0)
        with list_of_defects(place).open(encoding="utf-8", newline="") as lines:
            defects = list(csv.DictReader(lines))
        planted = {Planted(int(d["line"]), d["field"], d["code"]) for d in defects}
        return cls(place.read_bytes(), planted)

    @property
    def header(self) -> bytes:
        return self.content.splitlines(keepends=True)[0]

    @property
    def good_lines(self) -> list[bytes]:
        bad = {defect.line for defect in self.planted}
        lines = self.content.splitlines(keepends=True)
        return [line for n, line in enumerate(lines, start=1) if n > 1 and n not in bad]

    @property
    def good_rows(self) -> Counter[tuple[object, ...]]:
        """What the good lines say, without the office's own number, which is not public."""
        lines = (line.decode() for line in self.good_lines)
        return Counter(
            (unit_id(row["unit"]), row["kind"], row["trade_name"], row["village"], row["kbli"])
            for row in csv.DictReader(lines, COLUMNS)
        )


@pytest.mark.parametrize("rows", [2_000, pytest.param(20_000, marks=pytest.mark.proof)])
async def test_a_file_becomes_exactly_its_good_rows_everywhere(
    ecosystem: Ecosystem, tmp_path: Path, rows: int
) -> None:
    file = File.of(tmp_path / "kumkm.csv", rows)
    desk = await _desk_of_a_whole_country(ecosystem)
    await ecosystem.work()

    report = await _import(desk, file.content, 202)

    assert _figures(report) == (rows - len(file.planted), 0, len(file.planted))
    assert await _rejections(desk, report["id"]) == file.planted
    await eventually(partial(_copied, ecosystem), MINUTES)
    assert await _states_on_the_topic(ecosystem) == file.good_rows
    await _the_same_file_creates_nothing(ecosystem, desk, file)
    await _its_rows_in_another_file_are_known_again(ecosystem, desk, file)


async def _the_same_file_creates_nothing(
    ecosystem: Ecosystem, desk: httpx.AsyncClient, file: File
) -> None:
    before = await _said(ecosystem)

    report = await _import(desk, file.content, 200)

    assert report["status"] == "done"
    assert await _said(ecosystem) == before


async def _its_rows_in_another_file_are_known_again(
    ecosystem: Ecosystem, desk: httpx.AsyncClient, file: File
) -> None:
    half = file.good_lines[::2]
    new = [b"baru-" + line for line in file.good_lines[:NEW]]
    before = await _said(ecosystem)

    report = await _import(desk, b"".join([file.header, *half, *new]), 202)

    assert _figures(report) == (NEW, len(half), 0)
    assert await _said(ecosystem) == before + NEW
    await eventually(partial(_copied, ecosystem), MINUTES)


async def _desk_of_a_whole_country(ecosystem: Ecosystem) -> httpx.AsyncClient:
    async with ecosystem.database("registry").transaction(ecosystem.actor) as tx:
        for unit in units():
            await open_unit(tx, OpenUnit.model_validate(unit._asdict()))
    return await ecosystem.client("registry")


async def _import(desk: httpx.AsyncClient, content: bytes, status: int) -> dict[str, Any]:
    answer = await desk.post("/imports", content=content, headers={"Content-Type": "text/csv"})
    assert answer.status_code == status, answer.text
    return await eventually(partial(_finished, desk, answer.json()["id"]), MINUTES)


async def _finished(desk: httpx.AsyncClient, import_id: str) -> dict[str, Any]:
    report: dict[str, Any] = (await desk.get(f"/imports/{import_id}")).json()
    assert report["status"] != "failed"
    return report if report["status"] == "done" else {}


def _figures(report: dict[str, Any]) -> tuple[int, int, int]:
    return report["accepted"], report["known"], report["rejected"]


async def _rejections(desk: httpx.AsyncClient, import_id: str) -> set[Planted]:
    found: set[Planted] = set()
    place = {"limit": "200"}
    while True:
        page = (await desk.get(f"/imports/{import_id}/rejections", params=place)).json()
        found |= {Planted(each["line"], each["field"], each["code"]) for each in page["items"]}
        if page["next"] is None:
            return found
        place["after"] = page["next"]


async def _states_on_the_topic(ecosystem: Ecosystem) -> Counter[tuple[object, ...]]:
    last = {event.key: event.data for event in await topic_of(ecosystem, EnterpriseState)}
    states = (state for state in last.values() if isinstance(state, EnterpriseState))
    return Counter((s.unit_id, s.kind, s.trade_name, s.village_code, s.kbli) for s in states)


async def _copied(ecosystem: Ecosystem) -> bool:
    return not any([await differences(ecosystem, service) for service in COPIERS])


async def _said(ecosystem: Ecosystem) -> int:
    [row] = await ecosystem.rows("registry", "SELECT count(*) FROM event_log")
    return int(row["count"])
