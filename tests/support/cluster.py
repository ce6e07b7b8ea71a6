"""Three brokers, of which two must agree: what one broker alone cannot show."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.local.kafka import Kafka
from deploy.local.parts import Parts
from deploy.local.ports import HOST, remembered_ports
from deploy.local.postgres import Postgres

REPLICAS, AGREEING = 3, 2


class Broker(Kafka):
    """One of several; the first also decides who leads, and is never broken."""

    def __init__(self, folder: Path, number: int, first: "Broker | None" = None) -> None:
        """Belong to the cluster of the first."""
        super().__init__(folder)
        folder.mkdir(parents=True)
        self._number = number
        self._first = first or self
        self.cluster_id = self._first.cluster_id
        # Known before the start, since the others must know the first one's.
        self.port, self._controller = remembered_ports(folder / "ports", 2)

    @property
    def address(self) -> str:
        """Where clients find it, host:port."""
        return f"{HOST}:{self.port}"

    def _settings(self, port: int, controller_port: int) -> str:
        kept = [
            f"{topic}={value}\n"
            for topic, value in {
                "offsets.topic.replication.factor": REPLICAS,
                "transaction.state.log.replication.factor": REPLICAS,
                "transaction.state.log.min.isr": AGREEING,
                "min.insync.replicas": AGREEING,
                "node.id": self._number,
                "controller.quorum.voters": f"1@{HOST}:{self._first._controller}",  # noqa: SLF001 (one of us)
                "broker.session.timeout.ms": 3_000,
                "broker.heartbeat.interval.ms": 500,
                "replica.lag.time.max.ms": 3_000,
            }.items()
        ]
        if self is not self._first:
            kept += ["process.roles=broker\n", f"listeners=PLAINTEXT://{HOST}:{port}\n"]
        return super()._settings(port, controller_port) + "".join(kept)


@dataclass(frozen=True)
class Cluster:
    """A PostgreSQL and three brokers at work."""

    brokers: tuple[Broker, ...]
    parts: Parts


@contextmanager
def cluster() -> Iterator[Cluster]:
    """All of them on a fresh folder, which is removed afterwards."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="sinergi-cluster-")))
        first = Broker(folder / "1", 1)
        brokers = (first, *(Broker(folder / str(n), n, first) for n in range(2, REPLICAS + 1)))
        postgres = Postgres(folder / "postgresql")
        stack.callback(postgres.stop)
        url = postgres.start()
        for broker in brokers:
            stack.callback(broker.stop)
            broker.start()
        addresses = ",".join(broker.address for broker in brokers)
        yield Cluster(brokers, Parts(url, addresses))
