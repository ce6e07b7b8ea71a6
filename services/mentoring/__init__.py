"""Mentoring: consultants and the cases in which they help enterprises."""
