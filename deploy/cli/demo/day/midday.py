"""Midday: an owner asks for help, gets a consultant, and the consultant a room."""

from typing import Final

from deploy.cli.demo.day.cast import CONSULTANT, DESK, HEAD, KERIPIK, MENTOR, ROOMS, UNIT, at, soon
from deploy.cli.demo.day.scene import Scene, Thing
from deploy.cli.demo.day.step import Step

_ALWAYS: Final = [{"weekday": n, "opens": "00:00", "closes": "24:00"} for n in range(1, 8)]


async def _need(scene: Scene) -> None:
    need = {"unit_id": UNIT, "need": "mentoring", "field": "pemasaran", "enterprise_id": KERIPIK}
    visit = await scene.make(DESK, "need", "registry/visits", need)
    path = f"mentoring/requests?enterprise_id={KERIPIK}&status=open&limit=200"

    def opened(seen: Thing) -> bool:
        return any(each["visit_id"] == visit["id"] for each in seen["items"])

    seen = await scene.until(HEAD, path, opened)
    [request] = [each for each in seen["items"] if each["visit_id"] == visit["id"]]
    scene.made["request"] = request


async def _proposals(scene: Scene) -> None:
    await scene.look(HEAD, f"{_request(scene)}/proposals")


async def _assign(scene: Scene) -> None:
    await scene.act(HEAD, _request(scene), "assign", {"consultant_id": MENTOR})


async def _accept(scene: Scene) -> None:
    accepted = await scene.act(CONSULTANT, _request(scene), "accept")
    scene.made["case"] = {"id": accepted["case_id"]}


async def _plan(scene: Scene) -> None:
    goal = {"indicator": "Omzet per bulan", "baseline": 12_000_000, "target": 18_000_000}
    await scene.act(CONSULTANT, _case(scene), "plan", {"goals": [goal]})


async def _room(scene: Scene) -> None:
    room = {
        "unit_id": UNIT,
        "code": f"R-{scene.made['case']['id'][-4:].upper()}",
        "name": "Ruang Konsultasi",
        "kind": "consultation_room",
        "places": 1,
        "hours": _ALWAYS,
    }
    await scene.make(ROOMS, "room", "facilities/facilities", room)


async def _session(scene: Scene) -> None:
    wish = {
        "mode": "room",
        "starts_at": at(2, 9),
        "ends_at": at(2, 11),
        "facility_kind": "consultation_room",
    }
    session = await scene.make(CONSULTANT, "session", f"{_case(scene)}/sessions", wish)
    scene.made["session"]["path"] = f"mentoring/sessions/{session['id']}"


async def _given(scene: Scene) -> None:
    seen = await scene.until(
        CONSULTANT, scene.made["session"]["path"], lambda session: session["room"] == "given"
    )
    booking = await scene.look(ROOMS, f"facilities/bookings/{seen['booking_id']}")
    scene.made["given"] = booking


async def _closure(scene: Scene) -> None:
    [facility] = scene.made["given"]["facilities"]
    closure = {"starts_at": at(2, 8), "ends_at": at(2, 17), "reason": "Perbaikan pendingin ruangan"}
    path = f"facilities/facilities/{facility['facility_id']}/closures"
    await scene.make(ROOMS, "closure", path, closure)


async def _displaced(scene: Scene) -> None:
    await scene.until(
        CONSULTANT,
        scene.made["session"]["path"],
        lambda session: (session["status"], session["room"]) == ("to_replan", "lost"),
    )


async def _replan(scene: Scene) -> None:
    wish = {
        "mode": "room",
        "starts_at": at(3, 9),
        "ends_at": at(3, 11),
        "facility_kind": "consultation_room",
    }
    session = scene.made["session"]["path"]
    await scene.act(CONSULTANT, session, "replan", wish)
    await scene.until(CONSULTANT, session, lambda seen: seen["room"] == "given")


async def _hold(scene: Scene) -> None:
    wish = {"mode": "online", "starts_at": soon(2), "ends_at": soon(3600)}
    online = await scene.make(CONSULTANT, "online", f"{_case(scene)}/sessions", wish)
    report = {"minutes": 60, "notes": "Katalog produk dan foto sudah dibahas."}
    await scene.act(CONSULTANT, f"mentoring/sessions/{online['id']}", "hold", report)


def _request(scene: Scene) -> str:
    return f"mentoring/requests/{scene.made['request']['id']}"


def _case(scene: Scene) -> str:
    return f"mentoring/cases/{scene.made['case']['id']}"


STEPS: Final = (
    Step(DESK, "notes a need; it becomes a request", "mencatat kebutuhan pendampingan", _need),
    Step(HEAD, "reads who is proposed, and why", "membaca usulan konsultan", _proposals),
    Step(HEAD, "assigns a consultant", "menugaskan konsultan", _assign),
    Step(CONSULTANT, "accepts; a case opens", "menerima; kasus dibuka", _accept),
    Step(CONSULTANT, "agrees on a goal", "menyepakati sasaran", _plan),
    Step(ROOMS, "opens a consultation room", "membuka ruang konsultasi", _room),
    Step(CONSULTANT, "plans a session and wants a room", "merencanakan sesi di ruangan", _session),
    Step(CONSULTANT, "is given the room", "mendapat ruangan", _given),
    Step(ROOMS, "closes that room for repairs", "menutup ruangan untuk perbaikan", _closure),
    Step(CONSULTANT, "hears that the room is lost", "diberi tahu ruangannya batal", _displaced),
    Step(CONSULTANT, "replans, and is given one again", "menjadwal ulang, dapat lagi", _replan),
    Step(CONSULTANT, "holds an online session", "mengadakan sesi daring", _hold),
)
