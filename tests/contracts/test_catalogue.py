"""The catalogue tells of every topic, in two languages and without JavaScript."""

import posixpath
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import ClassVar

import orjson
import pytest

from deploy.catalogue.pages import topic_page
from deploy.catalogue.site import site, write
from deploy.local.checkout import SERVICES
from shared.events import STATES, EnterpriseState
from shared.events.mentoring import SessionState
from shared.events.state import schema_address

PAGES = {path: content.decode() for path, content in site().items() if path.endswith(".html")}


class Reader(HTMLParser):
    """Gathers the text, and where links lead."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.tags: list[str] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name in ("href", "src") and value]

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("path", PAGES)
def test_every_link_leads_somewhere_and_nothing_runs(path: str) -> None:
    page = Reader(PAGES[path])

    leads = {posixpath.normpath(posixpath.join(posixpath.dirname(path), to)) for to in page.links}
    assert leads <= site().keys()
    assert not {"script", "iframe", "form"} & {*page.tags}


def test_where_nobody_reads_the_wish_for_a_language_both_are_offered() -> None:
    offered = Reader(PAGES["events/index.html"])

    assert {"id/index.html", "en/index.html"} <= {*offered.links}


@pytest.mark.parametrize("spoken", ["id", "en"])
def test_a_topic_is_told_of_with_who_says_and_who_listens(spoken: str) -> None:
    index = Reader(PAGES[f"events/{spoken}/index.html"])
    page = Reader(PAGES[f"events/{spoken}/mentoring.session.v1.html"])

    assert {f"{state.topic}.html" for state in STATES} <= {*index.links}
    assert [line for line in page.text.split("\n") if "facilities" in line][:2] == [
        {"id": f"    {kept}facilities", "en": f"    {kept_en}facilities"}[spoken]
        for kept, kept_en in (("Disalin oleh", "Kept by"), ("Ditindaklanjuti oleh", "Acted on by"))
    ]
    assert "scoreboard" in page.text
    for event_type in SessionState.types().values():
        assert event_type in page.text
    for field in SessionState.model_fields:
        assert field in page.text


def test_a_schema_is_published_at_the_address_that_events_name() -> None:
    for state in STATES:
        address = schema_address(state.topic, 1)
        path = address.removeprefix("https://sinergi.id/")
        assert orjson.loads(site()[path])["$id"] == address


def test_a_topic_that_will_fall_silent_says_when() -> None:
    class Leaving(EnterpriseState):
        """An enterprise."""

        sunset: ClassVar[date] = date(2027, 6, 30)

    assert "silent on 2027-06-30." in topic_page(Leaving, SERVICES, "en")
    assert "silent" not in topic_page(EnterpriseState, SERVICES, "en")


def test_the_site_is_a_folder_of_files(tmp_path: Path) -> None:
    assert write(tmp_path) == len(site())
    assert (tmp_path / "events/asyncapi.json").read_bytes() == site()["events/asyncapi.json"]
