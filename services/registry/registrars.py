"""Who keeps the register."""

from typing import Final

from shared.access.actor import Role

REGISTRARS: Final = (Role.MINISTRY, Role.OPERATOR, Role.UNIT_HEAD, Role.DESK_OFFICER)
"""The roles that may change it, each within the scope of its grant."""
