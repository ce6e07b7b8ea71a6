"""A way to book that is known to be wrong; a proof counts once it has caught it."""

from tests.facilities.centre import Centre

_CHECK_THEN_INSERT = "ALTER TABLE occupied_place DROP CONSTRAINT no_place_twice"


async def check_then_insert(centre: Centre) -> None:
    """Take the constraint away: what is left looks whether a place is free, and then takes it.

    That is how it is usually done; but two can look before either has taken.
    """
    await centre.ecosystem.rows("facilities", _CHECK_THEN_INSERT)
