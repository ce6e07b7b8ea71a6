"""A world in one thread: relay, zombie, consumer and redriver under a schedule from a seed.

What decides is what runs in production: the relay's reading, draining and marking with its snapshot
cursor, and the listener's taking, judging and parking. What is modelled is around it: transactions
of PostgreSQL, partitions of Kafka, a consumer group. At each await the schedule may let another go
on, or end, freeze or cut off the one that waits (docs/proofs.md).
"""
