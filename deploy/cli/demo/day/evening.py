"""The evening: a consultant leaves, doubles are merged and parted, and a business closes."""

from typing import Final
from uuid import uuid4

from deploy.cli.demo.day.cast import CONSULTANT, DESK, HEAD, MENTOR, UNIT, at
from deploy.cli.demo.day.midday import in_a_room
from deploy.cli.demo.day.scene import Scene, Thing
from deploy.cli.demo.day.step import Step


async def give_to_colleague(scene: Scene) -> None:
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
    sessions = f"mentoring/cases/{accepted['case_id']}/sessions"
    session = await scene.make(HEAD, "their session", sessions, in_a_room(5))
    scene.made["their session"]["path"] = f"mentoring/sessions/{session['id']}"
    await scene.until(HEAD, scene.made["their session"]["path"], _has_room)


async def leave(scene: Scene) -> None:
    path = f"mentoring/consultants/{scene.made['colleague']['id']}"
    await scene.act(HEAD, path, "leave", {"successor_id": MENTOR})
    case = f"mentoring/cases/{scene.made['their case']['id']}"
    await scene.until(CONSULTANT, case, _is_theirs)
    await scene.until(
        CONSULTANT,
        scene.made["their session"]["path"],
        lambda seen: _is_theirs(seen) and _has_room(seen),
    )


async def close_cases(scene: Scene) -> None:
    for session in ("session", "their session"):
        await scene.act(CONSULTANT, scene.made[session]["path"], "cancel")
    for case in ("case", "their case"):
        path = f"mentoring/cases/{scene.made[case]['id']}"
        goals = (await scene.look(CONSULTANT, path))["plan"]
        results = [{"goal_id": goal["id"], "result": "met"} for goal in goals]
        await scene.act(CONSULTANT, path, "close", {"results": results})


async def merge(scene: Scene) -> None:
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


async def part(scene: Scene) -> None:
    await scene.act(HEAD, _double(scene), "unmerge")
    await _seen_as(scene, scene.made["double"]["id"])


async def close_business(scene: Scene) -> None:
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


def _has_room(session: Thing) -> bool:
    return bool(session["room"] == "given")


def _is_theirs(seen: Thing) -> bool:
    return bool(seen["consultant_id"] == MENTOR)


def _double(scene: Scene) -> str:
    return f"registry/enterprises/{scene.made['double']['id']}"


STEPS: Final = (
    Step(HEAD, "gives a case to a colleague", "memberi kasus kepada rekan", give_to_colleague),
    Step(HEAD, "the colleague leaves; cases change hands", "rekan pamit; kasus pindah", leave),
    Step(CONSULTANT, "closes the cases, with the goals met", "menutup kasus", close_cases),
    Step(HEAD, "merges two that are one, everywhere", "menggabungkan data ganda", merge),
    Step(HEAD, "parts them again, everywhere", "memisahkan kembali", part),
    Step(
        DESK,
        "closes a business; its booking is freed",
        "menutup usaha; pesanan bebas",
        close_business,
    ),
)
