"""The tables of mentoring, and the rules that keep them true."""

from services.mentoring.models.case import Case, Circumstances, Goal, GoalResult, Result, Target
from services.mentoring.models.consultant import Consultant
from services.mentoring.models.days import end_of_working_days, latest_day
from services.mentoring.models.outcome import IN_RUPIAH, Achievement, Outcome
from services.mentoring.models.proposals import Need, Proposal, proposals
from services.mentoring.models.request import UNDECIDED, WORKING_DAYS_TO_ANSWER, Request
from services.mentoring.models.session import PENDING, Meeting, Session
from services.mentoring.models.table import metadata

__all__ = [
    "IN_RUPIAH",
    "PENDING",
    "UNDECIDED",
    "WORKING_DAYS_TO_ANSWER",
    "Achievement",
    "Case",
    "Circumstances",
    "Consultant",
    "Goal",
    "GoalResult",
    "Meeting",
    "Need",
    "Outcome",
    "Proposal",
    "Request",
    "Result",
    "Session",
    "Target",
    "end_of_working_days",
    "latest_day",
    "metadata",
    "proposals",
]
