"""How referrals are asked for over HTTP."""

from typing import Any
from uuid import uuid4

import httpx

from services.partners.models import Opportunity
from tests.partners.town import Town


async def send(client: httpx.AsyncClient, **body: object) -> httpx.Response:
    """Ask for a referral."""
    sent = {name: str(value) for name, value in body.items()}
    return await client.post("/referrals", json=sent, headers={"Idempotency-Key": str(uuid4())})


async def sent_by(
    consultant: httpx.AsyncClient, town: Town, opportunity: Opportunity
) -> dict[str, Any]:
    """A referral of a new enterprise, as the answer shows it."""
    enterprise = await town.enterprise()
    consent = await town.consent(enterprise, opportunity.partner_id)
    answer = await send(
        consultant, opportunity_id=opportunity.id, enterprise_id=enterprise, consent_id=consent
    )
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def ask(
    client: httpx.AsyncClient, referral: dict[str, Any], verb: str, **body: object
) -> httpx.Response:
    """Ask for an operation on a referral, at the version that it has now."""
    path = f"/referrals/{referral['id']}"
    seen = (await client.get(path)).headers.get("etag", '"1"')
    return await client.post(f"{path}/{verb}", json=body, headers={"If-Match": seen})
