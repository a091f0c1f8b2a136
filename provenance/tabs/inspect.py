"""The tab Inspect: drop any picture, read what it says of itself and what the ledger says of it. Nothing is kept."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import gradio as gr

from provenance.credentials.read.chain import Verdict
from provenance.errors import PictureError
from provenance.inspection.evidence.ledger import NO_SUCH
from provenance.inspection.evidence.signatures import IDENTITY
from provenance.inspection.graph import Node
from provenance.inspection.inspected import Inspection, to_json
from provenance.inspection.inspection import inspect
from provenance.ledger.foreign import others_in
from provenance.media.picture import open_picture, pixels
from provenance.people.register import register_of
from provenance.release.archive import Archive
from provenance.settings import Limits
from provenance.show.graph import to_svg
from provenance.show.step_words import further, named
from provenance.show.verdict_words import VERDICTS
from provenance.statement.words import MAKERS
from provenance.tabs.fields.answers import of_its_upload
from provenance.tabs.fields.uploads import TURNS, attempt, discard, ready_for_another, refusal
from provenance.tabs.look.fragments import fragment, inline_picture, trusted
from provenance.tabs.look.theme import ASKED, empty, part
from provenance.tabs.text.language import now, say
from provenance.tabs.told.changes import changes_html
from provenance.tabs.told.discretion import discreet, public
from provenance.tabs.told.record_pictures import may_see
from provenance.tabs.visits.pictures import find

LOOK = 480  # pixels of the small copy that is shown, for screens of two pixels a point
EMPTY = (
    "Each step, by hand or by AI; who, and with what; who signed it, and whether anything was changed since."
)
RAW_LIMIT = 400_000  # characters


def inspect_tab(archive: Archive, page: gr.Blocks) -> None:
    """The tab's components and what they do; to be called inside `page`."""
    with gr.Row(elem_classes="gz-desk gz-wide"):
        with gr.Column(scale=3, min_width=300):
            part(
                "What does this picture say?",
                "Any picture, from anybody. It is read on this server, deleted once it is read, and not recorded.",
            )
            drop = gr.File(
                label="A picture",
                file_count="single",
                height=150,
                elem_id="gz-inspect",
                elem_classes="gz-drop",
            )
        with gr.Column(scale=7, min_width=320):
            answer = empty("Its whole history will appear here", EMPTY)
            with gr.Accordion("The whole answer as JSON", open=False, visible=False) as raw_part:
                raw = gr.Code(
                    language="json", label="JSON", show_label=False, interactive=False, max_lines=30
                )

    def read(request: gr.Request, path: str | None) -> list[Any]:
        if not path:
            return [gr.skip(), gr.skip(), gr.skip(), gr.skip()]
        try:
            with TURNS:
                html, told = answer_on(archive, Path(path), seen=may_see(archive.settings, request))
        except gr.Error as error:
            html, told = refusal(error), ""
        finally:
            discard([path])
        return [html, gr.update(visible=bool(told)), told, ready_for_another()]

    def arrive(request: gr.Request) -> list[Any]:
        return _asked_for(archive, dict(request.query_params), seen=may_see(archive.settings, request))

    shown = [answer, raw_part, raw]
    arrived = page.load(arrive, None, shown, **ASKED)
    told = drop.upload(
        read, drop, [*shown, drop], show_progress_on=[answer], trigger_mode="multiple", **ASKED
    )
    told.success(None, js="() => window.genzu.inspected()")
    of_its_upload([drop], shown, [arrived, told])


def _asked_for(archive: Archive, asked: dict[str, str], *, seen: bool) -> list[Any]:
    """The answer on a picture of this page, where the address asks for it; its JSON, shown if there is some."""
    kept = find(archive.settings, asked.get("picture")) if asked.get("tab") == "inspect" else None
    if kept is None:
        return [gr.skip(), gr.skip(), gr.skip()]
    try:
        html, told = answer_on(archive, kept.path, seen=seen)
    except gr.Error as error:
        html, told = refusal(error), ""
    return [html, gr.update(visible=bool(told)), told]


def answer_on(archive: Archive, path: Path, *, seen: bool = False) -> tuple[str, str]:
    """The answer on a file as HTML, and as JSON text. `seen`: the visitor may see the pictures of the record."""
    settings = archive.settings
    told = read_here(archive, path, now())
    graph = told.graph
    data = public(to_json(told), register_of(archive.ledger))
    text = json.dumps(data, ensure_ascii=False, indent=1)
    if len(text) > RAW_LIMIT:
        text = json.dumps({"left out": f"{len(text):,} characters, more than the page shows"})
    kind, title = heading_of(told)
    html = fragment(
        "inspected",
        language=now(),
        kind=kind,
        title=title,
        told=told,
        graph=graph,
        svg=trusted(to_svg(graph, say=say, language=now())) if graph.nodes else "",
        look=look_of(told, path, settings.limits, LOOK),
        ledgers=told.recorded if told.contradicted else None,
        changes=trusted(_changes(archive, told)) if seen else "",
        made={node.id: _made(node) for node in (*graph.nodes, *told.recorded.nodes)},
        verdicts=Verdict,
        stated={
            node.id: [*named(node.said, node.label), *further(node.said)] for node in graph.nodes if node.said
        },
    )
    return html, text


def heading_of(told: Inspection) -> tuple[str, str]:
    """The tone and the title of an answer: what fails before what holds."""
    verdict, words = told.chain.verdict, VERDICTS[told.chain.verdict]
    faults = {each.about for each in told.findings if each.fault}
    if faults - {IDENTITY, NO_SUCH}:
        return "bad", "File and record do not agree"
    if faults and verdict is not Verdict.ALTERED:
        return "bad", (
            "The record that it names is not here" if NO_SUCH in faults else "A proof of identity in it fails"
        )
    if verdict is Verdict.INTACT_UNKNOWN and not told.chain.strangers:
        return words.tone, "Intact, but its signer's certificate does not count"
    return words.tone, words.title


def read_here(archive: Archive, path: Path, language: str = "en") -> Inspection:
    """The answer on an upload, with all that this archive can ask, as a stranger may have its graphs; a sentence for
    the page where it cannot be read. `language` is that of the histories which its lines quote.
    """
    settings = archive.settings
    with others_in(settings.home) as others:
        told = attempt(
            lambda: inspect(
                path,
                trust=archive.trust,
                ledger=archive.ledger,
                others=others,
                limits=settings.limits,
                index=archive.index,
                language=language,
            ),
            "Not read",
            path,
        )
    # Here, for all who ask: what a drawing leaves out stands in none of the JSON.
    return replace(
        told, told=discreet(told.told, archive.ledger), recorded=discreet(told.recorded, archive.ledger)
    )


def _changes(archive: Archive, told: Inspection) -> str:
    """How much each step on our record of the picture changed it."""
    if told.own_record is None:
        return ""
    return changes_html(archive, told.own_record, told.recorded)


def _made(node: Node) -> str:
    """Who or what made a step."""
    return "AI and a hand or camera" if node.mixed else MAKERS[node.maker].page


def look_of(told: Inspection, path: Path, limits: Limits, side: int) -> str:
    """A small copy of a picture as an address; "" where there is nothing to be seen."""
    if told.observed.picture is None:
        return ""
    try:
        return inline_picture(pixels(open_picture(path, limits, layered=True)), side)
    except PictureError:
        return ""
