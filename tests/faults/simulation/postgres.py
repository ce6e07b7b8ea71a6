"""The producer's PostgreSQL: transaction ids, snapshots, row locks, and the log with its cursor."""

from dataclasses import dataclass, field
from typing import Any

from shared.streams.cursor import BEGINNING, Snapshot
from tests.faults.simulation.schedule import step, until
from tests.support.invariants import Said

_LOCK_TIMEOUT = 300
"""Steps."""


@dataclass
class Log:
    """What is committed, what runs, and who holds which aggregate."""

    mark_is_fenced: bool = True
    rows: list[dict[str, Any]] = field(default_factory=list)
    """Committed or not, in the order of ids."""
    versions: dict[str, int] = field(default_factory=dict)
    running: set[int] = field(default_factory=set)
    holders: dict[str, "Transaction"] = field(default_factory=dict)
    leader: "Session | None" = None
    cursor: tuple[Any, Any, int] = (BEGINNING.as_record(), None, 0)
    idle: bool = False
    """Whether a relay has looked since the last commit and found nothing."""
    next_xid: int = 10
    next_id: int = 1

    def snapshot(self) -> tuple[int, int, tuple[int, ...]]:
        """What a statement sees that begins now."""
        return min(self.running, default=self.next_xid), self.next_xid, tuple(sorted(self.running))

    def visible(self, xid: int, snapshot: Snapshot) -> bool:
        """Whether a snapshot shows the row of a transaction, which was not rolled back."""
        return xid < snapshot.xmax and xid not in snapshot.xip

    def committed(self) -> list[Said]:
        """All events that are true."""
        return [said(row) for row in self.rows if row["xid"] not in self.running]


def said(row: dict[str, Any]) -> Said:
    """A row of the log as evidence."""
    return Said(row["key"], (1, row["seq"]), row["event_id"])


class Transaction:
    """One of a writer; an id is drawn, and a sequence taken, long before anyone can see them."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._xid: int | None = None
        self._versions: dict[str, int] = {}

    def write(self) -> int:
        """Write anything at all: the first write assigns the transaction its id."""
        if self._xid is None:
            self._xid, self._log.next_xid = self._log.next_xid, self._log.next_xid + 1
            self._log.running.add(self._xid)
        return self._xid

    async def lock(self, key: str) -> None:
        """Take the row of an aggregate. Raises TimeoutError."""
        await until(lambda: self._log.holders.get(key, self) is self, _LOCK_TIMEOUT)
        self._log.holders[key] = self

    def publish(self, key: str) -> None:
        """Append an event of an aggregate whose row is held."""
        log, xid = self._log, self.write()
        seq = self._versions.get(key, log.versions.get(key, 0)) + 1
        self._versions[key] = seq
        event_id, log.next_id = log.next_id, log.next_id + 1
        row = {"id": event_id, "xid": xid, "key": key, "seq": seq, "event_id": f"{key}{seq}-{xid}"}
        log.rows.append(row)

    def commit(self) -> None:
        """Make it true."""
        self._log.versions |= self._versions
        self._log.idle = False
        self._end()

    def roll_back(self) -> None:
        """Undo it, unless it was committed."""
        if self._xid in self._log.running:
            self._log.rows = [row for row in self._log.rows if row["xid"] != self._xid]
        self._end()

    def _end(self) -> None:
        log = self._log
        log.running.discard(self._xid or 0)
        log.holders = {key: who for key, who in log.holders.items() if who is not self}


class Session:
    """A direct connection of a relay, answering the few statements that a relay has."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self.alive = True

    def elected(self) -> bool:
        """Try the advisory lock, which ends with the session of whoever holds it."""
        log = self._log
        if log.leader is None or not log.leader.alive:
            log.leader = self
        return log.leader is self

    async def fetch(self, _statement: str, *values: Any) -> list[dict[str, Any]]:  # noqa: ANN401 (as the driver)
        """Load the cursor, begin a snapshot, or go on in one, told apart by what is given."""
        await step("read")
        self._still_there()
        if len(values) == 1:
            done, target, last_id = self._log.cursor
            return [{"done": done, "target": target, "last_id": last_id, "at_home": True}]
        return self._fresh(*values) if len(values) == 3 else self._next(*values)

    def _fresh(self, xmax: int, xip: tuple[int, ...], size: int) -> list[dict[str, Any]]:
        log, seen = self._log, self._log.snapshot()
        new = [
            row | {"seen": seen}
            for row in log.rows
            if (row["xid"] >= xmax or row["xid"] in xip)
            and log.visible(row["xid"], Snapshot(*seen))
        ]
        return new[:size] or [{"seen": seen, "id": None}]

    def _next(
        self,
        xmax: int,
        xip: tuple[int, ...],
        size: int,
        last_id: int,
        target: tuple[int, int, tuple[int, ...]],
    ) -> list[dict[str, Any]]:
        log = self._log
        rows = [
            row
            for row in log.rows
            if row["id"] > last_id
            and log.visible(row["xid"], Snapshot(*target))
            and (row["xid"] >= xmax or row["xid"] in xip)
        ]
        return rows[:size]

    async def look(self) -> tuple[list[dict[str, Any]], Snapshot]:
        """Read the whole log, for those cursors that are not ours."""
        await step("read")
        self._still_there()
        seen = Snapshot(*self._log.snapshot())
        return [row for row in self._log.rows if self._log.visible(row["xid"], seen)], seen

    async def execute(self, _statement: str, _reader: str, *cursor: Any) -> None:  # noqa: ANN401 (as the driver)
        """Mark what is done; only in a wrong way can this be done without the session."""
        await step("mark")
        await step("mark")
        if self._log.mark_is_fenced:
            self._still_there()
        done, target, last_id = cursor
        self._log.cursor = (done, target, last_id)

    def _still_there(self) -> None:
        if not self.alive:
            raise ConnectionError
