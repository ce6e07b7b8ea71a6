"""A scoreboard of the centres, kept from the topics alone: what an outside subscriber can do.

    python examples/scoreboard/scoreboard.py --kafka 127.0.0.1:9092 --page scoreboard.html

It reads every topic from its beginning, keeps the newest state of each aggregate and counts. It
knows of Sinergi what is published: the JSON Schemas, the headers of an event, and nothing else.
"""

import argparse
import asyncio
import json
from collections import defaultdict
from datetime import datetime
from html import escape
from pathlib import Path

from aiokafka import AIOKafkaConsumer

TOPICS = (
    "registry.unit.v1",
    "mentoring.session.v1",
    "mentoring.case.v1",
    "mentoring.outcome.v1",
    "facilities.booking.v1",
    "partners.referral.v1",
)
"""What is read of them is handed in as shared/events/expectations/scoreboard: it stays there."""
COLUMNS = ("mentoring hours", "cases", "confirmed outcomes", "room hours", "referrals")

States = dict[str, dict[str, dict]]
"""By topic and key, the newest state."""


class Scoreboard:
    """The newest state of everything, and what it adds up to."""

    def __init__(self) -> None:
        self.states: States = {topic: {} for topic in TOPICS}
        self._positions: dict[tuple[str, str], tuple[int, int]] = {}

    def hear(self, topic: str, key: str, headers: dict[str, bytes], value: bytes | None) -> None:
        """Take over a state, unless a newer one of the same aggregate was heard before."""
        position = int(headers["ce_epoch"]), int(headers["ce_sequence"])
        if position <= self._positions.get((topic, key), (0, 0)):
            return
        self._positions[topic, key] = position
        if value is None:
            self.states[topic].pop(key, None)
        else:
            self.states[topic][key] = json.loads(value)

    def scores(self) -> dict[str, list[float]]:
        """The columns of each unit, by its id."""
        scores: dict[str, list[float]] = defaultdict(lambda: [0.0] * len(COLUMNS))
        for session in self._with_status("mentoring.session.v1", "held"):
            scores[session["unit_id"]][0] += (session.get("minutes") or 0) / 60
        for case in self.states["mentoring.case.v1"].values():
            scores[case["unit_id"]][1] += 1
        for outcome in self._with_status("mentoring.outcome.v1", "confirmed"):
            scores[outcome["unit_id"]][2] += 1
        for booking in self._with_status("facilities.booking.v1", "completed"):
            begin, end = (datetime.fromisoformat(booking[at]) for at in ("starts_at", "ends_at"))
            hours = (end - begin).total_seconds() / 3600
            scores[booking["unit_id"]][3] += hours * len(booking["facility_ids"])
        for referral in self._with_status("partners.referral.v1", "completed"):
            scores[referral["unit_id"]][4] += 1
        return dict(sorted(scores.items(), key=lambda each: -sum(each[1])))

    def name(self, unit_id: str) -> str:
        """What a unit is called: the code of its region."""
        return self.states["registry.unit.v1"].get(unit_id, {}).get("region_code", unit_id[:8])

    def table(self) -> str:
        """The scores as text."""
        lines = [f"{'unit':<10}" + "".join(f"{column:>20}" for column in COLUMNS)]
        for unit_id, row in self.scores().items():
            lines.append(f"{self.name(unit_id):<10}" + "".join(f"{value:>20.1f}" for value in row))
        return "\n".join(lines)

    def page(self) -> str:
        """The scores as a page: a table with a bar behind each number."""
        scores = self.scores()
        most = [max((row[n] for row in scores.values()), default=0) or 1 for n in range(5)]
        head = "".join(f"<th>{column}</th>" for column in COLUMNS)
        rows = "".join(
            f"<tr><th>{escape(self.name(unit_id))}</th>"
            + "".join(
                f'<td style="background:linear-gradient(90deg,#cfe8dc {100 * v / m:.0f}%,#0000 0)">'
                f"{v:.1f}</td>"
                for v, m in zip(row, most, strict=True)
            )
            for unit_id, row in scores.items()
        )
        return (
            '<!doctype html><meta charset="utf-8"><title>Scoreboard</title><style>body{font:1rem '
            "system-ui;margin:2rem}td{text-align:right;padding:.3rem .8rem;min-width:9rem}</style>"
            f"<h1>Scoreboard</h1><table><tr><th>unit</th>{head}</tr>{rows}</table>"
        )

    def _with_status(self, topic: str, status: str) -> list[dict]:
        return [state for state in self.states[topic].values() if state["status"] == status]


async def follow(kafka: str, prefix: str, board: Scoreboard, page: Path | None) -> None:
    """Read from the beginning, and show the scores whenever the topics fall silent."""
    topics = [prefix + topic for topic in TOPICS]
    consumer = AIOKafkaConsumer(*topics, bootstrap_servers=kafka, auto_offset_reset="earliest")
    async with consumer:
        news = False
        while True:
            batches = await consumer.getmany(timeout_ms=500)
            for records in batches.values():
                for record in records:
                    topic = record.topic.removeprefix(prefix)
                    board.hear(topic, record.key.decode(), dict(record.headers), record.value)
            if news and not batches:
                print(f"\n{board.table()}", flush=True)
                if page:
                    page.write_text(board.page(), encoding="utf-8")
            news = bool(batches)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kafka", required=True, help="host:port")
    parser.add_argument("--prefix", default="", help="what stands before the topics' names")
    parser.add_argument("--page", type=Path, help="an HTML file to write")
    wish = parser.parse_args()
    asyncio.run(follow(wish.kafka, wish.prefix, Scoreboard(), wish.page))
