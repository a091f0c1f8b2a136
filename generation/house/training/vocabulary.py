"""Every word that the model knows, and what it looks like: hours of the day, weather, grounds, paints.

What a caption does not say has its usual paint, so every difference between two paintings of a layout has its word.
A paint is three colours: in the dark, in the middle, in the light.
"""

from dataclasses import dataclass, field

Paint = tuple[str, str, str]


@dataclass(frozen=True)
class Hour:
    """A sky and the light under it: its phrases, the sky from top to horizon, clouds in shade and light."""

    phrases: tuple[str, ...]
    sky: Paint
    cloud: tuple[str, str]
    sun: str
    ambient: str
    haze: str
    strength: float = 1.0  # of the light
    traits: frozenset[str] = frozenset()
    often: float = 1.0
    mist: float = 1.0  # how much thicker the haze is


@dataclass(frozen=True)
class Ground:
    """A ground: its phrase, its paint, and the traits that its kind of painting asks for."""

    phrase: str
    paint: Paint
    traits: frozenset[str] = frozenset()
    kind: str = "land"
    often: float = 1.0
    blossom: str = ""  # the colour of its flowers


@dataclass(frozen=True)
class Slot:
    """A part that takes paint: how it is called, its usual paint, and the words of the others."""

    noun: str
    usual: Paint
    paints: dict[str, Paint] = field(default_factory=dict)


def _t(*traits: str) -> frozenset[str]:
    return frozenset(traits)


