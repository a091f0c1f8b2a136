"""Looking a picture up without its metadata: how the vocabulary was learnt, and how far it holds."""
