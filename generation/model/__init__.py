"""Which model, and what can be asked of it, read from its configuration. No weights are loaded."""
