"""How the database of registry came to its present shape."""
