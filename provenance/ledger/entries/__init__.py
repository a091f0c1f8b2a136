"""What one entry is: its leaf, its body, what it discloses."""
