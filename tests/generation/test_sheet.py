"""A sheet is read as people write it, and everything that is wrong with it is told at once, by row and column."""

import json
from pathlib import Path

import pytest
from conftest import draw_house

from generation.batch.row import Row
from generation.batch.table import read_table
from generation.batch.words import fill, patterns
from generation.commands.columns import Given, columns, rows_of
from generation.errors import SheetError
from provenance.statement.credit import Role

USUAL = {
    "prompt": None, "negative": "", "seed": 0, "clean": "auto", "disclose": "full", "label": None, "mask": None,
    "credits": (), "production": "", "episode": "", "shot": "", "stage": "temp", "pseudonyms": (),
    "credit_line": "", "no_training": False, "parameters_text": False, "keep_private": False, "as_artist": None,
    "force": False,
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "layouts").mkdir()
    for name in ("c9", "c10", "駅前"):
        draw_house().save(tmp_path / "layouts" / f"{name}.png")
    return tmp_path


def sheet(folder: Path, text: str | bytes, name: str = "sheet.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def read(path: Path, **given: object) -> tuple[list[Row], list[str]]:
    rows, problems = rows_of(read_table(path), Given({**USUAL, **given}))
    return rows, [str(each) for each in problems]


def test_a_row_says_what_the_options_of_paint_say(folder):
    path = sheet(
        folder,
        "layout,prompt,by,strength,steps,guidance,seed,long side,negative,production,Episode,shot,stage,candidates\n"
        'layouts/c9.png,"dusk, snow","layout: Mori Aoi; prompt: Abe Rin",0.6,12,2.5,18446744073709551615,512,'
        "blur,Film,1,c014,final,30\n",
    )
    (row,), problems = read(path)
    assert problems == []
    assert row.settings.prompt == "dusk, snow"
    assert (row.settings.strength, row.settings.num_inference_steps, row.settings.guidance_scale) == (
        0.6,
        12,
        2.5,
    )
    assert (row.settings.seed, row.settings.long_side, row.settings.negative_prompt) == (
        2**64 - 1,
        512,
        "blur",
    )
    assert [each.role for each in row.credits] == [Role.LAYOUT, Role.PROMPT]
    assert (row.project.production, row.project.shot, row.project.stage.value) == ("Film", "c014", "final")
    assert (row.name, row.candidates) == ("c014", 30)
    assert [row.seed(each) for each in (1, 2, 3)] == [2**64 - 1, 0, 1]


def test_an_empty_cell_takes_what_the_command_line_gave(folder):
    path = sheet(
        folder, "layout,by,strength\nlayouts/c9.png,prompt: Abe Rin,\nlayouts/c10.png,prompt: Abe Rin,0.5\n"
    )
    rows, problems = read(path, prompt="night", strength=0.9)
    assert problems == []
    assert [each.settings.strength for each in rows] == [0.9, 0.5]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_sheets_are_read_as_spreadsheets_write_them(folder, delimiter, encoding):
    rows = [
        ["Layout", "PROMPT", "by", ""],
        ["layouts/駅前.png", "雪", "prompt: 佐藤 花", ""],
        ["", "", "", ""],
    ]
    text = "\r\n".join(delimiter.join(each) for each in rows) + "\r\n"
    (row,), problems = read(sheet(folder, text.encode(encoding)))
    assert problems == []
    assert (row.name, row.settings.prompt, row.credits[0].name) == ("駅前", "雪", "佐藤 花")


def test_json_lines_hold_lists_numbers_and_truth(folder):
    said = {
        "layout": "layouts/c9.png",
        "prompt": "x",
        "by": ["layout: A B", "prompt: C D"],
        "seed": 7,
        "no_training": True,
    }
    path = sheet(folder, json.dumps(said) + "\n\n{broken\n[1]\n", "sheet.jsonl")
    (row,), problems = read(path)
    assert len(row.credits) == 2
    assert row.settings.seed == 7
    assert row.terms.publication.wishes
    assert [each.partition(":")[0] for each in problems] == ["row 3", "row 4"]


def test_a_folder_is_a_sheet_of_its_pictures_in_the_order_people_count(folder):
    rows, problems = read(
        folder / "layouts", prompt="night", credits=(columns()["by"].type.convert("prompt: A B", None, None),)
    )
    assert problems == []
    assert [each.name for each in rows] == ["c9", "c10", "駅前"]
    assert [each.project.shot for each in rows] == ["c9", "c10", "駅前"]


def test_everything_that_is_wrong_is_told_at_once_and_the_good_rows_stay(folder):
    path = sheet(
        folder,
        "layout,prompt,by,strength,seed,mask,stage,candidates,name\n"
        "layouts/c9.png,night,prompt: Abe Rin,much,one,layouts/no.png,soon,0,\n"
        "layouts/gone.png,,AI (+Human),,,,,,\n"
        "layouts/c10.png,night,prompt: Abe Rin,,,,,,../up\n"
        "layouts/c10.png,night,prompt: Abe Rin,,,,,,\n"
        "layouts/c10.png,dusk,prompt: Abe Rin,,,,,,C10\n"
        "layouts/c10.png,dusk,prompt: Abe Rin,,,,,,good,too many\n",
    )
    rows, problems = read(path)
    assert [each.name for each in rows] == ["c10"]
    assert {each.partition(":")[0] for each in problems} == {
        "row 2, strength", "row 2, seed", "row 2, mask", "row 2, stage", "row 2, candidates",
        "row 3, layout", "row 3, by", "row 3, prompt", "row 4", "row 6, name", "row 7",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is empty"),
        ("layout,prompt,by\n", "no rows"),
        ("prompt,by\nnight,prompt: A B\n", "lacks the column layout"),
        ("layout\nlayouts/c9.png\n", "lacks the columns prompt, by"),
        ("layout,prompt,by,stength\nlayouts/c9.png,n,prompt: A B,1\n", "did you mean strength"),
        ("layout,prompt,by,weather\nlayouts/c9.png,n,prompt: A B,snow\n", r"write \{weather\} in a prompt"),
        ("layout,prompt,by,by\nlayouts/c9.png,n,prompt: A B,x\n", "two columns by"),
        ('layout,prompt,by\n"layouts/c9.png,n,prompt: A B\n', "no CSV"),
        (b"layout,prompt\n\xff\xff\xff,x\n", "not UTF-8"),
        (
            b"PK\x03\x04 as Excel and LibreOffice save",
            "is a spreadsheet or another packed file; save it as CSV",
        ),
        (b"\xd0\xcf\x11\xe0 as Excel saved once", "is a spreadsheet or another packed file; save it as CSV"),
    ],
)
def test_a_sheet_that_no_row_can_be_right_in_is_refused_in_one_sentence(folder, text, words):
    with pytest.raises(SheetError, match=words):
        read(sheet(folder, text))


