"""A member of a consumer group that does nothing about a rebalance."""

from shared.streams.kafka import ConsumerRebalanceListener


class Unconcerned(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka carries no types
    """Does nothing about partitions that come or go."""

    async def on_partitions_assigned(self, assigned: object) -> None:
        """Begin where the group is."""

    async def on_partitions_revoked(self, revoked: object) -> None:
        """Leave nothing undone."""
