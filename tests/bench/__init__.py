"""Figures, not verdicts: each is a ratio to a bare baseline measured in the same run."""
