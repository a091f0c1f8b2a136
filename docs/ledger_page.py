"""docs/ledger.md, printed by the program: it makes a small ledger and shows its tables, its entries and its checks."""

import json
import re
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

from provenance.ledger import Ledger
from provenance.ledger.entries.entry import Entry
from provenance.ledger.entries.kind import EntryKind
from provenance.ledger.store import schema
from provenance.statement.canonical import Digest
from provenance.statement.credit import Credit, Role
from provenance.statement.statement import (
    Input,
    InputRole,
    ModelUse,
    Project,
    Prompt,
    Resource,
    Software,
    Statement,
)
from provenance.statement.vocabulary import Relation, SourceType, Stage, Step

TABLES = {
    "entries": "The truth. Append-only; each row is one leaf of the tree. Triggers stop accidents, not the keeper.",
    "private": "Names, prompts and notes with their salts: what `genzu people erase` removes.",
    "tree_nodes": "The perfect subtrees above the leaves, numbered as they were completed "
    "(`provenance/ledger/store/tree.py`).",
    "checkpoints": "Signed sizes and roots. Append-only; also in `checkpoints.txt`.",
    "anchors": "Time stamps over checkpoints (RFC 3161), and requests that still wait for a network.",
    "housekeeping": "Work that must survive a crash, such as an erasure that waits for a reader.",
    "people": "Projection. One row for each person or organisation; the name stays in `private`.",
    "models": "Projection. One row for each model as it was described.",
    "pictures": "Projection. One row for each picture that was asked for, and how far it came.",
    "credits": "Projection. Who did what on which picture.",
    "inputs": "Projection. What went into a picture, by file and pixels; `source` where it is one of ours.",
    "corrections": "Projection. Which later entries gave a picture's credits to others.",
    "search": "Projection. Full-text index (FTS5, without content); `rowid` is the entry's number.",
}
VIEWS = {
    "pictures_with_credits": "One row for each picture, with people, prompt, model and times: start here. `credits` is "
    "what was stated when the picture was requested; `credits_corrected_by` numbers the entries that changed it since "
    "(`genzu show ID` names both).",
    "people_with_names": "People with their names, as far as they are known and not erased. A record that was merged "
    "into another keeps its row.",
    "picture_inputs": "Which picture was made from which.",
}
CHECKS = """\
| what the keeper did | without a checkpoint from outside | with one |
|---|---|---|
| edited, deleted or swapped entries | found, the entry is named | found |
| the same, and made the entry's hash fit | found in the tree, two entries are named | found |
| the same, and made the tree fit | found by the ledger's own checkpoints | found |
| cut entries off at the end, and the tree | found by the ledger's own checkpoints | found |
| changed, moved or removed a name or prompt | found, the entry is named | found |
| changed a table made for reading, or a trigger | found (`--rebuild` for rows) | found |
| wrote an entry that cannot be read | found, the entry is named | found |
| put another ledger's key beside it | found | found |
| **all of it, and signed again with the key** | **not found: it looks right** | found; a file proves it to anybody |
| **put an older copy of everything back** | **not found** | found |

The last two rows are why a checkpoint belongs in a place that the keeper cannot change: an artist's receipt, an
e-mail, a git repository, a time stamp. Each row is a test (`tests/ledger/test_ledger_check.py`).
"""
TEXT = """\
# The ledger

An append-only log of what was requested, made and released, in one SQLite file. Its **entries** are the truth; every
other table can be thrown away and rebuilt (`genzu ledger rebuild`). Entries are the leaves of a Merkle tree (RFC
9162), and **checkpoints** sign its size and root (C2SP). Anyone who holds a checkpoint can tell later whether
anything before it was changed. Receipts are in [proofs.md](proofs.md).

## Using it

```
genzu ledger verify --rebuild --files --against kept.txt    recomputes every hash, names the faulty entry
genzu ledger checkpoint -o kept.txt                         keep it elsewhere
genzu ledger prove pic-… -o receipt                         and, anywhere: genzu receipt verify receipt
genzu ledger continue receipt -o grown.txt                  shows the holder of an old one: the log only grew
genzu ledger export -o log.jsonl                            a line a leaf: SHA-256(0x00 || line)
genzu ledger export -o log.jsonl --names                    for another studio: with the names that are shown anyway
genzu ledger export -o log.jsonl --private                  for your own copy alone: with every private text
genzu ledger import theirs.jsonl --key …                    another studio's, beside ours (home/foreign/)
genzu ledger import --withdraw genzu/…                      asked no more; its copy stays a witness, without names
genzu ledger find delivered.png                             in ours and in theirs; inspect and audit ask both
genzu ledger state                                          how many entries, how many signed, how many backed up
genzu ledger anchor --tsa https://…                         a time stamp over the checkpoint
```

Read it in a browser: [how-to/datasette.md](how-to/datasette.md).

## What a check finds

{checks}
If the key signed a fork (two checkpoints that no single history leads to), `--misbehaviour OUT` writes a
file that proves it to anybody, without the ledger: `verify` does this for our ledger, `import` for another one.

A check needs no key and changes nothing. A database written by an earlier version of Genzu is copied to a temporary
folder, the copy gets the tables of this version, and the copy is checked.

A test flips every bit of a small ledger in pages of 512 bytes: in the entries, sealed texts, tree, checkpoints,
anchors, tasks and schema, in the tables for reading and in every index (`GENZU_FLIPS=all python -m pytest
tests/ledger/test_ledger_flips.py`, half an hour; a usual run takes a part of it): `--rebuild` reports the flip, or
every row, every word and every search reads back as before. The rest is read by nothing: unused space in pages, some
fields of the file's header, and one field that FTS5 skips in the pages of the word index.

A check ends with what it did not look at, and with the option that does: tables for reading (`--rebuild`), files of
the vault (`--files`), older signatures, a `checkpoints.txt` or a key that is not there. Where the times of entries run
back, the places are named; that is no fault, because clocks are set. A checkpoint from outside is compared with the
entries hashed again, never with stored hashes.

An entry that cannot be read (a word that is none, somebody or a picture that is not on record) is refused when it is
appended. If another program wrote one, `verify` names it, commands skip it and say so. In another studio's export it is
set aside, and named.

A name, prompt or note reads *(erased)* where an entry says that it was erased, *(not disclosed)* in another studio's
ledger that came without it, and *(missing)* where it is neither there nor erased.

The text, size and root of every stored checkpoint are compared. `--rebuild` checks the signatures of all of them;
without it, those of the newest 1,000 and of any that `checkpoints.txt` does not hold letter for letter.

## Durability

Write-ahead log with `synchronous=FULL`, one writer and many readers; on network and FUSE file systems a rollback
journal with `synchronous=EXTRA`. When a call returns, its entry is on the disk. Tests stop the writer with `kill -9`,
fill the disk, tear the log and make single system calls fail (strace), then check everything. Processes that write
take turns in a queue; one that has waited there for 15 seconds gets `LedgerBusy`. A check beside a writer sees one
state. If the ledger has vanished, or was replaced by an older copy than `checkpoints.txt` knows, it is refused and no
new one is begun.

`GENZU_BACKUP` names a folder, or a private data set of the Hugging Face hub (`hf://datasets/OWNER/NAME`): entries,
sealed texts and checkpoints are copied after each commit, and restored when the disk was lost. The folder is written
before a call returns. A hub's data set is uploaded from that folder in the background: one upload at a time, also of
several processes, in order, repeated until it succeeds. A start takes from it only what goes further than the folder
([decision 0274](decisions/0274-a-backup-is-fetched-beside-its-folder.md)). Closing the ledger waits for it, and the
next start carries on with it. `genzu ledger state` and the page say how many entries have arrived. An erasure waits
until it has arrived. The ledger's key is never copied, so keep `keys/ledger.key` safe yourself. Where the disk does
not last, the key is given as a secret ([host a demo](how-to/host-a-demo.md)). The vault's files are not part of it,
nor are time stamps (`genzu ledger anchors -o FOLDER` writes them out). We have tried uploads only with a folder in
the hub's place.

## What is erased

`genzu people erase` removes text and salt from `private` and from the index, appends `private.erased`, and writes the
file anew, so that no byte of it is left in the database or its log. The entry keeps HMAC-SHA256(salt, text); without
the salt nobody can tell what the text was, and every proof still holds. Signed pictures, those in the vault too,
still say what was signed. Receipts and exports that were handed out cannot be recalled.

## Entry kinds

Leaves are canonical JSON (RFC 8785) of `at`, `body`, `kind` and `seq`. Bodies about people, consents, choices and
disputes are in [people.md](people.md).

{kinds}
## Tables

Version {version}. A projection's row is keyed by the number of the entry that made it. Digests are 32 bytes in tables,
`sha256:…` in views.

{tables}
## Views

{views}
"""


