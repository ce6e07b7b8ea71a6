"""Bookings as one would keep them on paper: what a plain list says may be booked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

OPENS: Final = 0
CLOSES: Final = 12
"""Quarters of an hour after everything opens; a short day, so that wishes often collide."""
HOLDING: Final = ("pending", "confirmed")


@dataclass
class Thing:
    """A facility: how many places, and the quarters of an hour kept free around each use."""

    places: int
    before: int
    after: int
    needs_officer: bool = False


@dataclass
class Entry:
    """A line on paper: who has which places of what, from when to when."""

    places: dict[UUID, set[int]]
    start: int
    end: int
    status: str
    changes: int = 1

    @property
    def holds(self) -> bool:
        """Whether it keeps its places."""
        return self.status in HOLDING

    def uses(self, thing: UUID, start: int, end: int) -> bool:
        """Whether it uses a thing at a time."""
        return thing in self.places and self.start < end and start < self.end


@dataclass
class Paper:
    """The whole book: things, entries, closures and leases."""

    things: Mapping[UUID, Thing]
    entries: dict[UUID, Entry] = field(default_factory=dict)
    closures: dict[UUID, tuple[UUID, int, int]] = field(default_factory=dict)
    leases: dict[UUID, tuple[UUID, int]] = field(default_factory=dict)

    def free_places(
        self, thing: UUID, start: int, end: int, *, but: UUID | None = None
    ) -> set[int]:
        """The places of a thing that nobody else has at a time, the time around it included."""
        rules = self.things[thing]
        taken = {place for leased, place in self.leases.values() if leased == thing}
        for key, entry in self.entries.items():
            apart = (
                entry.end + rules.after <= start - rules.before
                or end + rules.after <= entry.start - rules.before
            )
            if key != but and entry.holds and not apart:
                taken |= entry.places.get(thing, set())
        return set(range(1, rules.places + 1)) - taken

    def closed(self, thing: UUID, start: int, end: int) -> bool:
        """Whether a thing is closed in any part of a time."""
        return any(
            closed == thing and first < end and start < last
            for closed, first, last in self.closures.values()
        )

    def why_not(
        self, counts: Mapping[UUID, int], start: int, end: int, *, but: UUID | None = None
    ) -> set[str]:
        """Each reason for which it cannot be had then; none when it can."""
        if start < OPENS or end > CLOSES:
            return {"OutsideOpeningHours"}
        reasons = set()
        for thing, count in counts.items():
            if self.closed(thing, start, end):
                reasons.add("FacilityShut")
            if len(self.free_places(thing, start, end, but=but)) < count:
                reasons.add("SlotTaken")
        return reasons

    def in_the_way(self, thing: UUID, start: int, end: int) -> list[Entry]:
        """The entries that use a thing at a time."""
        return [
            entry
            for entry in self.entries.values()
            if entry.holds and entry.uses(thing, start, end)
        ]
