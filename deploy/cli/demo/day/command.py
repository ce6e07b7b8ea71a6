"""`sinergi demo day`."""

import asyncio
from typing import Annotated

import typer

from deploy.cli.demo.day.scene import WentWrong
from deploy.cli.speaking import console, fail, what_runs
from deploy.cli.token import signed_token
from deploy.local.checkout import HOME


def day(
    *,
    indonesian: Annotated[
        bool, typer.Option("--indonesian", help="Tell the story in Indonesian.")
    ] = False,
) -> None:
    """Play one day of the centre of Jawa Timur, as its people, through the APIs.

    What they do stands on the left, what Kafka carries meanwhile on the right. It can be played
    again and again.
    """
    here = what_runs(HOME)
    from deploy.cli.demo.day.playing import play  # noqa: PLC0415 (loads the Kafka client)
    from deploy.cli.demo.day.story import STEPS  # noqa: PLC0415 (loads the services' ids)

    try:
        asyncio.run(
            play(
                STEPS,
                (here.url, here.kafka),
                signed_token,
                console,
                "id" if indonesian else "en",
            )
        )
    except WentWrong as failure:
        fail(str(failure))