LIT, STARS = _t("lamps"), _t("lamps", "stars")
HOURS = (
    Hour(("blue sky", "day, blue sky", "sunny day", "day"), ("#2f7fd6", "#6fb4ee", "#cfeaf8"), ("#b9cfe6", "#ffffff"),
         "#fff6dc", "#8fb3dc", "#cfe6f5", often=4),
    Hour(("light blue sky", "pale blue sky"), ("#7fbdea", "#a9d8f4", "#e6f5fb"), ("#c6d8e8", "#ffffff"),
         "#fff8e6", "#a4c0de", "#dcedf6", often=2),
    Hour(("clear blue summer sky", "summer day"), ("#1767c9", "#4a9ae8", "#b4defa"), ("#a9c6e6", "#ffffff"),
         "#fff2c8", "#7fa8dc", "#bcdcf4", 1.04, _t("clear"), 1.6),
    Hour(("morning, pale yellow sky", "morning"), ("#8cbfe4", "#cfe4e6", "#fdf0b8"), ("#cdd3e0", "#fff9e2"),
         "#ffeeb8", "#a8b8d4", "#f6eecf", 0.96, often=1.6),
    Hour(("dawn, pink and blue sky", "dawn"), ("#6f8fc8", "#b7b6dc", "#f8cfc6"), ("#9f9cc4", "#ffe4dc"),
         "#ffd6c0", "#9a9cc8", "#e6ccd4", 0.85),
    Hour(("sunset, orange sky", "sunset", "orange sunset"), ("#c8787c", "#f0936a", "#ffd98a"), ("#b06a86", "#ffd9a0"),
         "#ffb060", "#8a6a96", "#f2b48a", 0.85, often=2),
    Hour(("sunset, pink sky", "pink sunset", "evening, pink sky"), ("#6a78c2", "#e79ac0", "#ffd7d0"),
         ("#b58bbd", "#ffe3dc"), "#ffc6b0", "#9a86b8", "#eebfd0", 0.85, often=2),
    Hour(("red sunset sky", "sunset, red sky", "red sunset"), ("#5a2c5c", "#c8403e", "#ffae5e"), ("#8a3a52", "#ff9a6a"),
         "#ff8a50", "#7a4a6a", "#e0785a", 0.78),
    Hour(("golden sky, sunset", "golden evening"), ("#8f9cb8", "#ecc27a", "#fdeaa0"), ("#c49a78", "#fff0c0"),
         "#ffd070", "#a08a80", "#f4d696", 0.92, often=1.3),
    Hour(("dusk, purple sky", "dusk", "twilight, purple sky"), ("#26305e", "#5a5590", "#c98fa0"),
         ("#4b4a7a", "#a98fb4"), "#c79ab0", "#6a6aa6", "#8a7ca6", 0.68, LIT, 2),
    Hour(("evening, dark blue sky", "blue hour", "evening"), ("#16295e", "#2f5596", "#8fb0cc"), ("#2c4478", "#7f9cc4"),
         "#93acd0", "#5573b0", "#6f8fb8", 0.64, LIT),
    Hour(("night", "at night", "night sky", "night, dark blue sky"), ("#0e1c44", "#1e3670", "#40609c"),
         ("#222e5c", "#4a5a90"), "#8fa6e0", "#4a5c9c", "#31427a", 0.55, LIT, 2.4),
    Hour(("starry night", "night, stars"), ("#050720", "#10123c", "#2a2a66"), ("#1c2654", "#3f4c86"),
         "#8a9fe0", "#46569a", "#2a3870", 0.52, STARS, 1.4),
    Hour(("moonlit night", "moonlight"), ("#0f2740", "#1f4a68", "#5c8c9c"), ("#2a4c64", "#86b0b8"),
         "#b4dce0", "#527c98", "#4a7488", 0.66, STARS),
    Hour(("purple night sky", "night, purple sky"), ("#1c1240", "#3c2a6c", "#7a5a9c"), ("#382a60", "#7a62a4"),
         "#a890e0", "#5c4a94", "#5a4684", 0.58, STARS),
    Hour(("grey cloudy sky", "cloudy", "overcast", "grey sky"), ("#9aa8b6", "#b8c3cc", "#d8dde0"),
         ("#98a4b0", "#e6eaec"), "#e6e6e0", "#a4aeb8", "#cdd4d8", 0.75, _t("deck"), 1.6),
    Hour(("storm, dark grey sky", "storm", "stormy sky"), ("#363e4c", "#566070", "#8f9aa2"), ("#2f3644", "#7c8894"),
         "#a8b4bc", "#6a7684", "#76828e", 0.58, _t("deck", "lamps")),
    Hour(("rain, grey sky", "rain", "rainy day"), ("#76828e", "#929da6", "#b6bfc4"), ("#6c7884", "#b4bec6"),
         "#bcc6ca", "#84909c", "#a4b0b8", 0.64, _t("deck", "rain")),
    Hour(("fog, white sky", "fog", "mist"), ("#c6ced2", "#d8dddf", "#e8eaea"), ("#c8d0d4", "#eef0f0"),
         "#e8e8e4", "#b4bec6", "#dde1e2", 0.8, mist=2.6),
    Hour(("snowfall, pale grey sky", "snowfall", "falling snow"), ("#aebed4", "#c8d4e4", "#e6ecf4"),
         ("#a4b0c0", "#e4eaf0"), "#e4e8f0", "#a4b2c8", "#d2dae4", 0.78, _t("deck", "snowfall"), mist=1.4),
    Hour(("light green sky", "pale green sky"), ("#6fb49c", "#a8d8b8", "#e6f4d0"), ("#9cc4b4", "#f4fff0"),
         "#f6ffdc", "#9cc0b0", "#d4ead4", 0.95, often=0.7),
    Hour(("turquoise sky",), ("#1f9aa8", "#5cc4c8", "#c4f0e4"), ("#8cc8cc", "#f0ffff"),
         "#f4ffec", "#86bcc4", "#c0e8e4", often=0.7),
    Hour(("yellow sky",), ("#e0b23c", "#f4d470", "#fff2b8"), ("#d8b070", "#fff6d0"),
         "#ffe690", "#b8a480", "#f4e0a0", 0.95, often=0.7),
    Hour(("white sky",), ("#e6ecee", "#f3f6f6", "#fcfcfb"), ("#cfd8de", "#ffffff"),
         "#f6f4ee", "#b8c0c8", "#ecf0f0", 0.9, often=0.7),
)  # fmt: skip
CLOUDS = {"piled": ("white clouds", "clouds", "piled clouds"), "thin": ("thin clouds", "streaks of cloud")}
GRASSY, FLOWERY, SNOWY, BARE = _t("grass"), _t("grass", "flowers"), _t("snow"), _t("bare")
GROUNDS = (
    Ground("green grass", ("#3d7a3a", "#6fae4a", "#a9d46a"), GRASSY, often=5),
    Ground("light green meadow", ("#7aa83e", "#a9cf5c", "#d6ec94"), GRASSY, often=1.6),
    Ground("dark green forest floor", ("#1c4430", "#3a6b42", "#6c9a5a"), GRASSY),
    Ground("golden field", ("#a06c1c", "#e4a82c", "#fad468"), GRASSY, often=1.4),
    Ground("autumn, orange grass", ("#743c22", "#b4602c", "#dc9054"), GRASSY, often=1.6),
    Ground("dry yellow grass", ("#847c54", "#b4aa78", "#dad4a8"), GRASSY),
    Ground("flower field", ("#6a8a58", "#a0bc80", "#d4e0ac"), FLOWERY, blossom="#f4a0c0"),
    Ground("pink flower field", ("#a8567c", "#e094b0", "#f8c4d4"), FLOWERY, blossom="#ffd6e6"),
    Ground("purple flower field", ("#5c4684", "#8f74b8", "#bca4dc"), FLOWERY, blossom="#d8b8f4"),
    Ground("yellow flower field", ("#8a9a2c", "#d8c83c", "#f8ec7c"), FLOWERY, blossom="#fff07c"),
    Ground("red poppy field", ("#5c7a38", "#94a04c", "#c4bc70"), FLOWERY, blossom="#e8402c"),
    Ground("white snow, winter", ("#b8c8e2", "#e8eef8", "#ffffff"), SNOWY, often=4.5),
    Ground("yellow sand", ("#c0a070", "#ecd6a0", "#fbeccc"), BARE, often=1.5),
    Ground("desert, orange sand", ("#b86c44", "#ec9c68", "#fcd0a4"), BARE, often=1.2),
    Ground("brown earth", ("#5c4230", "#8f6c4c", "#b8966c"), BARE),
    Ground("grey stones", ("#44484e", "#70747a", "#a4a8ac"), BARE),
    Ground("rice field", ("#348468", "#68c090", "#b0e8b8"), _t("grass", "rows")),
    Ground("asphalt", ("#44454a", "#6e6f74", "#98999c"), BARE, "street", 2),
    Ground("cobblestones", ("#70583e", "#a4845c", "#ccb08a"), _t("bare", "cobbles"), "street"),
    Ground("pale pavement", ("#a09888", "#ccc2ae", "#e8e0d0"), BARE, "street"),
    Ground("wet street", ("#243a5c", "#4c6c94", "#98b8d8"), BARE, "street"),
    Ground("snowy street", ("#b0bcd4", "#dfe6f0", "#fbfcff"), SNOWY, "street"),
    Ground("blue sea", ("#1c5c9c", "#2f7fc0", "#7cbce4"), kind="sea", often=2.4),
    Ground("dark blue sea", ("#10305c", "#1f4a80", "#4c7cac"), kind="sea"),
    Ground("turquoise water", ("#158a94", "#2fb8b4", "#90e4d8"), kind="sea"),
    Ground("green water", ("#235c4c", "#3f8468", "#84bc98"), kind="sea"),
    Ground("grey sea", ("#4c5a68", "#74828e", "#a8b4bc"), kind="sea"),
    Ground("wooden floor", ("#7a4c2c", "#ac7444", "#d4a470"), kind="floor", often=3),
    Ground("tatami floor", ("#8a8a50", "#b4b070", "#d8d298"), kind="floor"),
    Ground("grey floor", ("#62666c", "#8f9398", "#bcc0c2"), kind="floor"),
    Ground("red carpet", ("#6a2024", "#a43c3c", "#cc6c60"), kind="floor"),
    Ground("green carpet", ("#284c38", "#4a7c58", "#7caa80"), kind="floor"),
    Ground("white tiles", ("#a8b0b8", "#d8dee0", "#f6f8f8"), kind="floor"),
)
COLOURS: dict[str, Paint] = {
    "white": ("#b8b8bc", "#f2f2ee", "#ffffff"),
    "red": ("#7c1e24", "#c4342e", "#ec705c"),
    "orange": ("#a04e14", "#ec8a28", "#fcbc64"),
    "yellow": ("#b0881c", "#ecd044", "#fdf094"),
    "green": ("#2c5c3c", "#5c9a5c", "#9ccc88"),
    "blue": ("#24447c", "#4a7cbc", "#8cb8e4"),
    "light blue": ("#6c98b8", "#a4d0e8", "#d8f0fa"),
    "purple": ("#502868", "#8a4ca0", "#c090d0"),
    "pink": ("#a8587c", "#e898b0", "#fccce0"),
    "brown": ("#3c2416", "#704828", "#a4784c"),
    "grey": ("#484c52", "#7a7e84", "#aaaeb2"),
    "black": ("#1c1c22", "#38383e", "#5c5c62"),
}  # fmt: skip
LEAVES: dict[str, Paint] = {
    "green": ("#2f6b35", "#58994a", "#9cc965"),
    "dark green": ("#1a4230", "#31684a", "#5c9468"),
    "red": ("#661a22", "#a82e2c", "#dc6658"),
    "orange": ("#8a4014", "#d8702a", "#f4a660"),
    "golden": ("#947018", "#d8b030", "#f8e06c"),
    "pink": ("#a85a7c", "#e29ab4", "#ffd6e0"),
}


