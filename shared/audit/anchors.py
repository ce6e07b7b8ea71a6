"""What the topic still knows of each sealed block, whatever became of the database."""

from dataclasses import dataclass, field

from shared.events.audit import AUDIT_BLOCKS
from shared.streams.codec import EnvelopeError, from_binary
from shared.streams.kafka.whole import read_whole


@dataclass(slots=True)
class Anchors:
    """The hashes that were announced for each number; one and the same, if all is well.

    `flaw` says which record of the topic tells of no block, if there is one. A restore begins a new
    epoch, in which numbers are given again to blocks of another content: the newest epoch counts.
    """

    hashes: dict[int, set[bytes]] = field(default_factory=dict)
    flaw: str | None = None
    epochs: dict[int, int] = field(default_factory=dict)
    """By number, the newest epoch in which it was announced."""

    @property
    def newest(self) -> int:
        """The highest number that was announced in the newest epoch, 0 when none was."""
        epoch = max(self.epochs.values(), default=0)
        return max((n for n, of in self.epochs.items() if of == epoch), default=0)

    def hear(self, number: int, epoch: int, announced: bytes) -> None:
        """Take note of an announcement."""
        if epoch > self.epochs.get(number, 0):
            self.epochs[number], self.hashes[number] = epoch, set()
        if epoch == self.epochs[number]:
            self.hashes[number].add(announced)

    def of(self, number: int) -> set[bytes]:
        """The hashes that were announced for a number."""
        return self.hashes.get(number, set())

    def number_of(self, announced: bytes) -> int | None:
        """The number for which a hash was announced."""
        found = (number for number, hashes in self.hashes.items() if announced in hashes)
        return next(found, None)


async def anchors(kafka: str, service: str, prefix: str = "") -> Anchors:
    """Read every announcement of a service's blocks.

    Raises ConnectionError when there is no such topic or Kafka cannot be asked, TimeoutError when
    it stops answering.
    """
    state, found = AUDIT_BLOCKS[service], Anchors()
    async for message in read_whole(kafka, prefix + state.topic):
        try:
            event = from_binary(state, message.key, message.value, message.headers)
        except EnvelopeError:
            event = None
        if event is None or event.data is None:
            place = f"partition {message.partition}, offset {message.offset}"
            found.flaw = (
                f"The topic {state.topic} tells of no block at {place}: it was tampered with."
            )
        else:
            found.hear(event.data.number, event.epoch, bytes.fromhex(event.data.hash))
    return found
