"""A town where partners work: what the service heard of others, and what it has of its own."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID, uuid4

import httpx

from services.partners import use_cases
from services.partners.copies import COPIES
from services.partners.deadlines import DEADLINES
from services.partners.models import Agreement, Opportunity, Partner, Referral
from services.partners.reactions import REACTIONS
from services.partners.schemas import (
    AcceptReferral,
    Because,
    DraftAgreement,
    PublishOpportunity,
    RegisterPartner,
)
from services.registry.ids import unit_id
from shared.access.actor import Actor, system
from shared.database import Database
from shared.deadlines import Deadlines
from shared.events.registry import ConsentState, EnterpriseState, UnitState
from shared.events.state import State
from shared.streams.codec import Event
from shared.streams.copies import Copy
from shared.streams.log import Tx
from shared.web.etags import Versions
from tests.partners.bodies import a_partner, a_wish, an_agreement, an_opportunity
from tests.support.builders import BATU, MALANG, VILLAGE
from tests.support.ecosystem import Ecosystem

T = TypeVar("T")
ENOUGH = ("trade_name", "kbli", "size_class", "village")
UNITS = {BATU: unit_id(BATU), MALANG: unit_id(MALANG)}
BATU_UNIT, MALANG_UNIT = (f"unit:{unit}" for unit in UNITS.values())
_ONE, _OTHER = system("one"), system("other")


@dataclass
class Town:
    """Partners' database, as its worker enters it, and whoever asks something of its API."""

    ecosystem: Ecosystem
    database: Database
    epoch: int = 1
    """Of what it hears; with 0, whatever is really said comes later."""
    _heard: dict[UUID, State] = field(default_factory=dict)
    _seq: dict[UUID, int] = field(default_factory=dict)

    async def hears(self, state: State) -> None:
        """Let the service hear a state, and react to it, as its listener does."""
        async with self.hearing(state):
            pass

    @asynccontextmanager
    async def hearing(self, state: State) -> AsyncIterator[None]:
        """The same, committed at the end of the block."""
        async with self.database.transaction() as tx:
            await self.takes(tx, state)
            yield

    async def takes(self, tx: Tx, state: State) -> None:
        """The same, in a transaction."""
        state = type(state).model_validate_json(state.model_dump_json())
        copies: dict[type[State], Copy[Any]] = {copy.state: copy for copy in COPIES}
        seq = self._seq[state.id] = self._seq.get(state.id, 0) + 1
        now = datetime.now(UTC)
        event = Event(uuid4(), state.topic, "", str(state.id), self.epoch, seq, now, state)
        self._heard[state.id] = state
        await copies[type(state)].hear(tx, [event])
        if reaction := REACTIONS.get(type(state)):
            await reaction(tx, event)

    def changed(self, key: UUID, **changes: object) -> State:
        """What was last heard of something, but for the changes."""
        return self._heard[key].model_copy(update=changes)

    async def hears_again(self, key: UUID, **changes: object) -> None:
        """Let it hear that something changed."""
        await self.hears(self.changed(key, **changes))

    async def unit(self, region: str) -> None:
        """A unit is open."""
        facts = {"level": "regency", "region_code": region, "time_zone": "Asia/Jakarta"}
        await self.hears(UnitState.model_validate(facts | {"id": unit_id(region)}))

    async def enterprise(self, **changes: object) -> UUID:
        """An enterprise is registered, with the unit of Batu if nothing else is said."""
        facts = {
            "id": uuid4(),
            "kind": "enterprise",
            "trade_name": "Keripik Apel Panderman",
            "unit_id": UNITS[BATU],
            "village_code": VILLAGE,
            "kbli": "10794",
            "size_class": "mikro",
            "status": "active",
        }
        state = EnterpriseState.model_validate(facts | changes)
        await self.hears(state)
        return state.id

    async def consent(self, enterprise_id: UUID, partner_id: UUID, **changes: object) -> UUID:
        """The owner consents that a partner sees what is needed to finance the enterprise."""
        facts = {
            "id": uuid4(),
            "enterprise_id": enterprise_id,
            "unit_id": UNITS[BATU],
            "recipient_id": partner_id,
            "purpose": "financing",
            "fields": ENOUGH,
            "until": datetime.now(UTC) + timedelta(days=90),
            "status": "granted",
        }
        state = ConsentState.model_validate(facts | changes)
        await self.hears(state)
        return state.id

    async def partner(
        self, *, verified: bool = True, partner_id: UUID | None = None, **changes: object
    ) -> Partner:
        """A bank, which the ministry looks after if nothing else is said."""
        command = RegisterPartner.model_validate(a_partner(**changes))
        partner = await self.does(lambda tx: use_cases.register_partner(tx, command, partner_id))
        if verified:
            seen = Versions([1])
            partner = await self.does(
                lambda tx: use_cases.verify_partner(tx, partner.id, seen), _OTHER
            )
        return partner

    async def agreement(
        self, partner: Partner | None = None, *, active: bool = True, **changes: object
    ) -> Agreement:
        """An agreement to finance enterprises of all units."""
        partner = partner or await self.partner()
        body = an_agreement(partner_id=str(partner.id), **changes)
        command = DraftAgreement.model_validate(body)
        agreement = await self.does(lambda tx: use_cases.draft_agreement(tx, command))
        if active:
            seen = Versions([1])
            agreement = await self.does(
                lambda tx: use_cases.activate_agreement(tx, agreement.id, seen)
            )
        return agreement

    async def opportunity(
        self, agreement: Agreement | None = None, **changes: object
    ) -> Opportunity:
        """A credit for makers of food, with ten places."""
        agreement = agreement or await self.agreement()
        body = an_opportunity(agreement_id=str(agreement.id), **changes)
        command = PublishOpportunity.model_validate(body)
        return await self.does(lambda tx: use_cases.publish_opportunity(tx, command))

    async def referral(self, opportunity: Opportunity, *, accepted: bool = False) -> Referral:
        """A new enterprise, sent to an opportunity with its owner's consent."""
        enterprise_id = await self.enterprise()
        consent_id = await self.consent(enterprise_id, opportunity.partner_id)
        referral = await self.sends(opportunity.id, enterprise_id, consent_id)
        return await self.accepts(referral) if accepted else referral

    async def accepts(self, referral: Referral) -> Referral:
        """The partner takes it on."""
        command, seen = AcceptReferral(), Versions([referral.event_seq])
        return await self.does(lambda tx: use_cases.accept_referral(tx, referral.id, seen, command))

    async def suspends(self, thing: Any) -> Any:  # noqa: ANN401 (a partner or an agreement)
        """Somebody suspends it."""
        act: Any = use_cases.suspend_partner
        if isinstance(thing, Agreement):
            act = use_cases.suspend_agreement
        command, seen = Because(because="Sedang ditinjau."), Versions([thing.event_seq])
        return await self.does(lambda tx: act(tx, thing.id, seen, command))

    async def obligations(self, agreement: Agreement) -> list[UUID]:
        """The ids of what was promised."""
        statement = "SELECT id FROM obligation WHERE agreement_id = $1"
        rows = await self.ecosystem.rows("partners", statement, agreement.id)
        return [row["id"] for row in rows]

    async def sends(self, opportunity_id: UUID, enterprise_id: UUID, consent_id: UUID) -> Referral:
        """Somebody sends an enterprise."""
        command = a_wish(opportunity_id, enterprise_id, consent_id)
        return await self.does(lambda tx: use_cases.send_referral(tx, command))

    async def does(self, act: Callable[[Tx], Awaitable[T]], actor: Actor = _ONE) -> T:
        """Do something in a transaction of its own."""
        async with self.database.transaction(actor) as tx:
            return await act(tx)

    async def time_works(self) -> bool:
        """Let one thing that is due be done; say whether there was one."""
        return await Deadlines(self.database, "partners", DEADLINES).take()

    async def now(self, thing: Any) -> Any:  # noqa: ANN401 (an aggregate of any kind)
        """What became of something."""
        async with self.database.reading(_ONE) as tx:
            return await tx.get(type(thing), thing.id)

    async def client(self, role: str, scope: str, subject: str = "") -> httpx.AsyncClient:
        """Somebody with a role and a reach asks the API."""
        client = await self.ecosystem.client("partners", None)
        grants = [{"role": role, "scope": scope}]
        token = self.ecosystem.issuer.token(subject or f"{role} of {scope}", grants)
        client.headers["Authorization"] = f"Bearer {token}"
        return client

    async def time_passes(self, thing: Any) -> None:  # noqa: ANN401 (as above)
        """What the thing waits for is due."""
        table = type(thing).__tablename__
        moved = f"UPDATE {table} SET due_at = now() - interval '1 second' WHERE id = $1"  # noqa: S608 (our own tables)
        await self.ecosystem.rows("partners", moved, thing.id)

    async def events(self, thing: Any) -> list[str]:  # noqa: ANN401 (as above)
        """The verbs that were said of something."""
        statement = "SELECT type FROM event_log WHERE key = $1 ORDER BY id"
        rows = await self.ecosystem.rows("partners", statement, str(thing.id))
        return [row["type"].split(".")[-2] for row in rows]
