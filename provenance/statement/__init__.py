"""The words of a record, as types: digests, credits, statements, and text from strangers made safe."""
