"""The morning: somebody new comes to the desk, is registered, and becomes known everywhere."""

import random
from typing import Final

from deploy.cli.demo.day.cast import AUDITOR, DESK, HEAD, UNIT, today
from deploy.cli.demo.day.scene import Scene, Thing
from deploy.cli.demo.day.step import Step

_ENTERPRISE: Final[Thing] = {
    "kind": "enterprise",
    "trade_name": "Sambal Bu Wati",
    "unit_id": UNIT,
    "village_code": "35.79.01.1001",
    "kbli": "10779",
    "size_class": "mikro",
}


def _digits(count: int) -> str:
    return "".join(random.choices("123456789", k=count))  # noqa: S311 (nobody's number)


async def note_visit(scene: Scene) -> None:
    await scene.make(DESK, "visit", "registry/visits", {"unit_id": UNIT, "need": "licence"})


async def search_owner(scene: Scene) -> None:
    phone = f"+62899{_digits(8)}"
    scene.made["owner"] = {"phone": phone}
    await scene.ask(DESK, "registry/owners/search", {"phone": phone})


async def register_owner(scene: Scene) -> None:
    # No region has the code 99, so that this is nobody's number.
    person = {
        "name": "Wati Suryani",
        "nik": f"990101510190{_digits(4)}",
        "birth_date": "1990-01-11",
        "sex": "female",
        "phone": scene.made["owner"]["phone"],
        "address": "Jalan Panderman 7",
        "unit_id": UNIT,
    }
    await scene.make(DESK, "owner", "registry/owners", person)


async def register_enterprise(scene: Scene) -> None:
    body = _ENTERPRISE | {"owner_ids": [scene.made["owner"]["id"]]}
    await scene.make(DESK, "sambal", "registry/enterprises", body)


async def note_economics(scene: Scene) -> None:
    economics = {
        "as_of": today(),
        "capital": 45_000_000,
        "annual_sales": 310_000_000,
        "workers_f": 2,
        "workers_m": 1,
        "source": "said",
        "new_business": False,
    }
    await scene.make(DESK, "snapshot", f"{_sambal(scene)}/snapshots", economics)


async def add_nib(scene: Scene) -> None:
    body = {"kind": "nib", "value": _digits(13)}
    await scene.make(DESK, "nib", f"{_sambal(scene)}/identifiers", body)


async def submit(scene: Scene) -> None:
    await scene.act(DESK, _sambal(scene), "submit")


async def verify(scene: Scene) -> None:
    await scene.act(HEAD, _sambal(scene), "verify")


async def see_it_everywhere(scene: Scene) -> None:
    key = scene.made["sambal"]["id"]
    for service in ("mentoring", "partners", "facilities"):
        await scene.until(HEAD, f"{service}/enterprises/{key}", lambda seen: bool(seen["id"]))


async def reveal_phone(scene: Scene) -> None:
    owner = f"registry/owners/{scene.made['owner']['id']}"
    await scene.ask(HEAD, f"{owner}/reveal", {"fields": ["phone"], "purpose": "contact"})
    await scene.look(AUDITOR, f"{owner}/accesses")


def _sambal(scene: Scene) -> str:
    return f"registry/enterprises/{scene.made['sambal']['id']}"


STEPS: Final = (
    Step(DESK, "notes a visit; no name need be given", "mencatat kunjungan", note_visit),
    Step(
        DESK, "looks for an owner by phone: nobody yet", "mencari pemilik: belum ada", search_owner
    ),
    Step(DESK, "registers Wati Suryani, in the vault", "mendaftarkan Wati Suryani", register_owner),
    Step(DESK, "registers Sambal Bu Wati", "mendaftarkan Sambal Bu Wati", register_enterprise),
    Step(
        DESK, "notes capital, sales and workers", "mencatat modal, omzet, pekerja", note_economics
    ),
    Step(DESK, "adds the NIB", "menambahkan NIB", add_nib),
    Step(DESK, "submits the enterprise", "mengajukan usaha untuk diverifikasi", submit),
    Step(HEAD, "verifies it, as a second person", "memverifikasi sebagai orang kedua", verify),
    Step(HEAD, "sees it in all four services", "melihatnya di empat layanan", see_it_everywhere),
    Step(HEAD, "reveals a phone, and it is noted", "membuka nomor telepon, tercatat", reveal_phone),
)
