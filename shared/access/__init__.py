"""Who asks, and what was granted to them."""
