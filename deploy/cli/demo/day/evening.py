"""The evening: a consultant leaves, doubles are merged and parted, and a business closes."""

from typing import Final
from uuid import uuid4

from deploy.cli.demo.day.cast import DESK, HEAD, MENTOR, UNIT, at
from deploy.cli.demo.day.scene import Scene, Thing
from deploy.cli.demo.day.step import Step


async def _colleague(scene: Scene) -> None:
    colleague = {
        "unit_id": UNIT,
        "person_id": str(uuid4()),
        "fields": ["produksi"],
        "weekly_hours": 4,
    }
    made = await scene.make(HEAD, "colleague", "mentoring/consultants", colleague)
    wish = {"enterprise_id": scene.made["sambal"]["id"], "field": "produksi", "weekly_hours": 1}
    request = await scene.make(HEAD, "other", "mentoring/requests", wish)
    path = f"mentoring/requests/{request['id']}"
    await scene.act(HEAD, path, "assign", {"consultant_id": made["id"]})
    accepted = await scene.act(HEAD, path, "accept")
    scene.made["their case"] = {"id": accepted["case_id"]}


async def _leave(scene: Scene) -> None:
    path = f"mentoring/consultants/{scene.made['colleague']['id']}"
    await scene.act(HEAD, path, "leave", {"successor_id": MENTOR})
    case = await scene.look(HEAD, f"mentoring/cases/{scene.made['their case']['id']}")
    assert case["consultant_id"] == MENTOR


async def _merge(scene: Scene) -> None:
    double = {
        "kind": "enterprise",
        "trade_name": "Sambal Bu Watik",
        "unit_id": UNIT,
        "village_code": "35.79.01.1001",
        "kbli": "10779",
        "size_class": "mikro",
    }
    await scene.make(DESK, "double", "registry/enterprises", double)
    await scene.act(HEAD, _double(scene), "merge", {"into": scene.made["sambal"]["id"]})
    await _seen_as(scene, scene.made["sambal"]["id"])


async def _unmerge(scene: Scene) -> None:
    await scene.act(HEAD, _double(scene), "unmerge")
    await _seen_as(scene, scene.made["double"]["id"])


async def _close(scene: Scene) -> None:
    booking = {
        "starts_at": at(4, 9),
        "ends_at": at(4, 10),
        "facilities": [{"facility_id": scene.made["room"]["id"]}],
        "enterprise_id": scene.made["double"]["id"],
        "purpose": "Uji coba",
    }
    await scene.make(DESK, "booking", "facilities/bookings", booking)
    await scene.act(DESK, _double(scene), "close")
    await scene.until(
        DESK,
        f"facilities/bookings/{scene.made['booking']['id']}",
        lambda seen: (seen["status"], seen["reason"]) == ("cancelled", "enterprise_closed"),
    )


async def _seen_as(scene: Scene, key: str) -> None:
    double = scene.made["double"]["id"]

    def so(seen: Thing) -> bool:
        return bool(seen["id"] == key)

    for service in ("mentoring", "partners", "facilities"):
        await scene.until(HEAD, f"{service}/enterprises/{double}", so)


def _double(scene: Scene) -> str:
    return f"registry/enterprises/{scene.made['double']['id']}"


STEPS: Final = (
    Step(HEAD, "gives a case to a colleague", "memberi kasus kepada rekan", _colleague),
    Step(HEAD, "the colleague leaves; cases are handed over", "rekan pamit; kasus pindah", _leave),
    Step(HEAD, "merges two that are one, everywhere", "menggabungkan data ganda", _merge),
    Step(HEAD, "parts them again, everywhere", "memisahkan kembali", _unmerge),
    Step(DESK, "closes a business; its booking is freed", "menutup usaha; pesanan bebas", _close),
)
