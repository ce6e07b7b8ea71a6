"""Ask every check of the house, two at a time, and show each as it ends."""

import asyncio
import os
import sys
from pathlib import Path
from time import monotonic

from rich.console import Console
from rich.markup import escape

from deploy.checks.check import Check, Outcome, ask
from deploy.checks.house import checks


async def ask_all(root: Path, console: Console) -> list[Outcome]:
    """Run every check, as many at once as there are processors."""
    free = asyncio.Semaphore(os.cpu_count() or 1)

    async def in_turn(check: Check) -> Outcome:
        async with free:
            outcome = await ask(check, root)
        show(outcome, console)
        return outcome

    return await asyncio.gather(*(in_turn(check) for check in checks(root)))


def show(outcome: Outcome, console: Console) -> None:
    """Print one line, and under it what the tool said when it failed."""
    mark = "[green]✓[/]" if outcome.passed else "[red]✗[/]"
    console.print(f"{mark} {outcome.check.name:<28} {outcome.seconds:5.1f} s", highlight=False)
    if not outcome.passed:
        console.print(escape(outcome.said.strip()), highlight=False, soft_wrap=True)


def main() -> int:
    """Return 0 when every check passed."""
    console = Console()
    started = monotonic()
    outcomes = asyncio.run(ask_all(Path.cwd(), console))
    failed = [outcome.check.name for outcome in outcomes if not outcome.passed]
    seconds = monotonic() - started
    if failed:
        said = f"[red]{len(failed)} of {len(outcomes)} checks failed:[/] {', '.join(failed)}"
        console.print(said, highlight=False, soft_wrap=True)
    else:
        console.print(f"[green]{len(outcomes)} checks passed[/] in {seconds:.0f} s")
    return 1 if failed else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
