"""What programs that paint leave in a picture: unsigned text, so hints that anybody can write or remove."""
