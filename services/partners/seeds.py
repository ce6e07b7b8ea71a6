"""Believable demo data, made through the use cases; made twice, it is there once."""

from datetime import date, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from services.partners import queries, use_cases
from services.partners.ids import named_id
from services.partners.models import Partner
from services.partners.schemas import DraftAgreement, PublishOpportunity, RegisterPartner
from services.partners.settings import Settings
from shared.access.actor import system
from shared.database import Database
from shared.events.partners import AgreementScope, PartnerKind
from shared.streams.log import Tx
from shared.web.etags import Versions

_ONE, _OTHER = system("partners", "seed"), system("seeds", "seed")
"""What one entered, the other verifies."""


class _Sample(NamedTuple):
    """A partner of the ministry, with what it agreed to for all units, and what it offers."""

    key: str
    kind: PartnerKind
    name: str
    scope: AgreementScope
    offer: str
    prefixes: tuple[str, ...] = ()
    quota: int = 20


_SAMPLES: Final = (
    _Sample("bank", "private_sector", "Bank Mitra Usaha", "finance", "Kredit modal kerja", ("10",)),
    _Sample("campus", "university", "Universitas Panderman", "mentor", "Pendampingan kemasan"),
    _Sample("chamber", "association", "Asosiasi Usaha Nusantara", "market", "Pameran dagang"),
    _Sample(
        "office", "government_office", "Dinas Koperasi dan UKM", "training", "Pelatihan ekspor"
    ),
    _Sample("youth", "community", "Komunitas Wirausaha Muda", "space", "Ruang kerja bersama"),
    _Sample(
        "foods", "large_or_medium_enterprise", "Boga Raya", "market", "Pemasok camilan", ("10",)
    ),
)


async def seed(settings: Settings) -> None:
    """Register a partner of each kind, with an agreement and an offer, where it is missing."""
    database = Database(settings.database_url, pool_size=1)
    try:
        for sample in _SAMPLES:
            await _make(database, sample)
    finally:
        await database.close()


async def _make(database: Database, sample: _Sample) -> None:
    partner_id = named_id(f"partner:{sample.key}")
    async with database.transaction(_ONE) as tx:
        if await tx.get(Partner, partner_id):
            return
        command = RegisterPartner(kind=sample.kind, name=sample.name)
        await use_cases.register_partner(tx, command, partner_id)
        await tx.flush()
        # The second person's part: in the same transaction, so that there is none without it.
        tx.actor = _OTHER
        await use_cases.verify_partner(tx, partner_id, Versions([1]))
        tx.actor = _ONE
        await _offer(tx, partner_id, sample)


async def _offer(tx: Tx, partner_id: UUID, sample: _Sample) -> None:
    today = await queries.today(tx)
    agreement_id = named_id(f"agreement:{sample.key}")
    draft = DraftAgreement(
        partner_id=partner_id,
        title=f"Kerja sama dengan {sample.name}",
        scopes=(sample.scope,),
        starts_on=date(today.year, 1, 1),
        ends_on=date(today.year + 1, 12, 31),
    )
    await use_cases.draft_agreement(tx, draft, agreement_id)
    await tx.flush()
    await use_cases.activate_agreement(tx, agreement_id, Versions([1]))
    await tx.flush()
    offer = PublishOpportunity(
        agreement_id=agreement_id,
        kind=sample.scope,
        title=sample.offer,
        kbli_prefixes=sample.prefixes,
        quota=sample.quota,
        closes_on=today + timedelta(days=180),
    )
    await use_cases.publish_opportunity(tx, offer, named_id(f"opportunity:{sample.key}"))
