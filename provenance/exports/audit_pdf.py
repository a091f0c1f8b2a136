"""The report of an audit as PDF: its first screen on paper, then the files, each with its small picture.

It holds every file where there are few. Of more it holds those that somebody should act on, gravest first, up to
`MOST`, and says how many it does not: web pages, XLSX, CSV and JSON hold all.
"""

import base64
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from provenance.audit.acts import Act, acts_of
from provenance.audit.report import tally_in
from provenance.audit.report_html import About, Rows, credited
from provenance.audit.row import Row
from provenance.audit.since import Difference
from provenance.audit.summary import Share, Summary
from provenance.exports.pdf_text import paragraph
from provenance.inspection.answers import Classification
from provenance.statement.untrusted import plain
from provenance.statement.words import MARKS
from provenance.storage.atomic import save

MOST = 400  # files in one PDF: about 30 pages
_NAMED = 12  # files named under each heading of a difference
_GROUPS, _COPIES = 20, 6  # groups of copies, and files named of each, as on the web page
_LEFT_OUT = 200  # files that were not looked at
_LONGEST = 300  # characters of a name or a sentence: a row that is higher than a page cannot be set
_INCH = 72.0
_WARN = "#8a4b00"
_COLORS = {
    Classification.AI_GENERATED: "#7a2fc4",
    Classification.AI_ASSISTED: "#a8246e",
    Classification.HUMAN_MADE: "#0b6e5f",
    Classification.ALTERED: "#b3261e",
    Classification.UNKNOWN: "#5f5b53",
}
_WIDTHS = (70, 122, 150, 57, 57, 55)  # points; A4 less its margins
_PEOPLE, _MODELS, _SIGNERS = 8, 4, 4  # told of one file
_BAR = (505.0, 9.0)
_HEADED = 110  # points of a heading and two lines of the table below it


def write_pdf(path: Path, rows: Rows, about: About, summary: Summary) -> None:
    """The report on A4."""
    from reportlab.lib.pagesizes import A4
    from reportlab.platypus import SimpleDocTemplate

    target = io.BytesIO()
    document = SimpleDocTemplate(
        target, pagesize=A4, leftMargin=40, rightMargin=40, topMargin=40, bottomMargin=40,
        title=about.title or about.words.said["title"], author=about.maker, lang=about.language, invariant=1,
    )  # fmt: skip
    document.build(_story(rows, about, summary), onLaterPages=_number, onFirstPage=_number)
    save(path, target.getvalue())


def _number(canvas: Any, document: Any) -> None:
    canvas.setFont("Helvetica", 8)
    canvas.drawRightString(document.pagesize[0] - 40, 24, str(document.page))


def _story(rows: Rows, about: About, summary: Summary) -> list[Any]:
    from reportlab.platypus import Spacer

    words, said, marks = about.words, about.words.said, MARKS[about.language]
    told: list[Any] = [paragraph(about.title or said["title"], 18)]
    told.append(
        paragraph(f"{about.tally or tally_in(about, summary, rows)} · {about.made} · {about.maker}", 9)
    )
    told += [Spacer(0, 6), _bar(summary, *_BAR), Spacer(0, 4)]
    told += [
        paragraph(f"{words.answers[answer]}{marks.colon}{summary.checked[answer]:,}", 9, _COLORS[answer])
        for answer in Classification
    ]
    unchecked = summary.act_counts[Act.UNCHECKED]
    told.append(paragraph(f"{words.acts[Act.UNCHECKED].name}{marks.colon}{unchecked:,}", 9, _WARN))
    told += _act_first(summary, about)
    told += _since(summary.difference, about) if summary.difference is not None else []
    cuts = [share for share in summary.cuts.values() if share.to_act and any(summary.cuts)]
    for title, groups, named in (
        (said["by_vendor"], summary.vendors.values(), {"": said["no_vendor"]}),
        (said["by_stage"], summary.stages.values(), words.stages),
        (said["cuts_to_act"], cuts, {"": said["no_cut"]}),
    ):
        if groups:
            told += [_room(), paragraph(title, 13), _shares(list(groups), about, named)]
    told += [paragraph(each, 8) for each in (about.on_cuts(summary),) if each]
    told += [_room(), paragraph(said["rules"], 13), _rules(summary, about), paragraph(said["rules_note"], 8)]
    told += [_room(), paragraph(said["copies"], 13), *_copies(summary, about)]
    told += [
        _room(),
        paragraph(said["to_act" if len(rows) > MOST else "all_files"], 13),
        *_files(rows, about),
        *_left_out(about),
        Spacer(0, 8),
        paragraph(said["intro"], 8),
    ]
    return told