def page() -> str:
    """The page."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        with Ledger.open(home / "ledger.sqlite3", key=home / "ledger.key") as ledger:
            entries = list(_live(ledger))
        connection = sqlite3.connect(home / "ledger.sqlite3")
        tables = "".join(_table(connection, name, words) for name, words in TABLES.items())
        connection.close()
    kinds = "".join(f"`{each.kind}`\n\n```json\n{_body(each)}\n```\n\n" for each in entries)
    views = "".join(f"- `{name}`: {words}\n" for name, words in VIEWS.items())
    return TEXT.format(checks=CHECKS, kinds=kinds, tables=tables, views=views, version=schema.VERSION)


def _live(ledger: Ledger) -> Iterator[Entry]:
    """One entry of each kind that the ledger itself writes."""
    for picture in ("pic-made", "pic-stopped"):
        ledger.request(_statement(picture))
    ledger.release(
        "pic-made",
        output=_file("signed"),
        signer=Digest.of(b"certificate"),
        manifest="urn:c2pa:3f0f6f7e-1d6c-4a7e-9d43-8d6a5a0b7c11",
        time_stamped=True,
        facts={"device": "cpu", "effective_steps": 11, "seconds": 2.5},
    )
    ledger.close_without("pic-stopped", EntryKind.PICTURE_CANCELLED, "called off")
    ledger.erase("pic-stopped")
    seen = set()
    for entry in ledger.entries():
        if entry.kind not in seen:
            seen.add(entry.kind)
            yield entry


def _statement(picture: str) -> Statement:
    layout = Input(InputRole.LAYOUT, Relation.PARENT, _file("layout"))
    model = ModelUse(
        "house", "embedded", "unpinned", "Apache-2.0", "procedural pictures", Digest.of(b"model")
    )
    return Statement(
        picture=picture,
        step=Step.PAINT,
        source_type=SourceType.COMPOSITE_WITH_TRAINED_ALGORITHMIC_MEDIA,
        software=Software("Genzu", "0.1.0"),
        credits=(Credit(Role.LAYOUT, "Mori Aoi"),),
        inputs=(layout,),
        prompt=Prompt("a railway station in deep snow"),
        model=model,
        parameters={"seed": "18446744073709551615", "strength": 0.55},
        project=Project("The Long Way", "1", "c014", Stage.TEMP),
    )


def _file(name: str) -> Resource:
    return Resource(
        Digest.of(name.encode()), "image/png", 70_000, 768, 512, Digest.of(b"pixels " + name.encode())
    )


def _body(entry: Entry) -> str:
    """The body with what differs each time replaced by what it is."""
    text = json.dumps(entry.body, indent=2, ensure_ascii=False)
    text = re.sub(r'"private": "[0-9a-f]{64}"', '"private": "<64 hex digits>"', text)
    text = re.sub(r'"genzu/[0-9a-f]{16}\+[^"]*"', '"genzu/<16 hex digits>+<8 hex digits>+<base64>"', text)
    text = re.sub(r"genzu/[0-9a-f]{16}", "genzu/<16 hex digits>", text)
    text = re.sub(r"sha256:[0-9a-f]{64}", "sha256:<64 hex digits>", text)
    return re.sub(r"per(son)?-[a-z2-7]{20}", r"per\1-<20 letters>", text)


def _table(connection: sqlite3.Connection, name: str, words: str) -> str:
    columns = connection.execute(f"PRAGMA table_info({name})").fetchall()
    refers = {row[3]: f"{row[2]}.{row[4]}" for row in connection.execute(f"PRAGMA foreign_key_list({name})")}
    rows = "".join(
        f"| `{column}` | {kind or 'any'} | {f'`{refers[column]}`' if column in refers else ''} |\n"
        for _, column, kind, *_ in columns
    )
    return f"### {name}\n\n{words}\n\n| column | type | refers to |\n|---|---|---|\n{rows}\n"