def _some(names: str) -> dict[str, Paint]:
    return {name: COLOURS[name] for name in names.split(", ")}


SNOWY_LEAF: Paint = ("#6c8698", "#bccfdc", "#fbfcff")
SNOWY_ROOF: Paint = ("#bccade", "#edf2fa", "#ffffff")
SLOTS = {
    "wall": Slot("house", ("#a0988c", "#d8cfbc", "#f2ecdc"),
            _some("white, red, yellow, blue, green, brown, pink, grey")),
    "roof": Slot("roof", ("#4c4a50", "#7a7678", "#a8a29c"),
            _some("red, blue, green, brown, orange, purple, black")),
    "leaf": Slot("trees", LEAVES["green"], {k: v for k, v in LEAVES.items() if k != "green"}),
    "pine": Slot("pines", LEAVES["dark green"], {k: LEAVES[k] for k in ("golden",)}),
    "block": Slot("building", ("#7c7a7c", "#aca8a4", "#d0ccc4"),
            _some("white, red, yellow, blue, brown, pink, orange")),
    "door": Slot("door", ("#4c3424", "#7c5638", "#a87c54"), _some("red, blue, green, white, yellow")),
    "awning": Slot("awning", ("#8a8478", "#c4bca8", "#e8e2d0"), _some("red, blue, green, yellow, orange")),
    "sign": Slot("sign", ("#7c7468", "#b8ac98", "#dcd4c4"), _some("red, blue, yellow, green")),
    "train": Slot("train", ("#787c80", "#b0b4b4", "#dcdedc"), _some("red, blue, green, orange, yellow")),
    "boat": Slot("boat", ("#54422f", "#8c7050", "#b89c78"), _some("red, blue, white, yellow, green")),
    "fence": Slot("fence", ("#5c4a38", "#8c745a", "#b49c7c"), _some("white, red, blue")),
    "bridge": Slot("bridge", ("#645c54", "#948a7e", "#bcb4a4"), _some("red, white, blue, green")),
    "curtain": Slot("curtains", ("#a89c88", "#d8ceb8", "#f2ecdc"),
            _some("red, blue, green, yellow, pink, purple")),
    "sofa": Slot("sofa", ("#5c5248", "#8c8074", "#b4a898"),
            _some("red, blue, green, yellow, orange, purple")),
    "bed": Slot("bed", ("#9a948c", "#d4cec4", "#f4f0e8"), _some("red, blue, green, yellow, pink, purple")),
    "plaster": Slot("wall", ("#a49a8a", "#ddd2be", "#f6efdf"),
            _some("white, blue, green, pink, yellow, grey, light blue")),
    "wood": Slot("furniture", ("#54341f", "#8c5e3a", "#bc8e60"), _some("white, black, red")),
    "lampshade": Slot("lamp", ("#b09a70", "#e4d4a8", "#fcf4d4"), _some("red, green, blue")),
}  # fmt: skip
# What has no colour word: its paint is the same under every look.
FIXED: dict[str, Paint] = {
    "trunk": ("#38281e", "#5c4432", "#8a6c50"),
    "rock": ("#4a5462", "#737a80", "#a4a69c"),
    "far rock": ("#56687e", "#7888a0", "#a2aec0"),
    "hill": ("#34603c", "#5a8a50", "#8cb468"),
    "stone": ("#54565c", "#888a8c", "#b8b8b4"),
    "dark stone": ("#3a3c44", "#5c5e64", "#84868a"),
    "plank": ("#4a3626", "#7c5e44", "#a88a68"),
    "metal": ("#3c4048", "#6c7078", "#a4a8ae"),
    "rail": ("#5c5e64", "#a4a6ac", "#dcdee2"),
    "ballast": ("#544c48", "#80766e", "#a89e94"),
    "sleeper": ("#35281f", "#5a4436", "#7c6452"),
    "road": ("#54555d", "#7e7f87", "#a4a5a9"),
    "path": ("#947452", "#c2a27a", "#dec4a0"),
    "mark": ("#b8b4a8", "#efeade", "#fffdf4"),
    "pole": ("#3a322e", "#665850", "#8e8076"),
    "paper": ("#b8b09c", "#ece6d6", "#fdfaf0"),
    "book": ("#5c4038", "#a07860", "#d0b090"),
    "snowcap": ("#a9bcdc", "#e8eefa", "#ffffff"),
    "surf": ("#c4dce8", "#eaf4f8", "#ffffff"),
    "bank": ("#7c6a4c", "#b09c70", "#d8c8a0"),
    "tyre": ("#16161a", "#2c2c32", "#4a4a50"),
    "platform": ("#7c7a78", "#aeaaa4", "#d2cec6"),
    "safety": ("#a87c14", "#e4b82c", "#fbe070"),
    "ceiling": ("#8c867c", "#c8c2b6", "#ebe6dc"),
    "trim": ("#6c6456", "#a89c88", "#d4cab8"),
    "plant": ("#25563a", "#4a8a52", "#86bc74"),
    "pot": ("#7a3f28", "#b06a48", "#d49a78"),
    "shadow": ("#20242e", "#2c303c", "#3a3e4a"),
    "smoke": ("#8a909a", "#c8ccd2", "#eef0f2"),
    "starlight": ("#ffffff", "#fff8e4", "#ffffff"),
    "lamplight": ("#ffb050", "#ffc070", "#ffd890"),
    "flame": ("#ffd070", "#ffe090", "#fff4c4"),
    "disc": ("#fdeeb0", "#fdf3c8", "#fffbe8"),
    "droplet": ("#a8b4c0", "#c0cad2", "#d8e0e6"),
    "flake": ("#ffffff", "#ffffff", "#ffffff"),
    "water": ("#235c7c", "#4a88a8", "#a4ccd8"),
    "ice": ("#9cc0d8", "#d0e8f4", "#f4fcff"),
    "pane": ("#4c6880", "#7c9cb4", "#c0d8e4"),
}
LAMPLIT_PANE: Paint = ("#e89a3c", "#ffcf78", "#fff0b8")
PLACES = ("street", "station", "room", "village", "town", "beach")
NOUNS = (
    "house",
    "tree",
    "trees",
    "pines",
    "woods",
    "mountains",
    "snowy mountains",
    "hills",
    "road",
    "path",
    "railway",
    "power lines",
    "fence",
    "bridge",
    "stairs",
    "river",
    "lake",
    "water",
    "boat",
    "building",
    "sign",
    "lamp post",
    "platform",
    "train",
    "signal",
    "window",
    "curtains",
    "table",
    "chair",
    "bed",
    "sofa",
    "shelf",
    "lamp",
    "plant",
    "rock",
    "sun",
    "moon",
)


def words() -> dict[str, list[str]]:
    """Every word by kind, as `model.json` lists them for page and command line."""
    weather = [h for h in HOURS if h.traits & {"deck", "rain", "snowfall"} or h.mist > 2]
    times = [h for h in HOURS if h not in weather]
    colours = dict.fromkeys(word for slot in SLOTS.values() for word in slot.paints)
    return {
        "time": [phrase for h in times for phrase in h.phrases],
        "weather": [phrase for h in weather for phrase in h.phrases]
        + [p for kind in CLOUDS.values() for p in kind],
        "ground": [g.phrase for g in GROUNDS if g.kind in ("land", "street")],
        "water": [g.phrase for g in GROUNDS if g.kind == "sea"],
        "floor": [g.phrase for g in GROUNDS if g.kind == "floor"],
        "place": list(PLACES),
        "thing": list(dict.fromkeys([*NOUNS, *(slot.noun for slot in SLOTS.values())])),
        "colour": list(colours),
    }
