"""`make` teaches its verbs, and says plainly what it misses."""

import asyncio

VERBS = ["up", "down", "reset", "test", "check", "bench", "proof", "conformance", "lock"]


async def make(*arguments: str) -> tuple[int | None, str]:
    process = await asyncio.create_subprocess_exec(
        "make", *arguments, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    said, _ = await asyncio.wait_for(process.communicate(), 20)
    return process.returncode, said.decode()


async def test_make_alone_lists_every_verb_with_its_meaning() -> None:
    code, said = await make()

    listed = [line.split(maxsplit=2) for line in said.splitlines()]
    assert code == 0
    assert [verb for _, verb, _ in listed] == ["help", *VERBS]
    assert all(meaning for *_, meaning in listed)


async def test_a_python_that_is_too_old_gets_one_sentence() -> None:
    code, said = await make("python", "PYTHON=false")

    assert code != 0
    assert said.startswith("Sinergi needs Python 3.11 or newer.")
    assert "Traceback" not in said
