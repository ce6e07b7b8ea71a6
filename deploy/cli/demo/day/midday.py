"""Midday: an owner asks for help, gets a consultant, and the consultant a room."""

from typing import Final

from deploy.cli.demo.day.cast import (
    CONSULTANT,
    DESK,
    HEAD,
    KERIPIK,
    MENTOR,
    ROOMS,
    UNIT,
    at,
    code,
    soon,
)
from deploy.cli.demo.day.scene import Scene, Thing
from deploy.cli.demo.day.step import Step

_ALWAYS: Final = [{"weekday": n, "opens": "00:00", "closes": "24:00"} for n in range(1, 8)]


async def note_need(scene: Scene) -> None:
    need = {"unit_id": UNIT, "need": "mentoring", "field": "pemasaran", "enterprise_id": KERIPIK}
    visit = await scene.make(DESK, "need", "registry/visits", need)
    path = f"mentoring/requests?enterprise_id={KERIPIK}&status=open&limit=200"

    def opened(seen: Thing) -> bool:
        return any(each["visit_id"] == visit["id"] for each in seen["items"])

    seen = await scene.until(HEAD, path, opened)
    [request] = [each for each in seen["items"] if each["visit_id"] == visit["id"]]
    scene.made["request"] = request


async def assign(scene: Scene) -> None:
    await scene.look(HEAD, f"{_request(scene)}/proposals")
    await scene.act(HEAD, _request(scene), "assign", {"consultant_id": MENTOR})


async def accept(scene: Scene) -> None:
    accepted = await scene.act(CONSULTANT, _request(scene), "accept")
    scene.made["case"] = {"id": accepted["case_id"]}


async def agree_on_goal(scene: Scene) -> None:
    goal = {"indicator": "Omzet per bulan", "baseline": 12_000_000, "target": 18_000_000}
    await scene.act(CONSULTANT, _case(scene), "plan", {"goals": [goal]})


async def open_room(scene: Scene, kind: str = "consultation_room") -> None:
    room = {
        "unit_id": UNIT,
        "code": code("R"),
        "name": "Ruang Konsultasi",
        "kind": kind,
        "places": 1,
        "hours": _ALWAYS,
    }
    await scene.make(ROOMS, "room", "facilities/facilities", room)


async def want_room(scene: Scene, what: str = "session", kind: str = "consultation_room") -> None:
    session = await scene.make(CONSULTANT, what, f"{_case(scene)}/sessions", in_a_room(2, kind))
    scene.made[what]["path"] = f"mentoring/sessions/{session['id']}"


async def be_given_room(scene: Scene) -> None:
    seen = await scene.until(
        CONSULTANT, scene.made["session"]["path"], lambda session: session["room"] == "given"
    )
    booking = await scene.look(ROOMS, f"facilities/bookings/{seen['booking_id']}")
    scene.made["given"] = booking


async def close_room(scene: Scene) -> None:
    [facility] = scene.made["given"]["facilities"]
    closure = {"starts_at": at(2, 8), "ends_at": at(2, 17), "reason": "Perbaikan pendingin ruangan"}
    path = f"facilities/facilities/{facility['facility_id']}/closures"
    await scene.make(ROOMS, "closure", path, closure)


async def hear_of_loss(scene: Scene) -> None:
    await scene.until(
        CONSULTANT,
        scene.made["session"]["path"],
        lambda session: (session["status"], session["room"]) == ("to_replan", "lost"),
    )


async def replan(scene: Scene) -> None:
    session = scene.made["session"]["path"]
    await scene.act(CONSULTANT, session, "replan", in_a_room(3))
    await scene.until(CONSULTANT, session, lambda seen: seen["room"] == "given")


async def hold_online(scene: Scene) -> None:
    wish = {"mode": "online", "starts_at": soon(2), "ends_at": soon(3600)}
    online = await scene.make(CONSULTANT, "online", f"{_case(scene)}/sessions", wish)
    report = {"minutes": 60, "notes": "Katalog produk dan foto sudah dibahas."}
    await scene.act(CONSULTANT, f"mentoring/sessions/{online['id']}", "hold", report)


def in_a_room(days: int, kind: str = "consultation_room") -> Thing:
    """Two hours of a coming day in a room of the centre."""
    return {
        "mode": "room",
        "starts_at": at(days, 9),
        "ends_at": at(days, 11),
        "facility_kind": kind,
    }


def _request(scene: Scene) -> str:
    return f"mentoring/requests/{scene.made['request']['id']}"


def _case(scene: Scene) -> str:
    return f"mentoring/cases/{scene.made['case']['id']}"


STEPS: Final = (
    Step(DESK, "notes a need; it becomes a request", "mencatat kebutuhan pendampingan", note_need),
    Step(HEAD, "reads who is proposed, and assigns one", "menugaskan konsultan usulan", assign),
    Step(CONSULTANT, "accepts; a case opens", "menerima; kasus dibuka", accept),
    Step(CONSULTANT, "agrees on a goal", "menyepakati sasaran", agree_on_goal),
    Step(ROOMS, "opens a consultation room", "membuka ruang konsultasi", open_room),
    Step(CONSULTANT, "plans a session and wants a room", "merencanakan sesi di ruangan", want_room),
    Step(CONSULTANT, "is given the room", "mendapat ruangan", be_given_room),
    Step(ROOMS, "closes that room for repairs", "menutup ruangan untuk perbaikan", close_room),
    Step(CONSULTANT, "hears that the room is lost", "diberi tahu ruangannya batal", hear_of_loss),
    Step(CONSULTANT, "replans, and is given one again", "menjadwal ulang, dapat lagi", replan),
    Step(CONSULTANT, "holds an online session", "mengadakan sesi daring", hold_online),
)
