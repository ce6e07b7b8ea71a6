"""People are answered in their language, in Indonesian or in English, and told which it is."""

import tomllib
from pathlib import Path

import httpx
import pytest

from shared.web.languages import catalogue, preferred, said, sentence_behind
from shared.web.negotiation import media_type
from shared.web.pages import words
from tests.support.builders import a_key, an_enterprise, open_batu
from tests.support.ecosystem import Ecosystem

INDONESIAN = {"Accept-Language": "id"}


@pytest.mark.parametrize(
    ("wanted", "language"),
    [
        ("", "en"),
        ("id", "id"),
        ("ID-id", "id"),
        ("id-ID,en;q=0.5", "id"),
        ("en;q=0.4, id;q=0.5", "id"),
        ("id;q=0.4, en", "en"),
        ("fr, en-GB, id", "en"),
        ("fr, id;q=0.1", "id"),
        ("en-US;q=0.1, en;q=0.8, id;q=0.7", "en"),
        ("*", "en"),
        ("en;q=0, *", "id"),
        ("*;q=0.9, id;q=0.1", "en"),
        ("id;q=0", "en"),
        ("fr", "en"),
        ("id;q=2, en;q=0.1", "en"),
        ("id;q=x", "en"),
        (";;,,;q=", "en"),
        ("id" + ",x" * 100_000, "id"),
    ],
)
def test_the_language_is_the_one_that_is_wanted_most(wanted: str, language: str) -> None:
    assert preferred(wanted) == language


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        ("", "application/json"),
        ("text/csv", "text/csv"),
        ("text/csv;q=0.5, application/json", "application/json"),
        ("application/json;q=0.5, text/csv", "text/csv"),
        ("*/*", "application/json"),
        ("text/*", "text/csv"),
        ("text/csv;q=0, */*", "application/json"),
        ("application/json;q=0, */*;q=0.1", "text/csv"),
        ("image/png", None),
    ],
)
def test_the_media_type_is_the_one_that_is_wanted_most(accept: str, chosen: str | None) -> None:
    assert media_type(accept, ("application/json", "text/csv")) == chosen


@pytest.fixture
async def client(registry: Ecosystem) -> httpx.AsyncClient:
    """The operator's client of a registry with one unit."""
    await open_batu(registry.database("registry"))
    return await registry.client("registry")


async def test_a_problem_is_told_in_indonesian_and_says_so(client: httpx.AsyncClient) -> None:
    body = an_enterprise(trade_name="a" * 121, kbli="1", size_class="besar")

    answer = await client.post("/enterprises", json=body, headers=a_key() | INDONESIAN)

    assert answer.headers["content-language"] == "id"
    assert "Accept-Language" in answer.headers["vary"]
    told = answer.json()
    assert told["title"] == "Tidak sah"
    assert told["detail"].startswith("Beberapa nilai melanggar aturan")
    assert {error["pointer"]: error["detail"] for error in told["errors"]} == {
        "/trade_name": "Paling banyak 120 karakter",
        "/kbli": "Kode KBLI terdiri dari tepat lima angka, seperti 10794",
        "/size_class": "Salah satu dari 'mikro', 'kecil', 'menengah'",
    }


async def test_every_way_to_be_refused_is_told_in_indonesian(
    registry: Ecosystem, client: httpx.AsyncClient
) -> None:
    stranger = await registry.client("registry", None)
    big = {
        "content": b"a" * 1_000_001,
        "headers": INDONESIAN | {"Content-Type": "application/json"},
    }
    answers = {
        "Tidak Ditemukan": await client.get("/nothing", headers=INDONESIAN),
        "Metode Tidak Diizinkan": await client.delete("/enterprises", headers=INDONESIAN),
        "Masuk terlebih dahulu": await stranger.get("/enterprises", headers=INDONESIAN),
        "Terlalu besar": await client.post("/enterprises", **big),  # type: ignore[arg-type]  # httpx's own
        "Unit ini tidak ada": await client.get(f"/units/{'0' * 32}", headers=INDONESIAN),
    }

    for title, answer in answers.items():
        assert (answer.json()["title"], answer.headers["content-language"]) == (title, "id")


async def test_without_a_wish_it_is_english(client: httpx.AsyncClient) -> None:
    answer = await client.get("/nothing")

    assert (answer.json()["title"], answer.headers["content-language"]) == ("Not Found", "en")


def test_facts_are_put_into_either_language() -> None:
    sentence, facts = "At most {longest} characters", {"longest": 5}

    assert said(sentence, "en", facts) == "At most 5 characters"
    assert said(sentence, "id", facts) == "Paling banyak 5 karakter"
    assert sentence_behind("At most 5 characters", facts) == sentence
    assert sentence_behind("At most 6 characters", facts) == "At most 6 characters"


def test_every_package_that_speaks_is_in_the_catalogue() -> None:
    root = Path(__file__).resolve().parents[2]
    for package in ("shared", "services/registry"):
        told = tomllib.loads((root / package / "indonesian.toml").read_text(encoding="utf-8"))

        assert told.items() <= catalogue().items()
        assert all(isinstance(text, str) and text for text in told.values())


def test_both_languages_of_the_page_of_parked_events_say_the_same_things() -> None:
    said = words("parked")

    assert said["id"].keys() == said["en"].keys()
