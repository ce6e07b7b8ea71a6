"""Who did what, when, why and from where; sealed, so that nobody changes it unseen."""
