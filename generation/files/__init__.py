"""The files of a model: where they lie, their digests, who signed them. Nothing of them is loaded."""
