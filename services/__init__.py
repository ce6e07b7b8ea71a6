"""The services: separate, each with its own database; none imports another."""
