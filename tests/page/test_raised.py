"""What is raised where the page can meet it: each sentence has a row in Japanese, or a reason to stay in English.

Sentences are read out of the source, with a number in each of their places. One that is made elsewhere (by a
library, or by a function of its own) is not seen here.
"""

import ast
import errno
import re
from collections import defaultdict
from functools import partial
from pathlib import Path

import pytest

pytest.importorskip("gradio", reason="the page needs genzu[app]")

import generation.errors
import provenance.errors
from provenance.errors import IdentityError
from provenance.tabs.text.language import say
from provenance.tabs.text.sentences import sentence

ROOT = Path(__file__).parents[2]
ERRORS = {**vars(provenance.errors), **vars(generation.errors)}
# Three words of English in a row, in what should be Japanese.
ENGLISH = re.compile(r"[a-z]{3,} [a-z]{2,} [a-z]{2,}")
SAID = re.compile("[A-Za-z]{2} ")
COMMAND_LINE = re.compile(r"`genzu |GENZU_|(?<![\w-])--[a-z]")
COMMAND = "only the command line does this"
PROGRAM = "only a program that imports genzu calls this"
START = "told in the terminal when the page is started, before anybody can look at it"
OURS = "checks what our own code writes or has written: no field of the page leads there"
STAYS = {
    "generation/batch/": COMMAND,
    "generation/studio/brush.py": PROGRAM,
    "generation/commands/": COMMAND,
    "generation/studio/policy.py": START,
    "generation/studio/replay.py": COMMAND,
    "generation/model/shelf.py": COMMAND,
    "generation/files/signature.py": COMMAND,
    "provenance/audit/audit.py": "audits on a cluster are asked for on the command line alone",
    "provenance/audit/kept.py": COMMAND,
    "provenance/audit/nodes.py": COMMAND,
    "provenance/audit/report.py": "the page names its reports itself, in a folder of its own",
    "provenance/audit/since.py": COMMAND,
    "provenance/commands/": COMMAND,
    "provenance/credentials/sign/signing.py": "only the command line signs with an artist's own certificate",
    "provenance/exports/": "the page names the certificates that it makes itself, and exports nothing else",
    "provenance/ledger/continuations.py": COMMAND,
    "provenance/ledger/copies/": COMMAND,
    "provenance/ledger/entries/": OURS,
    "provenance/ledger/foreign.py": "only the command line imports a ledger or withdraws one",
    "provenance/ledger/key_files.py": START,
    "provenance/ledger/store/writer.py": OURS,
    "provenance/ledger/witnesses.py": COMMAND,
    "provenance/people/consent.py": COMMAND,
    "provenance/people/csv_import.py": COMMAND,
    "provenance/people/person.py": "only the command line writes identifiers and addresses down",
    "provenance/people/project.py": COMMAND,
    "provenance/people/receipt_today.py": COMMAND,
    "provenance/proof/": "the page checks no receipt, checkpoint or time stamp of somebody else",
    "provenance/release/opening.py": START,
    "provenance/settings.py": START,
    "provenance/show/graph.py": COMMAND,
    "provenance/statement/canonical.py": OURS,
    "provenance/storage/table_file.py": COMMAND,
    "provenance/verbs.py": PROGRAM,
}


def filled(node, known):
    """The texts that an expression may be: "{}" for what cannot be read here."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.JoinedStr):
        found = [""]
        for each in node.values:
            found = [a + b for a in found for b in filled(each, known)]
        return found
    if isinstance(node, ast.FormattedValue):
        return filled(node.value, known)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return [a + b for a in filled(node.left, known) for b in filled(node.right, known)]
    if isinstance(node, ast.IfExp):
        return filled(node.body, known) + filled(node.orelse, known)
    return known.get(node.id, ["{}"]) if isinstance(node, ast.Name) else ["{}"]


def raised(path):
    """Each error of ours that a file raises."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    constants = assigned(tree.body)
    for function in (each for each in ast.walk(tree) if isinstance(each, ast.FunctionDef)):
        known = {**constants, **assigned(ast.walk(function))}
        for node in ast.walk(function):
            if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and node.exc.args:
                made, words = node.exc.func, node.exc.args[0]
                kind = ERRORS.get(getattr(made, "id", ""))
                if kind is None and getattr(made, "attr", "") == "of":
                    kind = partial(ERRORS[made.value.id].of, OSError(errno.ENOSPC, ""))
                    words = node.exc.args[1]
                yield from (kind(numbered(text)) for text in (filled(words, known) if kind else []))


def assigned(nodes):
    """What each name may stand for, where it can be read."""
    found = defaultdict(list)
    for node in nodes:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            found[node.targets[0].id] += [each for each in filled(node.value, {}) if each]
    return {name: texts for name, texts in found.items() if texts}


def numbered(text):
    """The text with a number in each of its places."""
    first, *rest = text.split("{}")
    return first + "".join(f"{number}{piece}" for number, piece in enumerate(rest, 41))


def without_row(errors):
    """The sentences of a file that a Japanese visitor would read in English."""
    sentences = {each for each in map(sentence, errors) if SAID.search(each)}
    return sorted(each for each in sentences if say(each, "ja") == each or ENGLISH.search(say(each, "ja")))


def everything_raised():
    for top in ("generation", "provenance"):
        for path in sorted((ROOT / top).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), list(raised(path))


def missing():
    found = {path: without_row(errors) for path, errors in everything_raised()}
    return {path: sentences for path, sentences in found.items() if sentences}


def test_each_sentence_that_the_page_can_meet_has_a_row_or_a_reason_to_have_none():
    lacking = [
        f"{path}: {each}"
        for path, sentences in missing().items()
        if not path.startswith(tuple(STAYS))
        for each in sentences
    ]
    assert not lacking, "\n".join(lacking)


def test_what_the_page_can_meet_speaks_of_no_command():
    """What can be done is a value of the error. Of an archive in trouble the page says none of the words."""
    spoken = [
        f"{path}: {error}"
        for path, errors in everything_raised()
        if not path.startswith(tuple(STAYS))
        for error in errors
        if not isinstance(error, IdentityError) and COMMAND_LINE.search(str(error))
    ]
    assert not spoken, "\n".join(spoken)


def test_no_reason_is_kept_for_a_room_that_needs_none():
    paths = list(missing())
    assert [each for each in STAYS if not any(path.startswith(each) for path in paths)] == []
