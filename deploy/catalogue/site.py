"""Everything that is published, by its path: a folder of it is a site."""

import json
from functools import cache
from pathlib import Path

from deploy.catalogue.asyncapi import document
from deploy.catalogue.pages import OTHER, PAGE, index_page, topic_page
from deploy.local.checkout import SERVICES
from shared.events import STATES
from shared.events.schemas import place, releases


@cache
def site() -> dict[str, bytes]:
    """Return all pages, the AsyncAPI document and every released schema, byte for byte."""
    files = {
        "events/asyncapi.json": json.dumps(document(STATES), ensure_ascii=False).encode(),
        "events/catalogue.css": (PAGE / "catalogue.css").read_bytes(),
        # A server of files does not read Accept-Language.
        "events/index.html": (PAGE / "languages.html").read_bytes(),
    }
    for spoken in OTHER:
        files[f"events/{spoken}/index.html"] = index_page(STATES, spoken).encode()
        for state in STATES:
            page = topic_page(state, SERVICES, spoken)
            files[f"events/{spoken}/{state.topic}.html"] = page.encode()
    for state in STATES:
        for number in releases(state.topic):
            text = place(state.topic, number).read_bytes()
            files[f"schemas/{state.topic}/{number}.json"] = text
    return files


def write(folder: Path) -> int:
    """Write the site into a folder, replacing what is of the same name; return how many files."""
    for path, content in site().items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return len(site())
