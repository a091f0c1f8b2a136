"""Every table that is keyed by an enum has a row for each of its words: a new word cannot end in a KeyError."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from provenance.exports.certificate_words import WORDS as CERTIFICATE
from provenance.exports.copyright import WORDS as COPYRIGHT
from provenance.people.project import ORDER
from provenance.statement.credit import Role
from provenance.statement.vocabulary import Maker
from provenance.statement.words import MAKERS

ROOT = Path(__file__).parent.parent.parent
FILES = sorted(path for package in ("provenance", "generation") for path in (ROOT / package).rglob("*.py"))
TREES = {path.relative_to(ROOT).as_posix(): ast.parse(path.read_text(encoding="utf-8")) for path in FILES}

# A table that means to hold only some words, and what is done for the others.
PARTIAL = {
    ("generation/studio/film.py", "Role"): "the people of the demonstration; each is asked for by name",
    (
        "provenance/ledger/store/projection.py",
        "EntryKind",
    ): "asked with .get: the others have no table of their own",
    (
        "provenance/statement/vocabulary.py",
        "SourceType",
    ): "asked with .get: the others say nothing of a maker",
    ("provenance/commands/receipt.py", "Standing"): "the words of the two faults; AGREE is told before",
}


def enums() -> dict[str, dict[str, str]]:
    """Every enum of ours by its name, with its members and their values."""
    found = {}
    for tree in TREES.values():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and any("Enum" in ast.unparse(base) for base in node.bases):
                found[node.name] = {
                    target.id: ast.literal_eval(line.value) if isinstance(line.value, ast.Constant) else ""
                    for line in node.body
                    if isinstance(line, ast.Assign)
                    for target in line.targets
                    if isinstance(target, ast.Name)
                }
    return found


ENUMS = enums()


@dataclass(frozen=True)
class Table:
    """A dict display whose keys are members of one enum, or the values of one that it is asked by."""

    path: str
    line: int
    enum: str
    keys: frozenset[str]
    safe: bool  # what is missing has an answer at once: `{…}.get(key, other)`, or another dict opened into it

    @property
    def missing(self) -> set[str]:
        return set(ENUMS[self.enum]) - self.keys


def tables(path: str, tree: ast.AST) -> Iterator[Table]:
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Dict):
            continue
        above = parents.get(node)
        asked = isinstance(above, ast.Attribute) and above.attr == "get"
        call = parents.get(above) if above is not None else None
        safe = None in node.keys or (asked and isinstance(call, ast.Call) and len(call.args) == 2)
        members = [
            (key.value.id, key.attr)
            for key in node.keys
            if isinstance(key, ast.Attribute) and isinstance(key.value, ast.Name) and key.value.id in ENUMS
        ]
        for name in {each for each, _ in members}:
            yield Table(
                path, node.lineno, name, frozenset(attr for each, attr in members if each == name), safe
            )
        if (
            isinstance(above, ast.Subscript)
            and above.value is node
            and ast.unparse(above.slice).endswith(".value")
        ):
            yield from _by_value(path, node)


def _by_value(path: str, node: ast.Dict) -> Iterator[Table]:
    """`{"paint": …}[step.value]`: the enum is the one whose values hold all keys."""
    keys = {key.value for key in node.keys if isinstance(key, ast.Constant)}
    for name, members in ENUMS.items():
        if keys and keys <= set(members.values()):
            yield Table(path, node.lineno, name, frozenset(k for k, v in members.items() if v in keys), False)


EVERY = [table for path, tree in TREES.items() for table in tables(path, tree)]


@pytest.mark.parametrize("table", EVERY, ids=lambda each: f"{each.path}:{each.line} {each.enum}")
def test_a_table_has_a_row_for_every_word_of_its_enum(table):
    if table.safe or (table.path, table.enum) in PARTIAL:
        return
    assert not table.missing, f"{table.path}:{table.line} has no row for {', '.join(sorted(table.missing))}"


def test_the_tables_are_found_and_no_exception_is_left_over():
    assert {"Role", "Maker", "Verdict", "Step", "SourceType", "Disclosure", "EntryKind"} <= {
        each.enum for each in EVERY
    }
    partial = {(each.path, each.enum) for each in EVERY if each.missing}
    assert PARTIAL.keys() <= partial


def test_a_table_with_a_missing_row_is_seen():
    tree = ast.parse(
        "X = {Maker.AI: 1, Maker.HUMAN: 2}\ny = {Stage.TEMP: 1}.get(z, 2)\nw = {'temp': 1}[s.value]"
    )
    first, second, third = sorted(tables("x.py", tree), key=lambda each: each.line)
    assert first.missing and not first.safe
    assert second.missing and second.safe
    assert third.missing == {"FINAL"}


def test_a_roll_has_a_place_for_every_role():
    assert sorted(ORDER) == sorted(Role)


@pytest.mark.parametrize("words", [CERTIFICATE, COPYRIGHT], ids=["certificate", "copyright"])
def test_every_language_has_every_sentence_with_the_same_places(words):
    english = words["en"]
    for language in words.values():
        assert language.keys() == english.keys()
        for name, sentence in language.items():
            assert sorted(_places(sentence)) == sorted(_places(english[name])), name


def test_no_style_sheet_holds_the_colour_of_a_maker_by_hand():
    looks = [MAKERS[maker] for maker in (Maker.HUMAN, Maker.AI, Maker.AI_ASSISTED)]
    sheets = list((ROOT / "provenance").rglob("*.css"))
    assert sheets
    for path in sheets:
        text = path.read_text(encoding="utf-8")
        assert not any(colour in text for look in looks for colour in (look.light, look.dark)), path


def _places(sentence: str) -> set[str]:
    return {part.partition("}")[0] for part in sentence.split("{")[1:]}
