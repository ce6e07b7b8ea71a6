"""The snapshot cursor against a model of PostgreSQL's transactions, in every order and size."""

from dataclasses import dataclass, field

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    precondition,
    rule,
)

from shared.streams.cursor import BEGINNING, Snapshot, SnapshotCursor


@dataclass(frozen=True)
class Row:
    """One event in the log, of the transaction `xid`."""

    id: int
    xid: int
    aggregate: int
    seq: int


@dataclass
class Log:
    """Transactions that lock aggregates, append events and end; and what a snapshot shows."""

    rows: list[Row] = field(default_factory=list)
    running: dict[int, set[int]] = field(default_factory=dict)
    """The aggregates that each running transaction has locked."""
    committed: set[int] = field(default_factory=set)
    next_xid: int = 3

    def begin(self) -> int:
        xid, self.next_xid = self.next_xid, self.next_xid + 1
        self.running[xid] = set()
        return xid

    def append(self, xid: int, aggregate: int) -> None:
        """Lock the aggregate, as the flush does, and append the next of its events."""
        self.running[xid].add(aggregate)
        visible = self.committed | {xid}
        seq = 1 + sum(row.aggregate == aggregate and row.xid in visible for row in self.rows)
        self.rows.append(Row(len(self.rows) + 1, xid, aggregate, seq))

    def is_free(self, xid: int, aggregate: int) -> bool:
        others = (locked for other, locked in self.running.items() if other != xid)
        return not any(aggregate in locked for locked in others)

    def snapshot(self) -> Snapshot:
        running = tuple(sorted(self.running))
        return Snapshot(min(running, default=self.next_xid), self.next_xid, running)

    def shown(self, snapshot: Snapshot) -> list[Row]:
        return [row for row in self.rows if row.xid in self.committed and _saw(snapshot, row.xid)]


def _saw(snapshot: Snapshot, xid: int) -> bool:
    return xid < snapshot.xmax and xid not in snapshot.xip


class CursorMachine(RuleBasedStateMachine):
    """Writers and one reader that is killed now and then between delivering and marking."""

    transactions = Bundle("transactions")

    @initialize()
    def _set_out(self) -> None:
        self.log = Log()
        self.cursor = SnapshotCursor(BEGINNING)
        self.delivered: list[Row] = []
        self.crashes = 0

    @rule(target=transactions)
    def begin(self) -> int:
        return self.log.begin()

    @rule(xid=transactions, aggregate=st.integers(1, 3), count=st.integers(1, 3))
    def append(self, xid: int, aggregate: int, count: int) -> None:
        if self.log.is_free(xid, aggregate):
            for _ in range(count):
                self.log.append(xid, aggregate)

    @rule(xid=consumes(transactions), commits=st.booleans())
    def end(self, xid: int, commits: bool) -> None:  # noqa: FBT001 (drawn by name)
        del self.log.running[xid]
        if commits:
            self.log.committed.add(xid)

    @rule(size=st.integers(1, 4), marked=st.integers(0, 9))
    def read(self, size: int, marked: int) -> None:
        after = self._read(size)
        if marked:
            self.cursor = after
        else:
            self.crashes += 1

    def _read(self, size: int) -> SnapshotCursor:
        """Deliver a slice as the statements of the relay choose it; return the cursor after it."""
        cursor, seen = self.cursor, self.log.snapshot()
        beyond = cursor.last_id if cursor.target else 0
        shown = self.log.shown(cursor.target or seen)
        new = [row for row in shown if not _saw(cursor.done, row.xid) and row.id > beyond]
        rows = sorted(new, key=lambda row: row.id)[:size]
        self.delivered += rows
        return cursor.after([row.id for row in rows], seen, size)

    @invariant()
    def first_occurrences_are_in_order(self) -> None:
        known: dict[int, int] = {}
        for row in dict.fromkeys(self.delivered):
            assert row.seq == known.get(row.aggregate, 0) + 1
            known[row.aggregate] = row.seq

    @invariant()
    @precondition(lambda self: not self.crashes)
    def without_a_crash_nothing_comes_twice(self) -> None:
        assert len(self.delivered) == len(set(self.delivered))

    def teardown(self) -> None:
        """Whatever happened, everything that was committed is delivered in the end."""
        for xid in list(self.log.running):
            self.end(xid, commits=False)
        for _ in range(len(self.log.rows) + 2):
            self.cursor = self._read(2)

        committed = {row for row in self.log.rows if row.xid in self.log.committed}
        assert set(self.delivered) == committed


CursorMachine.TestCase.settings = settings(
    max_examples=300, stateful_step_count=50, deadline=None, derandomize=True
)
TestTheCursorLosesNothingAndKeepsTheOrder = CursorMachine.TestCase