def _room() -> Any:
    """A new page where no heading with two lines below it fits on this one."""
    from reportlab.platypus import CondPageBreak

    return CondPageBreak(_HEADED)


def _act_first(summary: Summary, about: About) -> list[Any]:
    """What to act on, with the first few files of each, and the rules that are not met."""
    words, said, marks = about.words, about.words.said, MARKS[about.language]
    told = [paragraph(said["act_first"], 13)]
    if summary.calm:
        told.append(paragraph(said["calm" if summary.unmet else "nothing"], 9))
    for act, paths in summary.acts.items():
        if paths:
            named = marks.comma.join(plain(each, _LONGEST) for each in paths[:3])
            count = summary.act_counts[act]
            more = f" {said['more'].format(count - 3)}" if count > 3 else ""
            told.append(
                paragraph(
                    f"{count:,} {words.acts[act].name}{marks.colon}{words.acts[act].todo} {named}{more}", 9
                )
            )
    if summary.unmet:
        named = marks.semicolon.join(
            marks.within(words.rules[each.rule.name].title, words.numbered("lacking", each.lacking))
            for each in summary.unmet
        )
        told.append(paragraph(f"{len(summary.unmet)} {said['unmet']}{marks.colon}{named}", 9))
    return told


def _since(since: Difference, about: About) -> list[Any]:
    """What is new, gone, changed and answered otherwise than in the last delivery; the first few of each by name."""
    said, marks = about.words.said, MARKS[about.language]
    told = [paragraph(said["since"], 13), paragraph(about.compared(since), 9)]
    named = {
        "new": since.new,
        "gone": since.gone,
        "changed": since.changed,
        "renamed": [f"{was} → {now}" for was, now in since.renamed],
        "answered": [
            marks.within(path, f"{about.answer(then)} → {about.answer(now)}")
            for path, then, now in since.answered
        ],
    }
    for key, listed in named.items():
        if listed:
            more = f" {said['more'].format(len(listed) - _NAMED)}" if len(listed) > _NAMED else ""
            told.append(paragraph(f"{said[key]}{marks.colon}{len(listed):,}", 9))
            told.append(
                paragraph(marks.semicolon.join(plain(each, _LONGEST) for each in listed[:_NAMED]) + more, 8)
            )
    return told


def _copies(summary: Summary, about: About) -> list[Any]:
    """Files that were delivered twice, a line for each group."""
    said, marks = about.words.said, MARKS[about.language]
    told = []
    for each in summary.copies[:_GROUPS]:
        more = f" {said['more'].format(len(each.paths) - _COPIES)}" if len(each.paths) > _COPIES else ""
        named = marks.comma.join(plain(path, _LONGEST) for path in each.paths[:_COPIES])
        told.append(paragraph(f"{said[each.how]}{marks.colon}{named}{more}", 8))
    further = len(summary.copies) + summary.more_copies - len(told)
    if further > 0:
        told.append(paragraph(said["more"].format(f"{further:,}"), 9))
    return told or [paragraph(said["no_copies"], 9)]


def _left_out(about: About) -> list[Any]:
    """What was given and not looked at, each with why."""
    said, marks = about.words.said, MARKS[about.language]
    if not about.left_out:
        return []
    told = [paragraph(said["left_out"], 13), paragraph(said["left_out_note"], 8)]
    told += [
        paragraph(marks.within(plain(each.name, _LONGEST), about.say(each.why)), 8)
        for each in about.left_out[:_LEFT_OUT]
    ]
    if len(about.left_out) > _LEFT_OUT:
        told.append(paragraph(said["more"].format(f"{len(about.left_out) - _LEFT_OUT:,}"), 9))
    return told


def _bar(share: Share | Summary, width: float, height: float) -> Any:
    from reportlab.graphics.shapes import Drawing, Rect
    from reportlab.lib.colors import HexColor

    drawing, at = Drawing(width, height), 0.0
    counts = [(_COLORS[answer], share.checked[answer]) for answer in Classification]
    counts.append((_WARN, share.total - share.checked.total()))
    for color, count in counts:
        piece = width * count / max(share.total, 1)
        if piece:
            drawing.add(Rect(at, 0, piece, height, fillColor=HexColor(color), strokeColor=None))
        at += piece
    return drawing


