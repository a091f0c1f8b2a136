"""How much a picture differs from the one that it was made over, and where: measured from the two, and nothing more.

    changed      share of the pixels whose colour differs by more than 24 of 255, after a slight blur
    likeness     structural similarity (SSIM, Wang et al. 2004) of the brightness, over blocks of 8 by 8: 1 is the same
    lines        share of the lines of the earlier picture that are still lines within 2 pixels
    moved        how far the later picture had to be moved and scaled to lie over the earlier one

Both are brought to one size of at most 512 pixels first; where their proportions differ, the later one is cropped to
the middle. The figures say nothing about how much work it was, nor whose.

>>> from PIL import Image
>>> white = Image.new("RGB", (64, 64), "white")
>>> str(difference(white, white))
'0% of its pixels changed, its structure is 1.00 alike'
"""

from dataclasses import dataclass

from PIL import Image, ImageChops, ImageFilter, ImageMath, ImageStat

SIDE = 512  # pixels of the longer side at which two pictures are compared
_COARSE = 64
_REACH = 4  # pixels of the coarse pictures, each way: 6 % of the picture
_THRESHOLD = 24
_BLOCK = 8
_LINE = 40  # of 255: how steep an edge is a line
_C1, _C2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
_NINTHS = (
    "upper left",
    "top",
    "upper right",
    "left",
    "middle",
    "right",
    "lower left",
    "bottom",
    "lower right",
)


@dataclass(frozen=True, slots=True)
class Change:
    """What was measured. `lines`: None where the earlier picture has none. `where`: the ninth that changed most."""

    changed: float
    likeness: float
    lines: float | None
    moved: tuple[int, int]  # of 1,000 of the picture's width and height
    cropped: bool
    where: str
    heat: Image.Image  # grey: how much each pixel differs
    before: Image.Image
    after: Image.Image  # laid over `before`

    def __str__(self) -> str:
        told = f"{_percent(self.changed)} of its pixels changed"
        if self.where and 0.005 < self.changed < 0.9:
            told += f", most in the {self.where}" if self.where != "middle" else ", most in the middle"
        told += f", its structure is {self.likeness:.2f} alike"
        if self.lines is not None:
            told += f", {_percent(self.lines)} of the lines are still there"
        return told


def difference(earlier: Image.Image, later: Image.Image) -> Change:
    """The later picture against the earlier one; both RGB, of any size."""
    before = _small(earlier)
    after, cropped = _fitted(later, before.size)
    after, moved = _laid_over(before, after)
    heat = _heat(before, after)
    mask = heat.point(lambda value: 255 if value > _THRESHOLD else 0)
    return Change(
        changed=_share(mask),
        likeness=_ssim(before.convert("L"), after.convert("L")),
        lines=_lines_kept(before, after),
        moved=moved,
        cropped=cropped,
        where=_where(mask),
        heat=heat,
        before=before,
        after=after,
    )


