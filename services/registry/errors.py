"""What the registry refuses to do."""

from shared.refusals import Conflict, Forbidden, Invalid, NotFound


class UnitUnknown(Invalid):
    """A unit is named that there is not."""

    title = "No such unit"


class OwnerUnknown(Invalid):
    """An owner is named who is nobody that the unit knows."""

    title = "No such owner"


class EnterpriseNotFound(NotFound):
    """No enterprise has this id."""

    title = "No such enterprise"


class UnitNotFound(NotFound):
    """No unit has this id."""

    title = "No such unit"


class SnapshotNotFound(NotFound):
    """The enterprise has no snapshot with this id."""

    title = "No such snapshot"


class ImportNotFound(NotFound):
    """No import has this id."""

    title = "No such import"


class EnterpriseClosed(Conflict):
    """A closed enterprise is changed by nothing but reopening it."""

    title = "The enterprise is closed"


class EnterpriseActive(Conflict):
    """Only a closed enterprise can be reopened."""

    title = "The enterprise is active"


class NothingChanged(Invalid):
    """The change asks for what is already so."""

    title = "Nothing to change"


class FileUnreadable(Invalid):
    """The file as a whole is not a table of enterprises."""

    title = "The file cannot be read"


class EnterpriseMerged(Conflict):
    """What was merged into another is changed by nothing but undoing that."""

    title = "The enterprise was merged"


class NotMerged(Conflict):
    """Only a merger can be undone."""

    title = "The enterprise is not merged"


class CannotMerge(Invalid):
    """These two cannot become one."""

    title = "These cannot be merged"


class SurvivorMerged(Conflict):
    """Mergers of mergers are undone from the last one on."""

    title = "A later merger stands in the way"


class SubmittedAlready(Conflict):
    """It is with the second person, or was verified."""

    title = "Handed in already"


class NotSubmitted(Conflict):
    """Nobody handed it in."""

    title = "Not handed in"


class SecondPersonNeeded(Forbidden):
    """Whoever hands in does not vouch for it too."""

    title = "A second person is needed"


class IdentifierNotFound(NotFound):
    """The enterprise has no such identifier."""

    title = "No such identifier"


class IdentifierTaken(Conflict):
    """The number is noted already, or the enterprise has one of its kind."""

    title = "The number is noted already"


class LargerThanMedium(Invalid):
    """A large enterprise is not one that the centres serve (UU 20/2008, 1)."""

    title = "No micro, small or medium enterprise"


class DayToCome(Invalid):
    """What is noted of a day must have been so."""

    title = "The day is still to come"


class DuplicateNotFound(NotFound):
    """No flagged pair has this id."""

    title = "No such pair"


class ConsentNotFound(NotFound):
    """No consent has this id."""

    title = "No such consent"


class ConsentWithdrawn(Conflict):
    """A consent is withdrawn once."""

    title = "The consent is withdrawn"


class ConsentOver(Invalid):
    """A consent must hold for a time to come."""

    title = "The consent would be over"


class VisitNotFound(NotFound):
    """No visit has this id."""

    title = "No such visit"
