"""Writing Content Credentials."""
