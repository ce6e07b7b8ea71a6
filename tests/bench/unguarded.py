"""The registry without what guards it: no door, no row scope, no audit trail, no idempotency key.

Only to measure what those cost; it is started by the bench and by nothing else.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from services.registry.schemas import EnterpriseView, RegisterEnterprise
from services.registry.settings import Settings
from services.registry.use_cases import register_enterprise
from shared.access.actor import system
from shared.database import open_engine
from shared.indonesia import regions
from shared.streams.log import Tx
from shared.streams.wakeup import Wakeup

_actor = system("registry")


def create_app() -> FastAPI:
    """The same use case, on the same tables, for anyone."""
    settings = Settings()
    regions.load()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.engine = open_engine(settings.database_url, pool_size=10)
        app.state.wakeup = Wakeup(settings.database_url)
        yield
        await app.state.wakeup.close()
        await app.state.engine.dispose()

    app = FastAPI(lifespan=lifespan)

    @app.post("/enterprises", status_code=201)
    async def register(command: RegisterEnterprise) -> EnterpriseView:
        async with Tx(app.state.engine, _actor) as tx:
            enterprise = await register_enterprise(tx, command)
            await tx.write_events()
            await tx.commit()
        app.state.wakeup.committed()
        return EnterpriseView.model_validate(enterprise)

    return app
