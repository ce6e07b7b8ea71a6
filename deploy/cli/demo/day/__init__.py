"""One day of one centre, played through the APIs by the people of the development sign-in."""
