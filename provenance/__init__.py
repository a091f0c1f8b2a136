"""Who and what made a picture, and proof that the record was not changed."""
