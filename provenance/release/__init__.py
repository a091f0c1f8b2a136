"""The flow of one picture: write down, make, sign, write down, hand over."""
