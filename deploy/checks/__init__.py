"""The house rules that no other tool keeps, and the one command that asks them all."""
