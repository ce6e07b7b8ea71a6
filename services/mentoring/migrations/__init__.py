"""How the database of mentoring came to its present shape."""
