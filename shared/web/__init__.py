"""What every HTTP service has: problems, paging, ETags, idempotency, limits, health."""
