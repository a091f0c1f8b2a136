"""Finding a picture's record when its metadata is gone: search, proof by geometry, and the faint mark."""