def _shares(groups: list[Share], about: About, named: Mapping[str, str]) -> Any:
    said = about.words.said
    shown = sorted(groups, key=lambda each: (-each.to_act, -each.total))[:40]
    heading = [paragraph(said[name], 8) for name in ("group", "answers", "files", "to_act")]
    lines = [
        [
            paragraph(plain(named.get(each.name, each.name), 80), 8),
            _bar(each, 220, 7),
            paragraph(f"{each.total:,}", 8),
            paragraph(f"{each.to_act or ''}", 8),
        ]
        for each in shown
    ]
    return _ruled([heading, *lines], (170, 225, 55, 60), headed=True)


def _rules(summary: Summary, about: About) -> Any:
    words, lines = about.words, []
    for check in summary.rules:
        told = words.rules[check.rule.name]
        lines.append(
            [
                paragraph(told.title, 8),
                [paragraph(words.standings[check.standing], 8), paragraph(about.counted(check), 7)],
                [paragraph(each, 7) for each in (told.shown_by, told.limits) if each],
            ]
        )
    return _ruled(lines, (230, 88, 190))


def _files(rows: Rows, about: About) -> list[Any]:
    words = about.words
    heading = [
        paragraph(words.columns[name], 8)
        for name in ("path", "path", "classification", "verdict", "people", "models")
    ]
    shown = _gravest(rows) if len(rows) > MOST else range(len(rows))
    lines = [_line(rows[number], about) for number in shown]
    told: list[Any] = [_ruled([["", *heading[1:]], *lines], _WIDTHS, headed=True)] if lines else []
    if len(shown) < len(rows):
        told.append(paragraph(words.said["more"].format(f"{len(rows) - len(shown):,}"), 9))
    return told


def _gravest(rows: Rows) -> list[int]:
    """The numbers of the files that somebody should act on, by the gravest reason, as many as are shown."""
    order = list(Act)
    found = ((number, acts_of(row)) for number, row in enumerate(rows))
    ranked = sorted((order.index(acts[0]), number) for number, acts in found if acts)
    return [number for _, number in ranked[:MOST]]


def _line(row: Row, about: About) -> list[Any]:
    words, said, marks = about.words, about.words.said, MARKS[about.language]
    answer = [paragraph(words.answers[row.classification], 8, _COLORS[row.classification])]
    # Of what could not be checked and is unknown, why; of what its text says something of, both.
    known = row.history and not (row.trouble and row.classification is Classification.UNKNOWN)
    told = [row.history if known else "", about.say(row.trouble or ("" if known else row.because))]
    told += [*map(about.say, row.besides), about.likeness(row)]
    answer += [paragraph(plain(each, _LONGEST), 7) for each in told if each]
    answer += [paragraph(words.acts[act].name, 7, _WARN) for act in acts_of(row)]
    stage = words.stages[row.place.stage] if row.place.stage else ""
    place = marks.comma.join(plain(each, 60) for each in (row.place.cut, stage) if each)
    where = [paragraph(plain(row.path, _LONGEST), 7)]
    where += [paragraph(plain(row.production, 80), 6)] if row.production else []
    where += [paragraph(marks.within(place, about.place_is(row)), 6)] if place else []
    beside = [said["signed_by"].format(each) for each in row.signers]
    beside += [said["elsewhere"].format(each) for each in row.elsewhere]
    return [
        _picture(row.small),
        where,
        answer,
        [paragraph(words.verdicts[row.verdict], 7), *_few(beside, _SIGNERS, about)],
        _few([credited(about.language, each) for each in row.people], _PEOPLE, about),
        _few(row.models, _MODELS, about),
    ]


def _few(told: Sequence[str], most: int, about: About) -> list[Any]:
    """The first of these, a line each, and how many more there are."""
    more = [about.words.said["more"].format(len(told) - most)] if len(told) > most else []
    return [paragraph(each, 6) for each in (*(plain(each, 100) for each in told[:most]), *more)]


def _picture(address: str) -> Any:
    from reportlab.platypus import Image

    if not address:
        return ""
    data = io.BytesIO(base64.b64decode(address.partition(",")[2]))
    return Image(data, width=0.95 * _INCH, height=0.6 * _INCH, kind="proportional")


def _ruled(lines: list[list[Any]], widths: tuple[float, ...], *, headed: bool = False) -> Any:
    from reportlab.lib.colors import HexColor
    from reportlab.platypus import LongTable

    table = LongTable(lines, colWidths=widths, hAlign="LEFT", repeatRows=int(headed))
    line = HexColor("#999999")
    table.setStyle(
        [("VALIGN", (0, 0), (-1, -1), "TOP"), ("LINEBELOW", (0, 0), (-1, -1), 0.5, line)]
        + [
            (side, (0, 0), (-1, -1), 2)
            for side in ("LEFTPADDING", "RIGHTPADDING", "TOPPADDING", "BOTTOMPADDING")
        ]
    )
    return table
