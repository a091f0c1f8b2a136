"""A small ICC profile of an RGB space, from its primaries, its white and its curve (ICC.1:2022, a display profile).

    0    4  the whole length          36   4  "acsp"
    8    4  04 00 00 00, version 4    64   4  1, relative colorimetric
    12  12  "mntr" "RGB " "XYZ "      68  12  the white of D50
    128  4  how many tags; then 12 bytes a tag: its name, where it lies, how long it is

>>> profile = rgb_profile("Linear sRGB", SRGB_PRIMARIES, gamma=1.0)
>>> int.from_bytes(profile[:4]) == len(profile), profile[12:24], profile[36:40]
(True, b'mntrRGB XYZ ', b'acsp')
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass

Pair = tuple[float, float]
Matrix = tuple[tuple[float, float, float], ...]

D65 = (0.3127, 0.3290)
_D50 = (0.9642, 1.0, 0.8249)  # XYZ of the white that every profile speaks of
_BRADFORD: Matrix = ((0.8951, 0.2664, -0.1614), (-0.7502, 1.7135, 0.0367), (0.0389, -0.0685, 1.0296))
# IEC 61966-2-1: ((a x + b) ** g where x >= d, else c x), in the order g a b c d.
SRGB_CURVE = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)


@dataclass(frozen=True, slots=True)
class Primaries:
    """Where red, green, blue and white lie, as CIE x and y."""

    red: Pair
    green: Pair
    blue: Pair
    white: Pair = D65


SRGB_PRIMARIES = Primaries((0.64, 0.33), (0.30, 0.60), (0.15, 0.06))
ADOBE_PRIMARIES = Primaries((0.64, 0.33), (0.21, 0.71), (0.15, 0.06))
P3_PRIMARIES = Primaries((0.680, 0.320), (0.265, 0.690), (0.150, 0.060))
REC_2020_PRIMARIES = Primaries((0.708, 0.292), (0.170, 0.797), (0.131, 0.046))


def rgb_profile(
    name: str, primaries: Primaries, *, gamma: float | None = None, curve: Sequence[float] = SRGB_CURVE
) -> bytes:
    """The profile's bytes, the same on each machine. With `gamma` the curve is a plain power; else it is `curve`.

    ValueError where the primaries span no space.
    """
    columns = _to_d50(primaries)
    shape = _curve((gamma,), 0) if gamma is not None else _curve(curve, 3)
    tags = {
        b"desc": _text(name),
        b"cprt": _text("no copyright"),
        b"wtpt": _xyz(_D50),
        b"rXYZ": _xyz(tuple(row[0] for row in columns)),
        b"gXYZ": _xyz(tuple(row[1] for row in columns)),
        b"bXYZ": _xyz(tuple(row[2] for row in columns)),
        b"rTRC": shape,
        b"gTRC": shape,
        b"bTRC": shape,
    }
    return _assembled(tags)


def _to_d50(primaries: Primaries) -> Matrix:
    """RGB to XYZ, seen under D50: what the three colorant tags hold as columns."""
    corners = [_from_xy(each) for each in (primaries.red, primaries.green, primaries.blue)]
    columns: Matrix = tuple(zip(*corners, strict=True))
    white = _from_xy(primaries.white)
    amounts = _times(_inverse(columns), white)
    to_xyz: Matrix = tuple((row[0] * amounts[0], row[1] * amounts[1], row[2] * amounts[2]) for row in columns)
    return _product(_adaptation(white), to_xyz)


def _adaptation(white: Sequence[float]) -> Matrix:
    """Bradford's change of a white to D50."""
    seen, wanted = _times(_BRADFORD, white), _times(_BRADFORD, _D50)
    scaled: Matrix = tuple(
        (row[0] * want / have, row[1] * want / have, row[2] * want / have)
        for row, want, have in zip(_BRADFORD, wanted, seen, strict=True)
    )
    return _product(_inverse(_BRADFORD), scaled)


def _from_xy(point: Pair) -> tuple[float, float, float]:
    x, y = point
    if y <= 0:
        raise ValueError(f"a colour at x {x}, y {y} has no brightness")
    return x / y, 1.0, (1 - x - y) / y


def _times(matrix: Matrix, vector: Sequence[float]) -> tuple[float, float, float]:
    first, second, third = (sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix)
    return first, second, third


def _product(one: Matrix, other: Matrix) -> Matrix:
    columns = [_times(one, column) for column in zip(*other, strict=True)]
    return tuple(zip(*columns, strict=True))


def _inverse(matrix: Matrix) -> Matrix:
    (a, b, c), (d, e, f), (g, h, i) = matrix
    determinant = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)
    if abs(determinant) < 1e-9:
        raise ValueError("the primaries lie on one line")
    cofactors: Matrix = (
        (e * i - f * h, c * h - b * i, b * f - c * e),
        (f * g - d * i, a * i - c * g, c * d - a * f),
        (d * h - e * g, b * g - a * h, a * e - b * d),
    )
    return tuple((x / determinant, y / determinant, z / determinant) for x, y, z in cofactors)


def _fixed(*values: float) -> bytes:
    """s15Fixed16: a signed number in 65,536ths. ValueError for one that is too large."""
    whole = [round(value * 65536) for value in values]
    if any(not -(2**31) <= each < 2**31 for each in whole):
        raise ValueError("a colour lies too far out")
    return struct.pack(f">{len(whole)}i", *whole)


def _xyz(value: Sequence[float]) -> bytes:
    return b"XYZ \0\0\0\0" + _fixed(*value)


def _curve(values: Sequence[float], form: int) -> bytes:
    """A parametric curve: form 0 is a power, form 3 one with a straight foot."""
    return b"para\0\0\0\0" + struct.pack(">HH", form, 0) + _fixed(*values)


def _text(words: str) -> bytes:
    encoded = words.encode("utf-16-be")
    return b"mluc\0\0\0\0" + struct.pack(">II4sII", 1, 12, b"enUS", len(encoded), 28) + encoded


def _assembled(tags: dict[bytes, bytes]) -> bytes:
    start = 128 + 4 + 12 * len(tags)
    table, body = b"", b""
    places: dict[bytes, int] = {}  # equal values are kept once
    for name, value in tags.items():
        if value not in places:
            places[value] = start + len(body)
            body += value + bytes(-len(value) % 4)
        table += struct.pack(">4sII", name, places[value], len(value))
    made = struct.pack(">6H", 2026, 1, 1, 0, 0, 0)
    head = struct.pack(">I4s4s4s4s4s", start + len(body), b"\0\0\0\0", b"\4\0\0\0", b"mntr", b"RGB ", b"XYZ ")
    head += made + b"acsp" + bytes(24) + struct.pack(">I", 1) + _fixed(*_D50)
    return head + bytes(128 - len(head)) + struct.pack(">I", len(tags)) + table + body
