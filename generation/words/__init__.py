"""What the words of a prompt are to a model: which it knows, how many it reads, how they may be spelled."""
