"""The README's table of who says and who listens is what the services declare."""

from pathlib import Path

from deploy.checks.listeners import table, written
from shared.events import TOPICS

ROOT = Path(__file__).resolve().parents[2]


def test_every_topic_has_its_line_with_all_who_keep_it_and_act_on_it() -> None:
    lines = table(ROOT).splitlines()[2:]

    assert [line.split("`")[1] for line in lines] == list(TOPICS)
    assert lines[0] == (
        "| `registry.unit.v1` | registry | opened | facilities, mentoring, partners | nobody yet |"
    )
    assert "| `mentoring.session.v1` | mentoring | " in lines[7]
    assert lines[7].endswith(" | facilities | facilities |")
    assert (
        lines[-1]
        == "| `facilities.audit-block.v1` | facilities | sealed | nobody yet | nobody yet |"
    )


def test_the_readme_shows_who_says_and_who_listens() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")

    assert readme == written(readme, ROOT), "run: python -m deploy.checks.listeners"
