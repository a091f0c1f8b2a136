"""How large a picture is painted: the size that is asked for, in the layout's own proportions. Pure.

>>> output_size((1920, 1080), None, None, 512)
(512, 288)
"""

from fractions import Fraction
from math import ceil

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
    _check_sides(shown, size)
    return size


def _check_sides(shown: tuple[int, int], size: tuple[int, int]) -> None:
    """RequestError where a side is none that can be painted; it says whether another size would do."""
    least, most = SIDES.start, SIDES.stop - 1
    if min(size) >= least and max(size) <= most:
        return
    proportion = Fraction(max(shown), min(shown))
    if least * proportion > most:
        raise RequestError(
            f"a picture of {shown[0]} x {shown[1]} pixels is too long and narrow to be painted: crop it, so that "
            f"its longer side is at most {most // least} times the shorter",
            about="size",
        )
    told = f"the picture would be painted at {size[0]} x {size[1]}"
    if max(size) > most:
        raise RequestError(f"{told}: a side has at most {most} pixels; give a smaller size", about="size")
    raise RequestError(
        f"{told}: a side has at least {least} pixels; give a long side of at least {ceil(least * proportion)}, "
        "or crop the picture",
        about="size",
    )


def whole(name: str, value: int | None, allowed: range) -> int:
    """The number; RequestError where it is no whole number among those allowed."""
    # bool is an int to Python; `True` steps is a mistake of the caller's.
    if not isinstance(value, int) or isinstance(value, bool) or value not in allowed:
        raise RequestError(
            f"{name}: a whole number from {allowed.start} to {allowed.stop - 1}, not {value!r}"
        )
    return value
