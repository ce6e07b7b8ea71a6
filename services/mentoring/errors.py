"""What mentoring refuses to do."""

from shared.refusals import Conflict, Forbidden, Invalid, NotFound


class ConsultantNotFound(NotFound):
    """No consultant has this id, or none within the actor's reach."""

    title = "No such consultant"


class RequestNotFound(NotFound):
    """No request has this id, or it is none of the actor's."""

    title = "No such request"


class CaseNotFound(NotFound):
    """No case has this id, or it is none of the actor's."""

    title = "No such case"


class SessionNotFound(NotFound):
    """No session has this id, or it is none of the actor's."""

    title = "No such session"


class OutcomeNotFound(NotFound):
    """No outcome has this id, or it is none of the actor's."""

    title = "No such outcome"


class ConsultantUnknown(Invalid):
    """A consultant is named who does not work in the province."""

    title = "No such consultant"


class TimeImpossible(Invalid):
    """The time wanted is over, too far ahead, too short or too long."""

    title = "Not a time for a session"


class DayImpossible(Invalid):
    """An outcome is claimed for a day that has not come."""

    title = "The day has not come"


class ResultsIncomplete(Invalid):
    """A case is closed with the result of each of its goals, once."""

    title = "Each goal has one result"


class NothingChanged(Invalid):
    """The change asks for what is already so."""

    title = "Nothing to change"


class NotOfTheUnit(Forbidden):
    """The unit, or the enterprise, is not within the actor's reach."""

    title = "Not yours to do"


class PersonIsConsultant(Conflict):
    """A person is a consultant of one unit at a time."""

    title = "The person is a consultant already"


class ConsultantNotInState(Conflict):
    """The consultant is not in the state that this needs."""

    title = "The consultant's state does not allow it"


class HoursInUse(Conflict):
    """Hours that assignments and cases take cannot be taken away."""

    title = "More hours are taken"


class CapacityExceeded(Conflict):
    """A consultant has no more hours a week than they give."""

    title = "Not as many hours are left"


class RequestNotInState(Conflict):
    """The request is not in the state that this needs."""

    title = "The request's state does not allow it"


class EnterpriseClosed(Conflict):
    """It ceased business."""

    title = "The enterprise is closed"


class CaseClosed(Conflict):
    """Nothing more happens in a closed case."""

    title = "The case is closed"


class SessionsPlanned(Conflict):
    """A case with sessions to come, or to be told of, is not at its end."""

    title = "Sessions are planned"


class SameConsultant(Conflict):
    """The case is in their hands already."""

    title = "It is theirs already"


class SessionNotInState(Conflict):
    """The session is not in the state that this needs."""

    title = "The session's state does not allow it"


class TooEarly(Conflict):
    """The session has not begun."""

    title = "Too early"


class OutcomeAnswered(Conflict):
    """The owner confirmed or disputed it before."""

    title = "The owner has answered"
