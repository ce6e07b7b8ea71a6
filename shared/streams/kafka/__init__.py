"""Our port to Kafka: a fenced producer, a consumer, topics; every await has a deadline.

The one module that knows aiokafka. After any failure a producer is thrown away, since its
sequence numbers may be ahead of the broker's for ever.
"""

from aiokafka import TopicPartition
from aiokafka.abc import ConsumerRebalanceListener

from shared.streams.kafka.brokers import Brokers, SecuredBrokers
from shared.streams.kafka.consumer import Consumer, open_consumer
from shared.streams.kafka.header_names import read_any_header_name
from shared.streams.kafka.producer import EventTooLarge, Producer, open_producer
from shared.streams.kafka.records import Headers, Message, Record
from shared.streams.kafka.topics import ensure_topics

__all__ = [
    "Brokers",
    "Consumer",
    "ConsumerRebalanceListener",
    "EventTooLarge",
    "Headers",
    "Message",
    "Producer",
    "Record",
    "SecuredBrokers",
    "TopicPartition",
    "ensure_topics",
    "open_consumer",
    "open_producer",
]

read_any_header_name()
