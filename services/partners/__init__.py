"""Partnerships: the stakeholders, what they offer, and what became of a referral."""
