"""How the database of facilities came to its present shape."""
