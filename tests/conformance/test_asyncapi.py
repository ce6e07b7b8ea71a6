"""AsyncAPI's own parser finds nothing wrong with the document."""

import json
from pathlib import Path
from typing import Any

import pytest

from deploy.catalogue.asyncapi import document
from shared.events import STATES, TOPICS
from tests.conformance.programs import found, installed, run

pytestmark = pytest.mark.conformance

_PROGRAM = Path(__file__).with_name("asyncapi")


async def test_the_parser_reads_every_topic_and_type_and_has_no_complaint() -> None:
    told = await parsed(document(STATES))

    assert told["wrong"] == []
    assert set(told["channels"]) == set(TOPICS)
    assert set(told["messages"]) == {type_ for s in STATES for type_ in s.types().values()}


async def test_the_parser_does_complain_of_a_document_that_is_wrong() -> None:
    wrong = document(STATES)
    wrong["components"]["messages"]["id.sinergi.registry.unit.opened.v1"]["headers"] = 5

    assert (await parsed(wrong))["wrong"] != []


async def parsed(told: dict[str, Any]) -> dict[str, Any]:
    folder = await installed(_PROGRAM)
    text = await run(await found("node"), str(folder / "parse.js"), given=json.dumps(told))
    found_in_it: dict[str, Any] = json.loads(text)
    return found_in_it