def test_other_columns_fill_their_places_in_the_words(folder):
    path = sheet(
        folder,
        "layout,by,weather,Time of day\nlayouts/c9.png,prompt: A B,snow,dusk\nlayouts/c10.png,prompt: A B,,dusk\n",
    )
    rows, problems = read(path, prompt="{weather} at {time of day}")
    assert [each.settings.prompt for each in rows] == ["snow at dusk"]
    assert problems == [
        "row 3, prompt: nothing is given for {weather}; the columns that can fill it: by, layout, time-of-day"
    ]
    assert fill("a {b|c} {} {1}", {}) == "a {b|c} {} {1}"


def test_json_that_is_no_line_of_objects_says_how_it_is_called(folder):
    (folder / "cuts.json").write_text('[{"layout": "layouts/c9.png"}]', encoding="utf-8")
    with pytest.raises(SheetError, match="write one object a line, and call it cuts"):
        read(folder / "cuts.json")


def test_a_number_with_a_comma_and_a_brace_that_stays_open_are_told_at_their_rows(folder):
    text = (
        "layout;prompt;by;strength;steps\nlayouts/c9.png;night;prompt: A B;0,7;4\n"
        "layouts/c9.png;{weather sky;prompt: A B;0.7;4.5\n"
    )
    rows, problems = read(sheet(folder, text))
    assert not rows
    assert problems == [
        "row 2, strength: '0,7' is no number; write it with a point, 0.7",
        "row 3, steps: '4.5' is no whole number",
        "row 3, prompt: a brace is open in '{weather sky'; write {name} for a column, {a|b} for each in turn",
    ]


@pytest.mark.parametrize("words", ["{a|{b|c}}", "{{a|b}|c}", "x {a|{b|c}|d} y"])
def test_a_choice_inside_another_is_refused(words):
    with pytest.raises(SheetError, match="stands inside another"):
        list(patterns(words))


def test_braces_that_only_stress_a_word_stay_as_they_are():
    assert list(patterns("{{snow}}, {a|b}")) == ["{{snow}}, a", "{{snow}}, b"]


def test_a_pattern_stands_for_every_way_of_choosing():
    assert list(patterns("{a|b} {c|}")) == ["a c", "a ", "b c", "b "]
    assert list(patterns("plain {place}")) == ["plain {place}"]
    with pytest.raises(SheetError, match="1,048,576 prompts"):
        list(patterns("{0|1}" * 20))


def test_a_setting_that_cannot_be_read_is_its_rows_problem_alone(folder):
    path = sheet(
        folder,
        "layout,prompt,by,extend,weigh,fill\n"
        "layouts/c9.png,x,prompt: A B,sideways=3,,\n"
        "layouts/c10.png,x,prompt: A B,,style,\n"
        "layouts/駅前.png,x,prompt: A B,left=8,style=0.5,on\n",
    )
    (row,), problems = read(path)
    assert [each.split(":")[0] for each in problems] == ["row 2", "row 3"]
    assert (row.settings.extend.left, row.settings.fill, row.settings.weights[0].scale) == (8, True, 0.5)


def test_every_setting_of_a_painting_can_be_a_column():
    assert {
        "prompt",
        "negative",
        "strength",
        "steps",
        "guidance",
        "seed",
        "long-side",
        "mask",
        "clean",
    } <= set(columns())
    assert not {"out", "force", "dry-run", "json"} & set(columns())


def test_words_that_nobody_can_see_are_told_at_their_row(folder):
    path = sheet(folder, "layout,prompt,by,weather\nlayouts/c9.png,{weather},prompt: A B,\u200b\n")
    rows, problems = read(path)
    assert not rows and problems == [
        "row 2, prompt: the prompt is empty; say in a few words what the painting should show"
    ]


def test_a_folder_holds_every_kind_of_picture_that_a_layout_may_be(tmp_path):
    for name in ("c1.heic", "c2.GIF", "c3.jpeg", "c4.dib", "c5.psd", "notes.txt", "._c6.png"):
        (tmp_path / name).touch()
    layouts = [each.cells["layout"] for each in read_table(tmp_path).lines]
    assert layouts == [("c1.heic",), ("c2.GIF",), ("c3.jpeg",), ("c4.dib",)]
