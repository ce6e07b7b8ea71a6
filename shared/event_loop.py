"""What every process of ours runs on."""

import asyncio
import gc
from collections.abc import Callable

import uvicorn


def factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """The fastest event loop there is here, the one that the api has too."""
    return uvicorn.Config(lambda: None, loop="auto").get_loop_factory()


def keep_what_is_loaded() -> None:
    """Have the collector look no more at what was loaded by now, since it lives to the end.

    Otherwise each full collection goes through all modules and models, for nothing.
    """
    gc.collect()
    gc.freeze()
