"""The roll as it is handed on: text for the editing room, CSV and JSON for programs, a page, and a picture.

With two languages each line has both: `Layout / レイアウト`, `森 あおい / Mori Aoi`; a name is not said twice where
both are the same.
"""

import csv
import io
import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from provenance.errors import OutputError, StatementError
from provenance.exports.roll import (
    LICENCE,
    NO_MODEL,
    TRAINED_ON,
    WITH_AI,
    CutLine,
    Roll,
    RollLine,
    by_role,
    step_words,
    unnamed_words,
)
from provenance.inspection.translated import name_in
from provenance.people.register import Register
from provenance.show.lettering import em, folded, lettered
from provenance.show.templates import render
from provenance.statement.credit import NOT_NAMED
from provenance.statement.json_value import Json
from provenance.statement.statement import ModelUse
from provenance.statement.untrusted import cell, plain, width_of
from provenance.statement.words import LANGUAGES, MARKS, ROLES

CREDITS = {"en": "Credits", "ja": "クレジット"}
CUTS = {"en": "Cuts", "ja": "カット"}
COLUMNS = (
    {"en": "Cut", "ja": "カット"},
    {"en": "Pictures that count", "ja": "数える画像"},
    {"en": "How they came about", "ja": "できるまで"},
)
NOT_STATED = {"en": "Not stated", "ja": "記載のない事項"}
NO_GAPS = {
    "en": "Not stated: no gap was found in the record",
    "ja": "記載のない事項：記録に欠けているところは見つかりませんでした",
}
LEFT_OPEN = {"en": "What nobody stated", "ja": "記載のない事項"}
NO_PROOF = {
    "en": "No gap was found in the record. That is no proof that nothing happened outside it.",
    "ja": "記録に欠けているところは見つかりませんでした。記録の外で何もなかったことの証明ではありません。",
}
WIDTH = 1920  # pixels of the picture, as wide as a frame
_LAST_COLUMNS = ("id", "licence", "training")
_FONTS = "'Noto Sans CJK JP','Hiragino Sans','Yu Gothic','Noto Sans','DejaVu Sans',sans-serif"


def parse_languages(text: str) -> tuple[str, ...]:
    """`en,ja` as a tuple, in the order given."""
    languages = tuple(dict.fromkeys(each.strip().lower() for each in text.split(",") if each.strip()))
    if not languages or any(each not in LANGUAGES for each in languages):
        raise StatementError(f"the languages of a roll are {', '.join(LANGUAGES)}, not {text[:40]!r}")
    return languages


def to_text(roll: Roll, register: Register, languages: Sequence[str]) -> str:
    """Roles on the left, names on the right, the cuts and what is not known below."""
    rows = [*_rows(roll, languages), *_model_rows(roll, languages)]
    edge, marks = max((width_of(label) for label, _ in rows), default=0) + 3, MARKS[languages[0]]
    lines = [plain(roll.production), ""]
    for label, names in rows:
        for number, name in enumerate(names):
            shown = label if number == 0 else ""
            lines.append(shown + " " * (edge - width_of(shown)) + plain(name))
        lines.append("")
    lines.append(_both(CUTS, languages))
    for cut in roll.cuts:
        counted = marks.comma.join(each.picture for each in cut.shot.counted)
        lines.append(f"  {plain(str(cut.shot.cut))}{marks.colon}{counted}")
        for step in cut.steps:
            said = dict.fromkeys(step_words(register, step, each) for each in languages)
            lines.append(f"    {plain(' / '.join(said), 2_000)}")
    gaps = [" / ".join(said) for said in zip(*(roll.not_stated(each) for each in languages), strict=True)]
    lines += ["", _both(NOT_STATED if gaps else NO_GAPS, languages), *(f"  {plain(each)}" for each in gaps)]
    return "\n".join(lines).rstrip() + "\n"


