"""Keys, certificates and whom we know."""
