"""What the `sinergi` command promises."""
