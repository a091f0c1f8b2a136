"""How large a picture is painted: the size that is asked for, in the layout's own proportions. Pure.

>>> output_size((1920, 1080), None, None, 512)
(512, 288)
"""

from fractions import Fraction

from generation.errors import RequestError

SIDES = range(32, 4096 + 1)  # pixels


def output_size(
    shown: tuple[int, int], width: int | None, height: int | None, long_side: int | None
) -> tuple[int, int]:
    """The size asked for in the picture's own proportions; other proportions are refused, never stretched."""
    for name, side in (("width", width), ("height", height), ("the long side", long_side)):
        if side is not None:
            whole(name, side, SIDES)
    if long_side is not None and (width is not None or height is not None):
        raise RequestError("give the long side, or width and height, not both")
    wide, high = shown
    scale = Fraction(1)  # exact: half a pixel is no matter of a float's last digit
    if long_side is not None:
        scale = Fraction(long_side, max(shown))
    elif width is not None:
        scale = Fraction(width, wide)
    elif height is not None:
        scale = Fraction(height, high)
    size = (round(wide * scale), round(high * scale))
    # A pixel of rounding is what two people computing the same proportions may differ by.
    if width is not None and height is not None:
        if abs(size[1] - height) > 1:
            raise RequestError(
                f"{width} x {height} would stretch a picture of {wide} x {high}; "
                f"give one of them ({width} x {size[1]} fits), or crop the picture first"
            )
        size = (width, height)
    if min(size) not in SIDES or max(size) not in SIDES:
        raise RequestError(
            f"in its proportions the picture would be painted at {size[0]} x {size[1]}; both sides have to be from "
            f"{SIDES.start} to {SIDES.stop - 1} pixels: give another long side, or crop the picture"
        )
    return size


def whole(name: str, value: int | None, allowed: range) -> int:
    """The number; RequestError where it is no whole number among those allowed."""
    # bool is an int to Python; `True` steps is a mistake of the caller's.
    if not isinstance(value, int) or isinstance(value, bool) or value not in allowed:
        raise RequestError(
            f"{name}: a whole number from {allowed.start} to {allowed.stop - 1}, not {value!r}"
        )
    return value
