"""The README's table of who says and who listens is what the services declare."""

from pathlib import Path

from deploy.checks.listeners import table, written

ROOT = Path(__file__).resolve().parents[2]


def test_every_topic_has_its_line_with_all_who_keep_it() -> None:
    units, enterprises, *audits = table(ROOT).splitlines()[2:]

    assert units == (
        "| `registry.unit.v1` | registry | opened | facilities, mentoring, partners | nobody yet |"
    )
    assert enterprises == (
        "| `registry.enterprise.v1` | registry | closed, owner_erased, reclassified, "
        "registered, renamed, reopened | facilities, mentoring, partners | nobody yet |"
    )
    assert audits == [
        f"| `{service}.audit-block.v1` | {service} | sealed | nobody yet | nobody yet |"
        for service in ("registry", "mentoring", "partners", "facilities")
    ]


def test_the_readme_shows_who_says_and_who_listens() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")

    assert readme == written(readme, ROOT), "run: python -m deploy.checks.listeners"
