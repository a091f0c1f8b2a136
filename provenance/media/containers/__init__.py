"""Picture files as pieces: the chunks, segments, boxes and tags that each format is made of."""
