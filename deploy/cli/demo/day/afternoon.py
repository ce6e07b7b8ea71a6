"""The afternoon: a bank, a consent, a referral, and what came of it."""

from typing import Final

from deploy.cli.demo.day.cast import (
    BANK,
    BANK_AGREEMENT,
    BANK_ID,
    CONSULTANT,
    DESK,
    HEAD,
    KERIPIK,
    OWNER,
    PARTNERSHIPS,
    ROOMS,
    UNIT,
    at,
    code,
    today,
)
from deploy.cli.demo.day.scene import Scene, Thing
from deploy.cli.demo.day.step import Step

_OFFER: Final[Thing] = {
    "agreement_id": BANK_AGREEMENT,
    "kind": "finance",
    "title": "Kredit modal kerja olahan pangan",
    "size_classes": ["mikro", "kecil"],
    "kbli_prefixes": ["10"],
    "regions": ["35"],
    "quota": 5,
    "closes_on": at(90, 0)[:10],
}


async def offer(scene: Scene) -> None:
    await scene.make(BANK, "offer", "partners/opportunities", _OFFER)


async def read_candidates(scene: Scene) -> None:
    await scene.look(PARTNERSHIPS, f"{_opportunity(scene)}/candidates?unit_id={UNIT}")


async def give_consent(scene: Scene, enterprise: str = KERIPIK) -> None:
    consent = {
        "recipient_id": BANK_ID,
        "purpose": "financing",
        "fields": ["trade_name", "kbli", "size_class", "village", "owner_name", "owner_phone"],
        "until": at(180, 0),
        "text_version": "2026-1",
        "channel": "paper",
    }
    path = f"registry/enterprises/{enterprise}/consents"
    await scene.make(DESK, "consent", path, consent)


async def refer(scene: Scene, what: str = "referral", enterprise: str = KERIPIK) -> None:
    referral = {
        "opportunity_id": scene.made["offer"]["id"],
        "enterprise_id": enterprise,
        "consent_id": scene.made["consent"]["id"],
    }
    if "case" in scene.made:
        referral["case_id"] = scene.made["case"]["id"]
    await scene.make(PARTNERSHIPS, what, "partners/referrals", referral)


async def accept(scene: Scene) -> None:
    await scene.act(BANK, _referral(scene, "referral"), "accept", {})


async def complete(scene: Scene) -> None:
    result = {"kind": "financing", "amount": 25_000_000, "completed_on": today()}
    await scene.act(BANK, _referral(scene, "referral"), "complete", result)


async def see_claim(scene: Scene) -> None:
    referral = scene.made["referral"]["id"]
    path = f"mentoring/outcomes?case_id={scene.made['case']['id']}&limit=200"

    def claimed(seen: Thing) -> bool:
        return any(each["referral_id"] == referral for each in seen["items"])

    seen = await scene.until(CONSULTANT, path, claimed)
    [outcome] = [each for each in seen["items"] if each["referral_id"] == referral]
    scene.made["outcome"] = outcome


async def confirm(scene: Scene) -> None:
    await scene.act(OWNER, f"mentoring/outcomes/{scene.made['outcome']['id']}", "confirm")


async def refer_again(scene: Scene) -> None:
    await scene.make(BANK, "offer", "partners/opportunities", _OFFER)
    await refer(scene, "second")


async def withdraw_consent(scene: Scene) -> None:
    await scene.act(OWNER, f"registry/consents/{scene.made['consent']['id']}", "withdraw")


async def see_revoked(scene: Scene) -> None:
    await scene.until(
        PARTNERSHIPS, _referral(scene, "second"), lambda seen: seen["status"] == "revoked"
    )


async def let_place(scene: Scene) -> None:
    shelf = {
        "unit_id": UNIT,
        "code": code("E"),
        "name": "Etalase Produk",
        "kind": "display",
        "places": 4,
        "hours": [{"weekday": n, "opens": "08:00", "closes": "20:00"} for n in range(1, 8)],
    }
    display = await scene.make(ROOMS, "shelf", "facilities/facilities", shelf)
    lease = {
        "enterprise_id": KERIPIK,
        "facility_id": display["id"],
        "place": 1,
        "kind": "display",
        "starts_on": today(),
        "ends_on": at(90, 0)[:10],
    }
    await scene.make(ROOMS, "tenancy", "facilities/tenancies", lease)


async def see_tenancy(scene: Scene) -> None:
    tenancy = scene.made["tenancy"]["id"]

    def shows(seen: Thing) -> bool:
        return any(each["id"] == tenancy for each in seen["tenancies"])

    await scene.until(HEAD, f"registry/enterprises/{KERIPIK}", shows)


def _opportunity(scene: Scene) -> str:
    return f"partners/opportunities/{scene.made['offer']['id']}"


def _referral(scene: Scene, name: str) -> str:
    return f"partners/referrals/{scene.made[name]['id']}"


STEPS: Final = (
    Step(BANK, "publishes an opportunity", "menerbitkan peluang", offer),
    Step(PARTNERSHIPS, "reads who fits, and why", "membaca calon yang cocok", read_candidates),
    Step(DESK, "records the owner's consent", "mencatat persetujuan pemilik", give_consent),
    Step(PARTNERSHIPS, "refers Keripik Tempe to the bank", "merujuk Keripik Tempe", refer),
    Step(BANK, "accepts the referral", "menerima rujukan", accept),
    Step(BANK, "completes it: a loan", "menyelesaikan: kredit cair", complete),
    Step(CONSULTANT, "sees it claimed on the case", "melihat hasilnya di kasus", see_claim),
    Step(OWNER, "confirms the outcome", "membenarkan hasilnya", confirm),
    Step(PARTNERSHIPS, "refers a second time", "merujuk sekali lagi", refer_again),
    Step(OWNER, "withdraws the consent", "menarik persetujuan", withdraw_consent),
    Step(PARTNERSHIPS, "sees the open referral revoked", "melihat rujukan dicabut", see_revoked),
    Step(ROOMS, "lets a display place", "menyewakan tempat etalase", let_place),
    Step(HEAD, "sees the lease on the enterprise", "melihat sewa pada usaha", see_tenancy),
)
