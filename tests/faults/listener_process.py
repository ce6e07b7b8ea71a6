"""The listener of a stage as a process of its own, which ends or freezes itself at a chosen moment.

`python -m tests.faults.listener_process URL KAFKA PREFIX [--at MOMENT]`: the moment is
`before-commit` or `after-commit` of the first batch, or `frozen` before a second state is taken.
"""

import argparse
import asyncio
import os
import signal
from collections.abc import Sequence
from typing import Any

from shared.database import Database
from shared.events import EnterpriseState
from shared.streams.codec import Event
from shared.streams.kafka import Message, consumer
from shared.streams.log import Tx
from shared.streams.reactions import Listener
from shared.streams.taking import Taken, Taker
from tests.support.stage import COPY, Reaction

_SECOND = ("ce_sequence", b"2")


class EndsBeforeCommit(Reaction):
    """Is killed when the effect is written, and not committed."""

    async def __call__(self, tx: Tx, event: Event[EnterpriseState]) -> None:
        """React, and die."""
        await super().__call__(tx, event)
        os.kill(os.getpid(), signal.SIGKILL)


async def _end(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


async def _freeze_before_taking(
    taker: Taker,
    copy: Any,  # noqa: ANN401 (as in the original)
    records: Sequence[Message],
    **given: Any,  # noqa: ANN401 (as in the original)
) -> Taken:
    if any(_SECOND in record.headers for record in records):
        os.kill(os.getpid(), signal.SIGSTOP)
    return await _TAKE(taker, copy, records, **given)


_TAKE = Taker.take


async def _run(wish: argparse.Namespace) -> None:
    if wish.at == "after-commit":
        consumer.Consumer.commit = _end  # type: ignore[assignment,method-assign]  # the fault
    if wish.at == "frozen":
        Taker.take = _freeze_before_taking  # type: ignore[assignment,method-assign]  # as above
    reaction = EndsBeforeCommit() if wish.at == "before-commit" else Reaction()
    listener = Listener(
        Database(wish.url),
        wish.kafka,
        group="stage",
        copies=[COPY],
        reactions={EnterpriseState: reaction},
        prefix=wish.prefix,
    )
    await listener.run(asyncio.Event())


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("kafka")
    parser.add_argument("prefix")
    parser.add_argument("--at", default="")
    asyncio.run(_run(parser.parse_args()))
