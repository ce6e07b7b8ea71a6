"""Ways to do it that are known to be wrong; the simulation must turn red with each of them."""

from enum import StrEnum


class Way(StrEnum):
    """One thing left out, or done in the obvious way."""

    ID_CURSOR = "id cursor"
    XMIN_CURSOR = "xmin cursor"
    NO_EPOCH_FENCE = "no epoch fence"
    NO_MARK_FENCE = "no mark fence"
    NO_POSITION_GUARD = "no position guard"
    AUTO_COMMIT = "auto-commit"
    ACKS_1 = "acks=1"
