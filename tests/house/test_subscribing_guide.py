"""The guide for subscribers shows the very programs that are tried."""

import re
from pathlib import Path

GUIDE = Path("docs/subscribing.md").read_text(encoding="utf-8")
QUOTED = re.compile(r"^<!-- (\S+) -->\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_each_program_is_quoted_to_the_letter() -> None:
    quoted = dict(QUOTED.findall(GUIDE))

    folder = Path("examples/subscribe")
    programs = {*folder.glob("*/*.py"), *folder.glob("*/*.js"), *folder.glob("*/*.java")}
    assert quoted == {str(file): file.read_text(encoding="utf-8") for file in programs}


def test_what_the_guide_points_to_is_there() -> None:
    links = re.findall(r"\]\(([\w.-]+)\)", GUIDE)
    paths = re.findall(r"`((?:examples|deploy|shared)/[\w./-]+)`", GUIDE)

    assert all(Path("docs", link).is_file() for link in links)
    assert all(Path(path).exists() for path in paths)
