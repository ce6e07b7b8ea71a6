"""Why the ecosystem could not start, in one sentence for the person who typed the command."""


class CannotStart(Exception):
    """A part could not be brought up; the message is meant to be shown as it is."""


class AlreadyRunning(CannotStart):
    """The ecosystem of this checkout is up already."""
