"""The `sinergi` command."""
