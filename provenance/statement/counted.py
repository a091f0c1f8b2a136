"""Numbers of things in words.

>>> counted(1, "picture"), counted(1204, "picture"), counted(2, "entry", "entries")
('1 picture', '1,204 pictures', '2 entries')
"""


def counted(number: int, one: str, many: str = "") -> str:
    """The number and what it counts; `many` where that is not `one` and an s."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
