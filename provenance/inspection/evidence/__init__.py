"""What speaks for and against what a picture says of itself."""
