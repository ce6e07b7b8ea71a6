"""What the registry refuses to do."""

from shared.refusals import Conflict, Invalid, NotFound


class UnitUnknown(Invalid):
    """A unit is named that there is not."""

    title = "No such unit"


class EnterpriseNotFound(NotFound):
    """No enterprise has this id."""

    title = "No such enterprise"


class UnitNotFound(NotFound):
    """No unit has this id."""

    title = "No such unit"


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
