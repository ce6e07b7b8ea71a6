"""What the ecosystem on a laptop promises."""
