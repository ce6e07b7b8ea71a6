"""What a service keeps of persons: sealed under a key of each, found by digest, erased for good."""