def to_csv(roll: Roll, _: Register, languages: Sequence[str]) -> str:
    """One line for each cut, role and person, then one for each cut and model; for a spreadsheet."""
    text = io.StringIO()
    writer = csv.writer(text)
    names = [f"name_{each}" for each in languages]
    writer.writerow(("production", "episode", "cut", "pictures", "kind", "role", *names, *_LAST_COLUMNS))
    for cut in roll.cuts:
        where = cut.shot.cut
        place = (
            where.production,
            where.episode,
            where.shot,
            "; ".join(each.picture for each in cut.shot.counted),
        )
        for role, people in by_role(cut.credited).items():
            for person in people:
                shown = [name_in(person.shown(each) or NOT_NAMED, each) for each in languages]
                ids = "; ".join(str(one) for one in person.public_identifiers)
                values = (*place, person.kind.value, role.value, *shown, ids, "", "")
                writer.writerow([cell(each) for each in values])
        for model in cut.models:
            values = (*place, "model", "generative AI", *(model.name for _ in languages))
            last = (str(model.digest), model.license, model.training)
            writer.writerow([cell(each) for each in (*values, *last)])
        if cut.by_unnamed_ai:
            unnamed = (NO_MODEL[each] for each in languages)
            writer.writerow([cell(each) for each in (*place, "model", "generative AI", *unnamed, "", "", "")])
    return "\ufeff" + text.getvalue()


def to_json(roll: Roll, register: Register, languages: Sequence[str]) -> str:
    """The roll as data."""
    told: dict[str, Json] = {
        "format": "genzu roll 1",
        "production": roll.production,
        "roles": [
            {
                "role": line.role.value,
                "people": [
                    {
                        "person": each.person,
                        "name": {language: each.shown(language) for language in languages},
                        "identifiers": [str(one) for one in each.public_identifiers],
                    }
                    for each in line.people
                ],
                "asked_not_to_be_named": line.unnamed,
                "erased": line.erased,
            }
            for line in roll.lines
        ],
        "generative_ai": [_model_json(each) for each in roll.models],
        "generative_ai_not_named": [picture for cut in roll.cuts for picture in cut.by_unnamed_ai],
        "cuts": [_cut_json(each, register, languages[0]) for each in roll.cuts],
        "not_stated": [*roll.not_stated(languages[0])],
    }
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def to_html(roll: Roll, register: Register, languages: Sequence[str]) -> str:
    """One page: the roll in the middle, the cuts below."""
    return render(
        "roll.html",
        title=f"{_both(CREDITS, languages)}{MARKS[languages[0]].colon}{roll.production}",
        language=languages[0],
        headings=[_both(each, languages) for each in (CUTS, *COLUMNS, LEFT_OPEN)],
        gaps=roll.not_stated(languages[0]),
        no_gaps=NO_PROOF[languages[0]],
        roll=roll,
        lines=[{"label": label, "names": names} for label, names in _rows(roll, languages)],
        with_ai=_both(WITH_AI, languages),
        models=[
            *({"name": each.name, "words": model_words(each, languages[0])} for each in roll.models),
            *({"name": name, "words": ""} for name in _unnamed_ai(roll, languages)),
        ],
        cuts=[
            {
                "name": str(each.shot.cut),
                "counted": [one.picture for one in each.shot.counted],
                "steps": [step_words(register, step, languages[0]) for step in each.steps],
            }
            for each in roll.cuts
        ],
    )


