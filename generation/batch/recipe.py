"""A recipe: the way from a layout to a finished background as steps, each painted over the one before.

    [recipe]
    name = "winter railway"

    [all]                                   # for every step; a step's own words come before them
    by = ["prompt: Abe Rin"]
    long-side = 512

    [preset.soft]                           # settings under a name; a step takes them with preset = "soft"
    strength = 0.45

    [[step]]
    name = "pass 1"
    prompt = "{weather} sky, {place}"       # {weather} is a column of the sheet
    strength = 0.7

    [[step]]
    name = "pass 2"
    preset = "soft"
    prompt = "{weather} sky, {place}, painted"

    [[step]]
    name = "upscale"
    upscale = 4096                          # pixels of the longer side; tile by tile
    model = "upscaler"                      # a step may be painted with a model of its own

What may stand in a step are the options of `genzu paint` by their names. A mistake is told with its line.
"""

import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from generation.errors import SheetError
from provenance.errors import why

LIMIT = 1_000_000  # bytes
STEPS = range(1, 20 + 1)
MODEL = "model"  # of a step: a name of `genzu models`, a folder, HUB/ID@REVISION
NAME = re.compile(r"\w[\w ()+-]{0,40}")
TABLES = frozenset({"recipe", "all", "preset", "step"})
_HEAD = re.compile(r"^\s*\[{1,2}\s*([^\]]+?)\s*\]{1,2}")
_KEY = re.compile(r"""^\s*["']?([\w-]+)["']?\s*=""")

Values = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class RecipeStep:
    """One pass: its name, and what it says, as a sheet's cells do. `model` paints it; "" is the run's."""

    name: str
    values: Values
    model: str = ""

    @property
    def slug(self) -> str:
        """The name as a part of a file's name."""
        return re.sub(r"\W+", "-", self.name.lower()).strip("-")


@dataclass(frozen=True, slots=True)
class Recipe:
    """A recipe that can be run, as far as its form goes."""

    name: str
    steps: tuple[RecipeStep, ...]


def read_recipe(path: Path, options: Collection[str]) -> Recipe:
    """The recipe at `path`. `options` may stand in a step; SheetError names the line that is wrong."""
    try:
        data = path.read_bytes()[: LIMIT + 1]
    except OSError as error:
        raise SheetError(f"the recipe {path} could not be read: {why(error)}") from error
    if len(data) > LIMIT:
        raise SheetError(f"{path.name} is larger than {LIMIT:,} bytes; a recipe is a few lines")
    try:
        text = data.decode()
        said = tomllib.loads(text)
    except UnicodeDecodeError:
        raise SheetError(f"{path.name} is not UTF-8 text; save it as that") from None
    except tomllib.TOMLDecodeError as error:
        raise SheetError(f"{path.name}: {error}") from None
    return _Reader(path.name, _lines(text), frozenset(options)).recipe(said)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads what the TOML says; `lines` are the places of its keys."""

    file: str
    lines: Mapping[tuple[str, str], int]
    options: frozenset[str]

    def recipe(self, said: Mapping[str, Any]) -> Recipe:
        strange = [each for each in said if each not in TABLES]
        if strange:
            self._refuse(strange[0], "", f"[{strange[0]}] is none of {', '.join(sorted(TABLES))}")
        about = self._table(said.get("recipe", {}), "recipe")
        name = about.get("name", self.file.removesuffix(".toml"))
        if set(about) - {"name"} or not isinstance(name, str):
            self._refuse(
                "recipe", next(iter(set(about) - {"name"}), "name"), "[recipe] holds a name, and no more"
            )
        shared = self._values(said.get("all", {}), "all")
        presets = {
            each: self._values(values, f"preset.{each}")
            for each, values in self._table(said.get("preset", {}), "preset").items()
        }
        steps = said.get("step", [])
        if not isinstance(steps, list) or len(steps) not in STEPS:
            raise SheetError(f"{self.file}: a recipe has {STEPS.start} to {STEPS.stop - 1} tables [[step]]")
        made = tuple(self._step(each, at, shared, presets) for at, each in enumerate(steps, 1))
        slugs = [each.slug for each in made]
        twice = next((at for at, each in enumerate(slugs) if each in slugs[:at]), None)
        if twice is not None:
            self._refuse(f"step {twice + 1}", "name", f"two steps are called {made[twice].name!r}")
        return Recipe(name, made)

    def _step(self, said: object, at: int, shared: Values, presets: Mapping[str, Values]) -> RecipeStep:
        where = f"step {at}"
        step = dict(self._table(said, where))
        name, preset = step.pop("name", f"pass {at}"), step.pop("preset", None)
        if not isinstance(name, str) or not NAME.fullmatch(name):
            self._refuse(where, "name", 'a step has a plain name, such as "pass 1"')
        if preset is not None and preset not in presets:
            known = ", ".join(presets) or "none"
            self._refuse(where, "preset", f"there is no preset {preset!r}; the presets are: {known}")
        before = presets.get(str(preset), {})
        values = {**shared, **before, **self._values(step, where)}
        model = values.pop(MODEL, ("",))
        if len(model) > 1:
            self._refuse(where, MODEL, "a step is painted with one model")
        return RecipeStep(str(name), values, model[0])

    def _values(self, said: object, where: str) -> Values:
        found = {}
        for key, value in self._table(said, where).items():
            if key not in self.options and key != MODEL:
                self._refuse(where, key, f"{key} is no option of `genzu paint`")
            values = value if isinstance(value, list) else [value]
            if not values or not all(isinstance(each, str | int | float) for each in values):
                self._refuse(where, key, f"{key} is a text, a number, true or false, or a list of texts")
            found[key] = tuple(_cell(each) for each in values)
        return found

    def _table(self, said: object, where: str) -> Mapping[str, Any]:
        if not isinstance(said, dict):
            self._refuse(where, "", f"{where} is a table: [{where}]")
        return said

    def _refuse(self, where: str, key: str, words: str) -> NoReturn:
        below = (line for (table, _), line in self.lines.items() if table.startswith(f"{where}."))
        line = self.lines.get((where, key)) or self.lines.get((where, "")) or next(below, None)
        place = f"{self.file}, line {line}" if line else self.file
        raise SheetError(f"{place}: {words}")


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return str(value)


def _lines(text: str) -> dict[tuple[str, str], int]:
    """Where each table and each of its keys stands, counted from 1; the tables [[step]] are `step 1`, `step 2` …"""
    found: dict[tuple[str, str], int] = {}
    for place, line in _places(text):
        found.setdefault(place, line)
    return found


def _places(text: str) -> Iterator[tuple[tuple[str, str], int]]:
    table, steps = "", 0
    for number, line in enumerate(text.splitlines(), 1):
        if head := _HEAD.match(line):
            steps += head[1] == "step"
            table = f"step {steps}" if head[1] == "step" else head[1]
            yield (table, ""), number
        elif key := _KEY.match(line):
            yield (table, key[1]), number
            if not table:
                yield (key[1], ""), number
