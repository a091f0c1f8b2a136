"""The tab Audit: pictures, folders or zip archives in; one line a picture out, to take away as CSV and HTML."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import gradio as gr

from provenance.audit.archives import Budget
from provenance.audit.audit import MANY, Look, audit
from provenance.audit.delivery import Item, LeftOut, survey
from provenance.audit.place import place_of
from provenance.audit.report import tally, write
from provenance.audit.report_html import About
from provenance.audit.row import Row, counts
from provenance.inspection.answers import Classification
from provenance.ledger.foreign import others_in
from provenance.release.archive import Archive
from provenance.release.keys import sizes_for
from provenance.statement.moment import moment
from provenance.tabs.fields.answers import of_its_upload
from provenance.tabs.fields.uploads import (
    attempt,
    brought_together,
    delivery_folder,
    discard,
    making_room,
    refusal,
)
from provenance.tabs.look.fragments import fragment
from provenance.tabs.look.theme import empty, part
from provenance.tabs.text.language import now

SHOWN = 300  # lines on the page; the files hold all
LIMIT = 5_000  # pictures of one upload
EVERY = 5  # pictures between two words of progress
LOOKED_UP = (
    40  # pictures of one upload up to which what is unknown is also asked for by its looks, seconds each
)
PICTURED = 500  # pictures of one upload up to which each has a small one in the report


def audit_tab(archive: Archive) -> None:
    """The tab's components and what they do; to be called inside gr.Blocks."""
    with gr.Row(elem_classes="gz-desk gz-wide"):
        with gr.Column(scale=3, min_width=300):
            part(
                "What was delivered?",
                "Pictures, or a zip of them. Each is read on this server and deleted; nothing is added to the record.",
            )
            files = gr.File(
                label="Pictures or a zip",
                file_count="multiple",
                height=150,
                elem_id="gz-audit",
                elem_classes="gz-drop",
            )
            folder = gr.UploadButton(
                "Or choose a whole folder", file_count="directory", elem_id="gz-audit-folder"
            )
            table_file = gr.DownloadButton("Download the table (CSV)", visible=False, elem_id="gz-audit-csv")
            report_file = gr.DownloadButton(
                "Download the report (HTML)", visible=False, elem_id="gz-audit-html"
            )
        with gr.Column(scale=7, min_width=320):
            answer = empty(
                "The table will appear here",
                "How each picture was made, by whom, with which model, and on what evidence.",
            )
    outputs = [answer, table_file, report_file]
    options: dict[str, Any] = {
        "show_progress": "hidden", "concurrency_limit": 2, "api_visibility": "private", "trigger_mode": "multiple"
    }  # fmt: skip
    read = [
        files.upload(
            lambda paths: (yield from read_delivery(archive, paths, whole_folder=False)),
            files,
            [*outputs, files],
            **options,
        ),
        folder.upload(
            lambda paths: (yield from read_delivery(archive, paths, whole_folder=True)),
            folder,
            [*outputs, folder],
            **options,
        ),
    ]
    of_its_upload([files, folder], outputs, read)


def read_delivery(
    archive: Archive, paths: Sequence[str] | None, *, whole_folder: bool
) -> Iterator[list[Any]]:
    """What the page shows while uploads are looked at, and at the end: the answer and the two files to take away."""
    given = brought_together([Path(path) for path in paths or []])
    try:
        found = survey(given, chosen=not whole_folder, budget=Budget(shared=True))
        if not found.items:
            raise gr.Error(
                "There is no picture among these files.", title="Nothing to audit", print_exception=False
            )
        if len(found.items) > LIMIT:
            words = f"{len(found.items):,} pictures are more than the {LIMIT:,} that the page takes at once."
            raise gr.Error(words, title="Too many", print_exception=False)
        rows: list[Row] = []
        total = len(found.items)
        yield [fragment("audit_running", done=0, total=total), gr.skip(), gr.skip(), gr.skip()]
        for row in map(_public, _rows(archive, found.items)):
            rows.append(row)
            if len(rows) % EVERY == 1:
                yield [
                    fragment("audit_running", done=len(rows), total=total),
                    gr.skip(),
                    gr.skip(),
                    gr.skip(),
                ]
        yield [_table(rows, found.left_out), *_files(rows, found.left_out), None]
    except gr.Error as error:
        yield [refusal(error), gr.update(visible=False), gr.update(visible=False), None]
    finally:
        discard(given)


def _rows(archive: Archive, items: Sequence[Item]) -> Iterator[Row]:
    settings = archive.settings
    with others_in(settings.home) as others:
        many = len(items) >= MANY
        look = Look(
            archive.trust,
            archive.ledger,
            others,
            settings.limits,
            pictures=len(items) <= PICTURED,  # of the visitor's own files alone: no vault is given
            language=now(),
            sizes=sizes_for(len(items), archive.ledger, others.ledgers, settings) if many else None,
            index=archive.index if len(items) <= LOOKED_UP else None,
        )
        yield from audit(items, look)


def _public(row: Row) -> Row:
    """The row without the production, cut and stage of its record: where a picture belongs is its studio's own."""
    return replace(row, production="", place=place_of(row.path))


def _table(rows: Sequence[Row], left_out: Sequence[LeftOut]) -> str:
    checked = [row for row in rows if not row.trouble]
    told = [(answer.value, number) for answer, number in counts(checked).items()]
    told.append(("could not be checked", len(rows) - len(checked)))
    return fragment(
        "audited",
        rows=rows[:SHOWN],
        counts=[each for each in told if each[1]],
        total=len(rows),
        cut=max(0, len(rows) - SHOWN),
        left_out=left_out[:SHOWN],
        left_out_count=len(left_out),
        more_left_out=max(0, len(left_out) - SHOWN),
        tally=tally(rows, left_out),
        altered=Classification.ALTERED,
    )


def _files(rows: Sequence[Row], left_out: Sequence[LeftOut]) -> list[Any]:
    """The table and the report as files to take away."""
    with making_room():
        folder = delivery_folder()
    made = moment(datetime.now(UTC))
    answers = []
    for name in ("audit.csv", "audit.html"):
        path = folder / name
        attempt(
            partial(
                write, path, rows, about=About(made=made, language=now(), left_out=left_out), one_file=True
            ),
            "Report not written",
            path,
        )
        answers.append(gr.update(value=str(path), visible=True))
    return answers