def to_svg(roll: Roll, languages: Sequence[str]) -> str:
    """The roll in white on black, centred, without the table of cuts."""
    parts: list[str] = []
    y = 160.0

    def write(words: str, size: float, style: str, gap: float) -> None:
        nonlocal y
        for each in folded(words, WIDTH - 240, size, 4):
            parts.append(lettered(WIDTH / 2, y, each, size, style, middle=True))
            y += size * 1.35
        y += gap

    write(roll.production, 64, "n", 60)
    for label, names in [*_rows(roll, languages), *_model_rows(roll, languages)]:
        write(label, 28, "r", 6)
        for name in names:
            write(name, 40 if em(name) * 40 < WIDTH - 240 else 28, "n", 2)
        y += 44
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{y + 100:.0f}" '
        f'viewBox="0 0 {WIDTH} {y + 100:.0f}" font-family="{_FONTS}">'
        "<style>.n{fill:#fff}.r{fill:#b9b9b9}</style>"
        f'<rect width="100%" height="100%" fill="#000"/>{"".join(parts)}</svg>'
    )


def to_png(roll: Roll, languages: Sequence[str]) -> bytes:
    """The same in pixels, with this machine's fonts. OutputError where the renderer is not installed."""
    try:
        import resvg_py
    except ModuleNotFoundError as error:
        raise OutputError(
            "a roll as PNG needs one more package: pip install resvg-py; or take --format html"
        ) from error
    from provenance.show.graph import fallback_font  # the Latin font that comes along

    with tempfile.TemporaryDirectory(prefix="genzu-") as folder:
        font = Path(folder) / "fallback.ttf"
        font.write_bytes(fallback_font())
        try:
            return bytes(resvg_py.svg_to_bytes(svg_string=to_svg(roll, languages), font_files=[str(font)]))
        except ValueError as error:
            raise OutputError(f"the roll could not be drawn as PNG: {error}") from error


def model_words(model: ModelUse, language: str) -> str:
    """The model's licence and training, said as they are recorded, "unknown" included."""
    marks = MARKS[language]
    told = [
        f"{LICENCE[language]}{marks.colon}{model.license}",
        f"{TRAINED_ON[language]}{marks.colon}{model.training}",
    ]
    return marks.semicolon.join([*told, model.attribution] if model.attribution else told)


def _rows(roll: Roll, languages: Sequence[str]) -> list[tuple[str, list[str]]]:
    return [(_both(ROLES[line.role].roll, languages), _names(line, languages)) for line in roll.lines]


def _model_rows(roll: Roll, languages: Sequence[str]) -> list[tuple[str, list[str]]]:
    names = [MARKS[languages[0]].within(each.name, model_words(each, languages[0])) for each in roll.models]
    names += _unnamed_ai(roll, languages)
    return [(_both(WITH_AI, languages), names)] if names else []


def _unnamed_ai(roll: Roll, languages: Sequence[str]) -> list[str]:
    """How a roll says that AI was used of which no model is on record."""
    return [_both(NO_MODEL, languages)] if roll.unnamed_ai else []


def _names(line: RollLine, languages: Sequence[str]) -> list[str]:
    names = [
        " / ".join(dict.fromkeys(name_in(each.shown(one) or "", one) for one in languages))
        for each in line.people
    ]
    return names + [
        " / ".join(words)
        for words in zip(*(unnamed_words(line.unnamed, line.erased, one) for one in languages), strict=True)
    ]


def _both(words: Mapping[str, str], languages: Sequence[str]) -> str:
    return " / ".join(words[each] for each in languages)


def _model_json(model: ModelUse) -> Json:
    return {
        "name": model.name,
        "source": model.source,
        "revision": model.revision,
        "digest": str(model.digest),
        "licence": model.license,
        "training": model.training,
        "attribution": model.attribution,
    }


def _cut_json(cut: CutLine, register: Register, language: str) -> Json:
    choice = cut.shot.choice
    return {
        "episode": cut.shot.cut.episode,
        "cut": cut.shot.cut.shot,
        "pictures": [each.picture for each in cut.shot.counted],
        "candidates": len(cut.shot.candidates),
        "chosen_in_entry": choice.seq if choice else None,
        "steps": [
            {"picture": each.picture, "words": step_words(register, each, language)} for each in cut.steps
        ],
        "models": [str(each.digest) for each in cut.models],
    }
