"""Whether a listener gets on: it looks for records, and takes some while there are any."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

STALLED_AFTER = 60.0
"""Seconds without a look, or without a record although there are some."""
LOOK_BEHIND = 15.0
"""Seconds without a record after which the brokers are asked whether there are any."""


@dataclass(slots=True)
class Progress:
    """When something last happened, on a clock that only runs forward.

    A partition that is held does not count as one with records: it waits for what a new start of
    the process would not bring back. Nor does joining a group: that has a deadline of its own.
    """

    clock: Callable[[], float] = time.monotonic
    behind: int = 0
    joining: bool = True
    _polled: float = field(init=False)
    _advanced: float = field(init=False)
    _looked: float = field(init=False)

    def __post_init__(self) -> None:
        """Begin as if all were well."""
        self._polled = self._advanced = self._looked = self.clock()

    def joins(self) -> None:
        """Note that the group is joined, for the first time or anew."""
        self.joining, self.behind = True, 0

    def polled(self, records: int) -> None:
        """Note a look, and how many records it brought."""
        self._polled = self.clock()
        if self.joining or records:
            self._advanced, self.behind = self._polled, 0
        self.joining = False

    @property
    def wants_a_look_behind(self) -> bool:
        """Whether it is time to find out how many records there are."""
        return self.clock() - max(self._advanced, self._looked) > LOOK_BEHIND

    def found(self, behind: int) -> None:
        """Note how many records there are that were not brought."""
        if not behind:
            self._advanced = self.clock()
        self.behind, self._looked = behind, self.clock()

    @property
    def stalled(self) -> bool:
        """Whether the process should be started again."""
        if self.joining:
            return False
        still = min(self._advanced, self._polled) if self.behind else self._polled
        return self.clock() - still > STALLED_AFTER
