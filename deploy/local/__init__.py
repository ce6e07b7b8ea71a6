"""The whole ecosystem on a laptop: real PostgreSQL, real Kafka, every service."""
