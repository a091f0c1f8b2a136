"""`genzu` alone: every word under a heading on one screen, and nothing imported to say so."""

import ast
import importlib
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from generation.cli import genzu
from provenance.commands.group import Overview
from provenance.commands.words import Chapter, Word, Words, joined

ROOT = Path(__file__).parents[2]
WORDS = [word for chapter in genzu.commands.chapters for word in chapter.words]
# What the command line may load before it knows which word was typed.
ITS_OWN = {
    "generation",
    "generation.cli",
    "generation.errors",
    "generation.threads",
    "provenance",
    "provenance.commands",
    "provenance.commands.cli",
    "provenance.commands.group",
    "provenance.commands.interrupt",
    "provenance.commands.words",
    "provenance.errors",
    "provenance.settings",
}
OTHERS = {"click", "platformdirs", "colorama"}


def loaded_by(*arguments: str) -> set[str]:
    """The modules that are in memory when `genzu` with these arguments has ended."""
    script = (
        f"import sys; sys.argv = ['genzu', *{arguments!r}]\n"
        "before = set(sys.modules)\n"
        "from generation.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print('loaded:', *sorted(set(sys.modules) - before), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return set(done.stderr.rpartition("loaded:")[2].split())


@pytest.mark.parametrize("arguments", [(), ("--help",), ("-h",), ("no-such-word",)], ids=str)
def test_the_list_of_words_is_shown_without_importing_one(arguments):
    loaded = loaded_by(*arguments)
    ours = {name for name in loaded if name.split(".")[0] in {"generation", "provenance"}}
    assert ours == ITS_OWN
    others = {name.split(".")[0] for name in loaded} - sys.stdlib_module_names
    assert others <= {"generation", "provenance"} | OTHERS


def test_one_word_imports_no_other_words_file():
    loaded = loaded_by("trust", "--help")
    assert "provenance.commands.trust" in loaded
    assert not {"provenance.commands.audit", "generation.commands.paint"} & loaded


@pytest.mark.parametrize(
    "word", [word.name for word in WORDS if isinstance(genzu.commands[word.name], click.Group)]
)
def test_a_group_has_all_its_commands_where_no_other_file_was_imported(word):
    for each in WORDS:
        genzu.commands[each.name]
    script = f"from generation.cli import genzu; print(*sorted(genzu.commands[{word!r}].commands))"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout.split() == sorted(genzu.commands[word].commands)


def test_genzu_alone_fits_a_small_screen_and_names_every_word():
    shown = CliRunner().invoke(genzu, [], prog_name="genzu", terminal_width=80).output
    lines = shown.rstrip().splitlines()
    assert len(lines) <= 23 and max(map(len, lines)) <= 80
    assert "Start here:" in lines and "--help" in shown
    for word in WORDS:
        assert re.search(rf"(?<![\w-]){word.name}(?![\w-])", shown), word.name


def test_the_overview_fits_a_tall_screen_and_says_where_to_start():
    shown = CliRunner().invoke(genzu, ["--help"], prog_name="genzu", terminal_width=80).output
    lines = shown.rstrip().splitlines()
    assert 24 <= len(lines) <= 54
    assert max(map(len, lines)) <= 80
    assert "Start here:" in lines
    shown_words = [line.split()[0] for line in lines if line.startswith("  ")]
    assert [shown_words.count(word.name) for word in WORDS] == [1] * len(WORDS)


def test_each_word_stands_once_and_is_the_command_that_its_file_has():
    names = [word.name for word in WORDS]
    assert len(names) == len(set(names))
    for word in WORDS:
        assert genzu.commands[word.name].name == word.name
        assert genzu.commands[word.name] in importlib.import_module(word.module).COMMANDS


def test_each_command_of_a_words_file_is_in_the_overview():
    listed = {word.name for word in WORDS}
    for module in {word.module for word in WORDS}:
        assert {each.name for each in importlib.import_module(module).COMMANDS} <= listed


def test_a_mistyped_word_is_answered_with_the_nearest_one():
    for typed, meant in (("insp", "inspect"), ("credit", "credits"), ("pain", "paint")):
        done = CliRunner().invoke(genzu, [typed], prog_name="genzu")
        assert done.exit_code == 2
        assert f"'{meant}'" in done.output


def test_chapters_of_one_title_become_one_with_the_first_words_first():
    one, two, three = (Word(name, "m", "line") for name in ("one", "two", "three"))
    both = joined((Chapter("A", (two,)),), (Chapter("A", (one,)), Chapter("B", (three,))))
    assert both == (Chapter("A", (two, one)), Chapter("B", (three,)))


def test_a_command_can_be_added_beside_the_table():
    group = Overview("genzu", commands=Words(()))
    group.add_command(click.Command("own"))
    assert list(group.commands) == ["own"]
    assert len(group.commands) == 1


def every_command(command: click.Command, *words: str) -> Iterator[tuple[str, ...]]:
    """The words of a command and of all that are below it."""
    yield words
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            yield from every_command(below, *words, name)


def test_the_help_of_every_command_fits_80_columns() -> None:
    """But for a list of choices, which click does not break."""
    for words in every_command(genzu):
        shown = CliRunner().invoke(genzu, [*words, "--help"], prog_name="genzu", terminal_width=80).output
        wide = [line for line in shown.splitlines() if len(line) > 80 and "[" not in line]
        assert wide == [], words


def sentences() -> Iterator[tuple[Path, str]]:
    """Each text in the program, whole, also where it is put together of pieces."""
    for folder in ("provenance", "generation"):
        for file in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text("utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield file, node.value
                elif isinstance(node, ast.JoinedStr):
                    said = (each.value if isinstance(each, ast.Constant) else "X" for each in node.values)
                    yield file, "".join(map(str, said))


def test_each_command_that_a_sentence_names_is_there_with_its_options() -> None:
    named = [(file, name) for file, text in sentences() for name in re.findall(r"`genzu ([a-z][^`]*)`", text)]
    assert len(named) > 60
    for file, name in named:
        command: click.Command = genzu
        words = name.split()
        while words and isinstance(command, click.Group):
            below = command.get_command(click.Context(command), words[0])
            assert below is not None, (file, name)
            command, words = below, words[1:]
            if not words or not words[0].isalpha() or not words[0].islower():
                break
        options = {each for one in command.params for each in (*one.opts, *one.secondary_opts)}
        asked = {each.partition("=")[0] for each in words if re.fullmatch(r"--?[a-z][a-z-]*(=.*)?", each)}
        assert asked <= options | {"--help"}, (file, name)