def heat_map(change: Change) -> Image.Image:
    """The later picture in grey, with what changed in red over it."""
    ground = change.after.convert("L").point(lambda value: 96 + value // 2).convert("RGB")
    strength = change.heat.point(lambda value: min(230, value * 3) if value > _THRESHOLD // 2 else 0)
    return Image.composite(Image.new("RGB", ground.size, (200, 20, 20)), ground, strength)


def _small(picture: Image.Image) -> Image.Image:
    copy = picture.convert("RGB")
    copy.thumbnail((SIDE, SIDE), Image.Resampling.BOX, reducing_gap=2.0)
    return copy


def _fitted(picture: Image.Image, size: tuple[int, int]) -> tuple[Image.Image, bool]:
    """The picture at this size; cropped to the middle where its proportions are others."""
    wanted, found = size[0] / size[1], picture.width / picture.height
    cropped = abs(found / wanted - 1) > 0.02
    wide, high = picture.size
    if cropped and found > wanted:
        wide = max(1, round(high * wanted))
    elif cropped:
        high = max(1, round(wide / wanted))
    left, top = (picture.width - wide) // 2, (picture.height - high) // 2
    box = (left, top, left + wide, top + high)
    return picture.convert("RGB").resize(size, Image.Resampling.BOX, box=box, reducing_gap=2.0), cropped


def _laid_over(before: Image.Image, after: Image.Image) -> tuple[Image.Image, tuple[int, int]]:
    """The later picture moved to where its edges fit best; not moved where that gains little."""
    size = (_COARSE, max(8, round(_COARSE * before.height / before.width)))
    one, other = (_edges(each).resize(size, Image.Resampling.BOX) for each in (before, after))
    inner = (_REACH, _REACH, size[0] - _REACH, size[1] - _REACH)
    if inner[2] <= inner[0] or inner[3] <= inner[1]:
        return after, (0, 0)
    costs = {
        (x, y): _mean(ImageChops.difference(one.crop(inner), ImageChops.offset(other, x, y).crop(inner)))
        for x in range(-_REACH, _REACH + 1)
        for y in range(-_REACH, _REACH + 1)
    }
    x, y = min(costs, key=lambda each: (costs[each], abs(each[0]) + abs(each[1])))
    if costs[x, y] > 0.8 * costs[0, 0]:
        return after, (0, 0)
    step = (round(x * before.width / size[0]), round(y * before.height / size[1]))
    moved = before.copy()  # what the later picture does not reach counts as unchanged
    moved.paste(after, step)
    return moved, (round(1000 * x / size[0]), round(1000 * y / size[1]))


def _heat(before: Image.Image, after: Image.Image) -> Image.Image:
    soft = ImageFilter.BoxBlur(1)
    bands = ImageChops.difference(before.filter(soft), after.filter(soft)).split()
    return ImageChops.lighter(ImageChops.lighter(bands[0], bands[1]), bands[2])


def _edges(picture: Image.Image) -> Image.Image:
    """How steep the brightness is at each pixel; the border of the picture is no edge."""
    grey = picture.convert("L").filter(ImageFilter.BoxBlur(1))
    steep = ImageChops.lighter(
        ImageChops.difference(grey, ImageChops.offset(grey, 1, 0)),
        ImageChops.difference(grey, ImageChops.offset(grey, 0, 1)),
    )
    inner = Image.new("L", steep.size, 0)
    if steep.width > 4 and steep.height > 4:
        inner.paste(steep.crop((2, 2, steep.width - 2, steep.height - 2)), (2, 2))
    return inner.point(lambda value: min(255, value * 3))


def _lines_kept(before: Image.Image, after: Image.Image) -> float | None:
    drawn = _edges(before).point(lambda value: 255 if value > _LINE else 0)
    if _share(drawn) < 0.0005:
        return None
    near = _edges(after).point(lambda value: 255 if value > _LINE else 0).filter(ImageFilter.MaxFilter(5))
    return _share(ImageChops.darker(drawn, near)) / _share(drawn)


def _ssim(one: Image.Image, other: Image.Image) -> float:
    """The mean over blocks of 8 by 8 that do not overlap."""
    blocks = (max(1, one.width // _BLOCK), max(1, one.height // _BLOCK))

    def mean(picture: Image.Image) -> Image.Image:
        return picture.resize(blocks, Image.Resampling.BOX)

    x, y = one.convert("F"), other.convert("F")
    values = {
        "a": mean(x), "b": mean(y),
        "aa": mean(_product(x, x)), "bb": mean(_product(y, y)), "ab": mean(_product(x, y)),
    }  # fmt: skip
    alike = ImageMath.lambda_eval(
        lambda v: (
            ((v["a"] * v["b"] * 2 + _C1) * ((v["ab"] - v["a"] * v["b"]) * 2 + _C2))
            / (
                (v["a"] * v["a"] + v["b"] * v["b"] + _C1)
                * (v["aa"] - v["a"] * v["a"] + v["bb"] - v["b"] * v["b"] + _C2)
            )
        ),
        **values,
    )
    # Not by ImageStat: of floating-point pictures it counts whole steps.
    value = alike.resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))
    return max(0.0, min(1.0, float(value))) if isinstance(value, float) else 0.0


def _product(one: Image.Image, other: Image.Image) -> Image.Image:
    made: Image.Image = ImageMath.lambda_eval(lambda v: v["one"] * v["other"], one=one, other=other)
    return made


def _where(mask: Image.Image) -> str:
    shares = list(mask.resize((3, 3), Image.Resampling.BOX).tobytes())
    return _NINTHS[shares.index(max(shares))] if max(shares) else ""


def _share(mask: Image.Image) -> float:
    return _mean(mask) / 255


def _mean(picture: Image.Image) -> float:
    return float(ImageStat.Stat(picture).mean[0])


def _percent(share: float) -> str:
    """Never 0 or 100 where it is neither."""
    if 0 < share < 0.01:
        return "less than 1%"
    return "more than 99%" if 0.99 < share < 1 else f"{100 * share:.0f}%"
