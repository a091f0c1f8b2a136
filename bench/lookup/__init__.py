"""Looking a picture up without its metadata: how the descriptor was trained, and how far it holds."""
