"""The description of a service says what its operations are called and how each may be refused."""

import importlib
import re
from typing import Any

import pytest

from shared.web.openapi import Described
from tests.support.ecosystem import Ecosystem

MEDIA = "application/problem+json"


def _described(ecosystem: Ecosystem, service: str = "registry") -> Described:
    app = importlib.import_module(f"services.{service}.app").create_app(ecosystem.settings(service))
    described: Described = app.openapi()
    return described


def _operations(described: Described) -> dict[str, dict[str, Any]]:
    return {
        operation["operationId"]: operation
        for operations in described["paths"].values()
        for operation in operations.values()
    }


def _refusals(operation: dict[str, Any]) -> set[str]:
    return {status for status in operation["responses"] if status >= "4"}


ANY = {"400", "401", "403", "406", "429", "431", "500", "503"}


async def test_operations_are_called_as_their_functions_and_no_two_alike(
    registry: Ecosystem,
) -> None:
    described = _described(registry)

    names = [o["operationId"] for path in described["paths"].values() for o in path.values()]
    assert len(names) == len(set(names))
    assert {"register_enterprise", "list_enterprises", "change_enterprise", "live"} <= set(names)


async def test_copies_are_listed_and_read(ecosystem: Ecosystem) -> None:
    names = _operations(_described(ecosystem, "mentoring")).keys()

    assert {"list_units", "read_units", "list_enterprises", "read_enterprises"} <= names


@pytest.mark.parametrize(
    ("name", "statuses"),
    [
        ("register_enterprise", {"409", "413", "415", "422"}),
        ("change_enterprise", {"404", "409", "412", "413", "415", "422", "428"}),
        ("close_enterprise", {"404", "409", "412", "422", "428"}),
        ("list_enterprises", {"422"}),
        ("read_enterprise", {"404", "422"}),
        ("read_owner", {"404", "410", "422"}),
        ("hand_in_file", {"409", "413", "415", "422"}),
    ],
)
async def test_each_operation_tells_how_it_may_be_refused(
    registry: Ecosystem, name: str, statuses: set[str]
) -> None:
    assert _refusals(_operations(_described(registry))[name]) == ANY | statuses


async def test_every_refusal_is_a_problem(registry: Ecosystem) -> None:
    described = _described(registry)

    for operation in _operations(described).values():
        for status in _refusals(operation):
            assert operation["responses"][status] == {"$ref": f"#/components/responses/{status}"}
    for response in described["components"]["responses"].values():
        assert response["content"][MEDIA]["schema"] == {"$ref": "#/components/schemas/Problem"}
    assert (
        not {"HTTPValidationError", "ValidationError"} & described["components"]["schemas"].keys()
    )


async def test_what_must_be_sent_is_required(registry: Ecosystem) -> None:
    operations = _operations(_described(registry))

    assert _required(operations["register_enterprise"]) == {"Idempotency-Key"}
    assert _required(operations["change_enterprise"]) == {"If-Match", "enterprise_id"}
    answer = operations["register_enterprise"]["responses"]["201"]
    assert set(answer["headers"]) == {"Location", "ETag", "Idempotency-Replayed"}


def _required(operation: dict[str, Any]) -> set[str]:
    return {p["name"] for p in operation["parameters"] if p["required"]}


async def test_bodies_are_closed_and_of_one_media_type(registry: Ecosystem) -> None:
    described = _described(registry)

    for name in ("RegisterEnterprise", "ChangeEnterprise"):
        assert described["components"]["schemas"][name]["additionalProperties"] is False
    body = _operations(described)["register_enterprise"]["requestBody"]
    assert (set(body["content"]), body["required"]) == ({"application/json"}, True)


async def test_a_description_is_complete_however_often_it_is_asked_for(
    registry: Ecosystem,
) -> None:
    client = await registry.client("registry", None)
    address = "http://test/api/registry/openapi.json"

    first, again = await client.get(address), await client.get(address)

    assert first.json() == again.json() == _described(registry)


async def test_the_page_for_developers_needs_nothing_from_elsewhere(registry: Ecosystem) -> None:
    client = await registry.client("registry", None)
    base = "http://test/api/registry"

    page = await client.get(f"{base}/docs")

    assert page.status_code == 200
    assert "'self'" in page.headers["content-security-policy"]
    assert "://" not in page.text
    loaded = re.findall(r'(?:href|src)="([^"]+)"', page.text)
    answers = {name: await client.get(f"{base}/{name}") for name in loaded}
    assert {name: answer.status_code for name, answer in answers.items()} == {
        "docs/swagger-ui.css": 200,
        "docs/swagger-ui-bundle.js": 200,
        "docs/start.js": 200,
    }
    assert "openapi.json" in answers["docs/start.js"].text
