"""What the documents point to is there, and each decision says how it is kept."""

import re
from pathlib import Path

import pytest

PATH = re.compile(r"`((?:services|shared|deploy|tests|docs|locks)/[\w./-]*[\w/])`")
DECISIONS = sorted(Path("docs/decisions").glob("*.md"))
SECTIONS = ["Context", "Decision", "Consequences", "Alternatives", "Enforced by"]


@pytest.mark.parametrize("document", [Path("CONTRIBUTING.md"), *DECISIONS], ids=str)
def test_every_path_a_document_names_is_there(document: Path) -> None:
    named = PATH.findall(document.read_text(encoding="utf-8"))

    missing = [path for path in named if not Path(path).exists()]

    assert missing == []


@pytest.mark.parametrize("decision", DECISIONS, ids=str)
def test_a_decision_has_all_its_sections(decision: Path) -> None:
    text = decision.read_text(encoding="utf-8")

    assert text.startswith(f"# {decision.name[:4]} ")
    assert re.search(r"^\*\*Status:\*\* \w+ · \*\*Date:\*\* \d{4}-\d\d-\d\d$", text, re.MULTILINE)
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == SECTIONS
