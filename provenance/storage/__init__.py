"""Files: held, written whole, kept by digest."""
