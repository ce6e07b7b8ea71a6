"""Keeps the newest state of every enterprise, and says what became known."""

import asyncio
import json
import sys

from aiokafka import AIOKafkaConsumer

states: dict[str, dict] = {}
positions: dict[str, tuple[int, int]] = {}


def hear(key: str, headers: dict[str, bytes], value: bytes | None) -> None:
    """Take over a state, unless this one or a newer one of the same key was heard before."""
    position = int(headers["ce_epoch"]), int(headers["ce_sequence"])
    if position <= positions.get(key, (0, 0)):
        return
    positions[key] = position
    if value is None:
        states.pop(key, None)
    else:
        states[key] = json.loads(value)
    verb = headers["ce_type"].decode().split(".")[-2]
    name = states.get(key, {}).get("trade_name", "gone")
    print(f"{key} {position[0]}.{position[1]} {verb}: {name}", flush=True)


async def follow(kafka: str, group: str, topic: str) -> None:
    """Read from the beginning; remember how far only when all that was read is kept."""
    consumer = AIOKafkaConsumer(
        topic,
        bootstrap_servers=kafka,
        group_id=group,
        auto_offset_reset="earliest",
        enable_auto_commit=False,
    )
    async with consumer:
        while True:
            for records in (await consumer.getmany(timeout_ms=1000)).values():
                for record in records:
                    hear(record.key.decode(), dict(record.headers), record.value)
            await consumer.commit()


if __name__ == "__main__":
    asyncio.run(follow(*sys.argv[1:]))
