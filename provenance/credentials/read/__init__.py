"""Reading Content Credentials, with our own verdict."""
