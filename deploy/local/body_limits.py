"""How large a body each operation takes, so that a larger one is refused before it is sent."""

from collections.abc import Callable

from deploy.local.services import module
from shared.web.parked import router as parked
from shared.web.service import BODY_LIMIT

Limit = Callable[[str, str], int]
"""The bytes that a method at a path takes."""


def limits_of(service: str) -> Limit:
    """The limits of a service; its routes are read when they are asked for the first time."""

    def limit(method: str, path: str) -> int:
        beneath = path.removeprefix(f"/api/{service}/v1")
        for router in (*module(service, "routes").ROUTERS, parked):
            for route in router.routes:
                if method in route.methods and route.path_regex.match(beneath):
                    return route.max_body_size or BODY_LIMIT
        return BODY_LIMIT

    return limit
