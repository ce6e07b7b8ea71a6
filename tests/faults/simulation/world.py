"""All of it together: one schedule from a seed, its faults, the healing, and the verdict."""

from functools import partial

from tests.faults.simulation.consumers import Consuming, heard_of
from tests.faults.simulation.kafka import PARTITIONS, Broker
from tests.faults.simulation.postgres import Log, Session, Transaction
from tests.faults.simulation.relays import relay
from tests.faults.simulation.schedule import POINTS, Actor, Schedule, step
from tests.faults.simulation.store import Store
from tests.faults.simulation.ways import Way
from tests.support.invariants.delivered import undelivered, unheard
from tests.support.invariants.once import repeated
from tests.support.invariants.ordered import fallen, misled_by_compaction, out_of_order

KEYS = "abc"
_WRITERS = 3
_TRANSACTIONS = 5
_LONGEST_PAUSE = 8
_STEPS_OF_FAULTS = 600
_FAULT = 0.03
_AT_A_POINT = 0.15
_STEPS_TO_RECOVER = 20_000


class World:
    """One ecosystem under one schedule."""

    def __init__(self, seed: int, way: Way | None = None) -> None:
        self.schedule = Schedule(seed)
        chance = self.schedule.chance
        self.log = Log(mark_is_fenced=way is not Way.NO_MARK_FENCE)
        self.broker = Broker(
            chance, fenced=way is not Way.NO_EPOCH_FENCE, acks_all=way is not Way.ACKS_1
        )
        self.store = Store(guarded=way is not Way.NO_POSITION_GUARD)
        self.consuming = Consuming(self.store, self.broker, commits_first=way is Way.AUTO_COMMIT)
        self._points = chance.sample(POINTS, 3)
        self.sessions: list[Session] = []
        add = self.schedule.add
        self._writers = [add(f"writer {n}", self._write) for n in range(_WRITERS)]
        lead = partial(relay, self.log, self.broker, way, self.sessions)
        self._relays = [add(f"relay {n}", lead) for n in range(2)]
        names = ("member 0", "member 1")
        self._members = [add(name, partial(self.consuming.consume, name)) for name in names]
        self._redrivers = [add(f"redriver {n}", self.consuming.redrive) for n in range(2)]
        self._mortal = [*self._writers, *self._relays, *self._members, *self._redrivers]
        if chance.random() < 0.5:
            self._only_relays()
        for _ in range(2):
            add("broker", self.broker.live)

    def _only_relays(self) -> None:
        """Harm nobody else, and let nobody listen before it is over: more happens to each."""
        self._mortal = self._relays
        self._points = ["read", "acks", "mark"]
        for actor in (*self._members, *self._redrivers):
            actor.asleep_until = _STEPS_OF_FAULTS

    def run(self) -> list[str]:
        """Let it run with faults, heal it, wait for it to settle, and name every breach."""
        Schedule.running = self.schedule
        try:
            for _ in range(_STEPS_OF_FAULTS):
                self.schedule.go_on()
                self._perhaps_harm()
            self._heal()
            for _ in range(_STEPS_TO_RECOVER):
                self.schedule.go_on()
                if self._settled():
                    return self._breaches()
            return ["it never settled"]
        finally:
            for actor in self.schedule.actors:
                actor.end()

    async def _write(self) -> None:
        chance = self.schedule.chance
        for _ in range(_TRANSACTIONS):
            tx = Transaction(self.log)
            try:
                await self._change(tx)
                if chance.random() < 0.9:
                    tx.commit()
            except (ConnectionError, TimeoutError):
                pass
            finally:
                tx.roll_back()
            for _ in range(chance.randint(1, _LONGEST_PAUSE)):
                await step()

    async def _change(self, tx: Transaction) -> None:
        """Half of them write something else first; some announce two events."""
        chance = self.schedule.chance
        if chance.random() < 0.5:
            tx.write()
            await step()
        key = chance.choice(KEYS)
        await tx.lock(key)
        for _ in range(chance.choice((1, 1, 2))):
            tx.publish(key)
            await step()

    def _perhaps_harm(self) -> None:
        """Harm whoever has come to a point that this schedule prefers, or anyone at any time."""
        chance, actor = self.schedule.chance, self.schedule.current
        if actor and actor.at in self._points and chance.random() < _AT_A_POINT:
            chance.choice((self._crash, self._freeze, self._fail))(actor)
        elif chance.random() < _FAULT:
            chance.choice((self._crash, self._freeze, self._fail))(chance.choice(self._mortal))
        elif chance.random() < _FAULT:
            chance.choice((self._cut, self._lose, self._spoil))()

    def _crash(self, actor: Actor) -> None:
        if not actor.finished:
            actor.end()
            self.consuming.group.evict(actor.name)

    def _freeze(self, actor: Actor) -> None:
        """Frozen for long, a leader loses its session, and a member its partitions."""
        chance = self.schedule.chance
        actor.asleep_until = self.schedule.now + chance.randint(5, 80)
        if actor in self._relays:
            self._cut()
        self.consuming.group.evict(actor.name)

    def _cut(self) -> None:
        """A session ends, and what its relay has sent may be long on its way."""
        chance = self.schedule.chance
        if self.sessions:
            chance.choice(self.sessions).alive = False
            self.broker.stall(chance.choice((0, chance.randint(5, 60))))

    def _fail(self, actor: Actor) -> None:
        self.schedule.interrupt(actor, ConnectionError())

    def _lose(self) -> None:
        self.broker.change_leader(self.schedule.chance.randrange(PARTITIONS))

    def _spoil(self) -> None:
        self.consuming.spoilt ^= {self.schedule.chance.choice(KEYS)}

    def _heal(self) -> None:
        self.consuming.spoilt.clear()
        self.log.idle = False
        for actor in self.schedule.actors:
            actor.asleep_until = 0

    def _settled(self) -> bool:
        """Whether everyone has come to rest, by what they themselves can see."""
        if not (self.log.idle and self.broker.at_rest and not self.store.parked):
            return False
        if not all(writer.finished for writer in self._writers):
            return False
        taken, partitions = self.consuming.group.offsets, self.broker.partitions
        return all(taken[n] >= len(partition.records) for n, partition in enumerate(partitions))

    def _breaches(self) -> list[str]:
        committed, said = self.log.committed(), self.broker.said()
        effects = self.store.effects
        names = {getattr(heard_of(event).event, "id", None): event.id for event in committed}
        kept = {key: names.get(position[2], "?") for key, position in self.store.kept.items()}
        return [
            *(f"I3: {breach}" for breach in undelivered(committed, said)),
            *(f"I3, I9: {breach}" for breach in unheard(committed, kept)),
            *(
                f"I4: {breach}"
                for breach in repeated([e.id for e in effects], {e.id for e in committed})
            ),
            *(f"I5: {breach}" for breach in out_of_order(said)),
            *(f"I5: {breach}" for breach in misled_by_compaction(committed, said)),
            *(f"I5: {breach}" for breach in fallen((e.key, e.position) for e in effects)),
        ]
