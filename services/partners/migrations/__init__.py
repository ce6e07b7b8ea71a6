"""How the database of partners came to its present shape."""
