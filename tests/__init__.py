"""Promises, kept against a real PostgreSQL and a real Kafka."""
