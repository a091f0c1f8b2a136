"""The left half of the tab Paint: layout, words, strength and names at once; everything else behind "More"."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import gradio as gr
from gradio.components import Component

from generation.errors import GenerationError
from generation.layout.drawings import DRAWINGS, FIRST, Drawing
from generation.layout.mask import check_mask
from generation.request.request import Capabilities
from generation.studio.any_studio import AnyStudio
from generation.studio.ready import mask_of
from provenance.errors import ProvenanceError
from provenance.settings import Settings
from provenance.statement.credit import NAME_LIMIT, Role
from provenance.statement.vocabulary import SourceType
from provenance.tabs.fields.answers import Said, said_of
from provenance.tabs.fields.inputs import Named, Values, read
from provenance.tabs.fields.origins import NOT_STATED, ORIGINS
from provenance.tabs.fields.people import PeopleTable, PersonLine
from provenance.tabs.fields.uploads import opened, picture_input
from provenance.tabs.look.fragments import fragment
from provenance.tabs.look.theme import QUIET, piece
from provenance.tabs.text.sentences import sentence
from provenance.tabs.visits.sign_in import sign_in_line

from .form import Fields, check_size, made_public
from .guides_shown import drawn_here, guides_shown
from .layout import arrived, cleaning_of
from .likeness import wire_likeness
from .more import More, more
from .steering import Steering
from .words import read_at_once

EXAMPLES_SAY = {words for each in DRAWINGS for words in (each.by, each.credit_line, each.prompt)}
OURS = json.dumps(sorted(EXAMPLES_SAY))
NEW_SEED = "() => [String(crypto.getRandomValues(new Uint32Array(1))[0])]"
SIZED = ("extend_left", "extend_right", "extend_top", "extend_bottom", "large")  # what else decides the size
EXAMPLES_ORIGIN = SourceType.DIGITAL_CREATION.value


@dataclass(frozen=True, slots=True)
class Sheet:
    """The components of the form, by the names of form.Fields, and those that do something by themselves."""

    named: Named
    layout: gr.Image
    layout_facts: gr.HTML
    examples: list[gr.Button]
    stock: Mapping[str, gr.Image]  # the examples' drawings, not seen: the browser takes them from here
    drawn_by: PersonLine
    you: PersonLine
    more: More
    paint: gr.Button
    cancel: gr.Button

    @property
    def people(self) -> PeopleTable:
        """Everybody on the form: who drew the layout, who paints, and the further ones."""
        return PeopleTable((self.drawn_by, self.you, *self.more.people))

    @property
    def inputs(self) -> set[Component]:
        return {*self.named.values(), *self.more.steering.values(), *self.people.inputs}

    @property
    def example_fields(self) -> list[Component]:
        """What an example fills in."""
        origin, prompt, line = (self.named[name] for name in ("origin", "prompt", "credit_line"))
        return [self.layout, origin, prompt, self.drawn_by.name, line]

    def fill_in(self, button: gr.Button, drawing: Drawing, seed: str | None = None) -> Any:
        """A press fills the form with an example, in the browser: no late answer undoes what was typed meanwhile."""
        _, _, prompt, _, line = self.example_fields
        fields = [*self.example_fields, *([self.named["seed"]] if seed is not None else [])]
        rest = f", {json.dumps(seed)}" if seed is not None else ""
        return button.click(
            None,
            [self.stock[drawing.title], prompt, line],
            fields,
            js=f"""(picture, words, line) => {{
              const or = (id, said, ours) => window.genzu.instead(id, said, {OURS}, ours);
              return [picture, {json.dumps(EXAMPLES_ORIGIN)}, or("gz-prompt", words, {json.dumps(drawing.prompt)}),
                {json.dumps(drawing.by)}, or("gz-credit-line", line, {json.dumps(drawing.credit_line)}){rest}];
            }}""",
        )

    def read(self, values: Values) -> Fields:
        steered = Steering(**read(self.more.steering, values))
        return Fields(**read(self.named, values), people=self.people.read(values), steering=steered)


def sheet(studio: AnyStudio, page: gr.Blocks) -> Sheet:
    """The form, filled in with the first example: a name, and one click paints it."""
    layout, facts, examples = _layout()
    drawn, origin = _drawing()
    prompt, remarks, strength = _words(studio.capabilities)
    read_at_once(studio.model.words, studio.capabilities, prompt, remarks)
    name, unnamed = _you(studio.archive.settings, page)
    with gr.Row(elem_classes="gz-go"):
        paint = gr.Button("Paint", variant="primary", size="lg", elem_id="gz-paint", scale=3)
        cancel = gr.Button("Cancel", variant="stop", size="lg", elem_id="gz-cancel", visible=False, scale=1)
    folded = more(studio)
    folded.named["credit_line"].value = FIRST.credit_line
    own = {"layout": layout, "origin": origin, "prompt": prompt, "strength": strength}
    made = Sheet(
        named={**own, **folded.named},
        layout=layout,
        layout_facts=facts,
        examples=examples,
        stock={
            each.title: picture_input(each.title, value=str(each.path), visible=False) for each in DRAWINGS
        },
        drawn_by=PersonLine(gr.State(Role.LAYOUT.value), drawn, folded.drawn_unnamed),
        you=PersonLine(gr.State(Role.PROMPT.value), name, unnamed),
        more=folded,
        paint=paint,
        cancel=cancel,
    )
    _wire(studio, page, made)
    return made


def _layout() -> tuple[gr.Image, gr.HTML, list[gr.Button]]:
    layout = picture_input(
        value=str(FIRST.path), label="Layout", height=160, elem_id="gz-layout",
        elem_classes="gz-drop", placeholder="Drop a drawing here: PNG, JPEG, HEIC, WebP or TIFF",
    )  # fmt: skip
    with gr.Row(elem_classes="gz-examples"):
        examples = [gr.Button(each.title, size="sm", elem_classes="gz-quiet") for each in DRAWINGS]
        facts = piece()
    return layout, facts, examples


def _drawing() -> tuple[gr.Textbox, gr.Dropdown]:
    with gr.Row(elem_classes="gz-pair"):
        drawn = gr.Textbox(
            FIRST.by, label="Drawn by", max_length=NAME_LIMIT, max_lines=1, min_width=130,
            elem_id="gz-drawn-by", placeholder="Who drew the layout",
        )  # fmt: skip
        origin = gr.Dropdown(
            ORIGINS, value=EXAMPLES_ORIGIN, label="How was it made?", filterable=False, min_width=244,
            elem_id="gz-origin",
        )  # fmt: skip
    return drawn, origin


def _words(able: Capabilities) -> tuple[gr.Textbox, gr.HTML, gr.Slider]:
    prompt = gr.Textbox(
        value=FIRST.prompt, label="Words", lines=2, max_lines=8, elem_id="gz-prompt",
        placeholder="What the painting should show: sunset, pink sky, green grass, house",
    )  # fmt: skip
    remarks = piece()
    strength = gr.Slider(
        0.05, 1.0, value=able.strength, step=0.05, label="Strength", visible=able.strength is not None,
        info="How much may change", elem_id="gz-strength",
    )  # fmt: skip
    return prompt, remarks, strength


def _you(settings: Settings, page: gr.Blocks) -> tuple[gr.Textbox, gr.Checkbox]:
    with gr.Column(elem_classes="gz-you"):
        name = gr.Textbox(
            label="Your name", max_length=NAME_LIMIT, max_lines=1, elem_id="gz-your-name",
            placeholder="As it should be credited in the file",
        )  # fmt: skip
        unnamed = gr.Checkbox(label="I ask not to be named", container=False, elem_id="gz-unnamed")
        sign_in_line(settings, name, page)
    return name, unnamed


def _wire(studio: AnyStudio, page: gr.Blocks, form: Sheet) -> None:
    folded = form.more

    def public(values: Values) -> str:
        fields, signer = form.read(values), studio.archive.identity.name
        cleaned = cleaning_of(studio.archive.settings, fields.layout, fields.clean, masked=bool(fields.mask))
        return made_public(fields, studio.model, studio.capabilities, signer, cleaned, kit=studio.adapters)

    clean = form.named["clean"]

    def arrived_mask(values: Values) -> str:
        return mask_facts(studio, values[folded.mask], values[form.layout])

    def arrived_layout(values: Values) -> str:
        return layout_facts(studio, form.read(values))

    # A mask was drawn over its own layout: over another one it would keep the wrong parts without a word. Done in the
    # browser: an answer of the server's could come late, and take away the mask that was chosen after the layout.
    for each in (folded.mask, folded.steering["depth"]):
        gone = f"(layout) => window.genzu.goesWith({each._id}, layout)"
        form.layout.change(None, form.layout, each, js=gone, **QUIET)
    wire_likeness(studio, folded.like, folded.like_facts, form.named, folded.steering)
    folded.reseed.click(None, outputs=form.named["seed"], js=NEW_SEED)
    _wire_examples(form)
    seen, masks = [form.layout, folded.mask, clean], [folded.mask, form.layout]
    sized = [form.named["long_side"], *(form.more.steering[name] for name in SIZED)]
    looked_at = [page.load, *(each.change for each in (*seen, *sized))]
    roles = {line.role for line in (form.drawn_by, form.you)}
    told = [page.load, *(each.change for each in form.inputs - roles)]
    said_of(
        Said(form.layout_facts, arrived_layout, form.inputs, seen, looked_at, beside=sized),
        Said(folded.mask_facts, arrived_mask, {*masks}, masks, [folded.mask.change]),
        *_guides(studio, page, form),
        Said(folded.public, public, form.inputs, [form.layout], told, trigger_mode="always_last"),
    )
    # Each page has a seed of its own. In the browser, as all that fills a field in at first: a late answer of the
    # server's would undo what was typed meanwhile.
    page.load(None, outputs=form.named["seed"], js=NEW_SEED)


def _guides(studio: AnyStudio, page: gr.Blocks, form: Sheet) -> list[Said]:
    """What ControlNets are shown, as soon as there is a layout."""
    layout, mask, clean = form.layout, form.more.mask, form.named["clean"]
    if not drawn_here(studio.adapters):
        return []

    def guides(values: Values) -> str:
        masked = bool(values[mask])
        return guides_shown(
            studio.archive.settings, values[layout], values[clean], studio.adapters, masked=masked
        )

    seen = [layout, mask, clean]
    return [Said(form.more.guides, guides, {*seen}, seen, [page.load, *(each.change for each in seen)])]


def _wire_examples(form: Sheet) -> None:
    """An example never overwrites words that were typed; a drawing of one's own never keeps the example's."""
    prompt, drawn = form.named["prompt"], form.drawn_by.name
    line, origin = form.named["credit_line"], form.named["origin"]
    examples = [prompt, drawn, line]
    for button, drawing in zip(form.examples, DRAWINGS, strict=True):
        form.fill_in(button, drawing)
    # In the browser: an answer of the server's could come late, and undo what was typed meanwhile.
    form.layout.upload(
        None,
        examples,
        [*examples, origin],
        js=f"""(...said) => {{
          const ids = {json.dumps([each.elem_id for each in examples])};
          return [...ids.map((id, k) => window.genzu.instead(id, said[k], {OURS}, "")), {json.dumps(NOT_STATED)}];
        }}""",
    )


def _facts(studio: AnyStudio, path: str | None, clean: str, *, masked: bool) -> str:
    """What arrived: told at once, so that a broken file is not found out after the form is filled in."""
    if not path:
        return ""
    try:
        told = arrived(studio.archive.settings, path, clean, masked=masked)
    except ProvenanceError as error:
        return fragment("sentence", kind="bad", title="", words=sentence(error, path))
    return fragment("layout_facts", told=told)


def layout_facts(studio: AnyStudio, fields: Fields) -> str:
    """What arrived as a layout, and at once whether one of its shape can be painted; HTML."""
    masked = bool(fields.mask)
    told = _facts(studio, fields.layout, fields.clean, masked=masked)
    try:
        if fields.layout:
            settings = studio.archive.settings
            check_size(fields, arrived(settings, fields.layout, fields.clean, masked=masked).shown)
    except ProvenanceError:
        return told  # it says so already
    except GenerationError as error:
        return told + fragment("sentence", kind="bad", title="", words=sentence(error))
    return told


def mask_facts(studio: AnyStudio, path: str | None, layout: str | None) -> str:
    """What arrived as a mask, and at once whether it fits the layout; HTML."""
    told = _facts(studio, path, "off", masked=True)
    if not path or not layout:
        return told
    try:
        over, mask = opened(layout, studio.archive.settings), opened(path, studio.archive.settings)
        shown = over.width, over.height
        check_mask(mask_of(mask), shown, shown)
    except (ProvenanceError, GenerationError) as error:
        return told + fragment("sentence", kind="bad", title="", words=sentence(error, path, layout))
    return told
