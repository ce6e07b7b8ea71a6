"""`python -m deploy.acls strimzi | kafka` prints the users for an operator, or as commands."""

import sys

from deploy.acls.rendering import commands, strimzi
from deploy.acls.users import users

_FORMS = {"strimzi": strimzi, "kafka": commands}

if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in _FORMS:  # noqa: PLR2004 (program, and one word)
        sys.exit(__doc__)
    try:
        sys.stdout.write(_FORMS[sys.argv[1]](users()))
    except ValueError as error:
        sys.exit(f"deploy/subscribers.toml: {error}")
