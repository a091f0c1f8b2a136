"""The left half of the tab Paint: the form, its shipped examples, and what it will make public, told at once."""

from dataclasses import dataclass

import gradio as gr
from gradio.components import Component

from generation.colour import to_srgb
from generation.drawings import DRAWINGS
from generation.ready import colours_in
from generation.studio import Studio
from provenance.errors import ProvenanceError
from provenance.statement.credit import Role
from provenance.statement.vocabulary import Disclosure, SourceType
from provenance.tabs.fragments import fragment, inline_picture
from provenance.tabs.inputs import Named, Values, read
from provenance.tabs.origins import NOT_STATED, ORIGINS
from provenance.tabs.people import PeopleTable, people_table
from provenance.tabs.place import place_fields
from provenance.tabs.terms import terms_fields
from provenance.tabs.theme import QUIET, part, piece
from provenance.tabs.uploads import deliver, opened, picture_input, sentence

from .form import CLEANING, DISCLOSURES, LABELS, MOST, Fields, made_public, new_seed
from .layout import cleaning_of, ready_for

PEOPLE = 12
LOOK = 480  # pixels of a layout's small copy, where the browser cannot show the layout itself

EXAMPLES = {drawing.title: drawing for drawing in DRAWINGS}
EXAMPLES_SAY = {words for drawing in DRAWINGS for words in (drawing.by, drawing.credit_line)}
EXAMPLES_ORIGIN = SourceType.DIGITAL_CREATION.value


@dataclass(frozen=True, slots=True)
class Sheet:
    """The components of the form, by the names of form.Fields, and those that do something by themselves."""

    named: Named
    layout: gr.Image
    layout_facts: gr.HTML
    examples: list[gr.Button]
    reseed: gr.Button
    people: PeopleTable
    mask: gr.Image
    mask_facts: gr.HTML
    public: gr.HTML
    paint: gr.Button
    cancel: gr.Button

    @property
    def inputs(self) -> set[Component]:
        return {*self.named.values(), *self.people.inputs}

    def read(self, values: Values) -> Fields:
        return Fields(**read(self.named, values), people=self.people.read(values))


def sheet(studio: Studio, page: gr.Blocks) -> Sheet:
    """The form, filled in with the first example: one click paints it."""
    layout, layout_facts, examples, origin, clean = _layout()
    mask, mask_facts = _mask()
    prompt, numbers, reseed = _words(studio)
    people, place = _people()
    public_choices, public = _public()
    with gr.Row(elem_classes="gz-go"):
        paint = gr.Button("Paint", variant="primary", size="lg", elem_id="gz-paint", scale=3)
        cancel = gr.Button("Cancel", variant="stop", size="lg", elem_id="gz-cancel", visible=False, scale=1)
    own = {"layout": layout, "origin": origin, "clean": clean, "prompt": prompt, "mask": mask}
    made = Sheet(
        named={**own, **numbers, **public_choices, **place},
        layout=layout,
        layout_facts=layout_facts,
        examples=examples,
        reseed=reseed,
        people=people,
        mask=mask,
        mask_facts=mask_facts,
        public=public,
        paint=paint,
        cancel=cancel,
    )
    _wire(studio, page, made)
    return made


def _layout() -> tuple[gr.Image, gr.HTML, list[gr.Button], gr.Dropdown, gr.Dropdown]:
    part(
        "1 · The layout",
        "A drawing or a painting. It is kept here with every byte, and never shown to other visitors.",
    )
    layout = picture_input(
        value=str(DRAWINGS[0].path), label="Layout", height=260, elem_id="gz-layout",
        elem_classes="gz-drop", placeholder="Drop a picture here\nPNG, JPEG, WebP or TIFF",
    )  # fmt: skip
    facts = piece()
    with gr.Row(elem_classes="gz-examples"):
        examples = [gr.Button(name, size="sm", elem_classes="gz-quiet") for name in EXAMPLES]
    origin = gr.Dropdown(
        ORIGINS, value=EXAMPLES_ORIGIN, label="How was it made?", filterable=False, elem_id="gz-origin",
        info="If you say how, it is recorded first, signed, as a step by the people who drew it",
    )  # fmt: skip
    clean = gr.Dropdown(
        CLEANING, value="auto", label="Before it is painted", filterable=False, elem_id="gz-clean",
        info="Squares the page, evens its light, makes its lines firm; only for the model, the layout stays as it is",
    )  # fmt: skip
    return layout, facts, examples, origin, clean


def _mask() -> tuple[gr.Image, gr.HTML]:
    with gr.Accordion("Paint only a part of it: a mask", open=False):
        mask = picture_input(
            label="White is painted", height=200, elem_id="gz-mask",
            elem_classes="gz-drop", placeholder="Black keeps the layout, grey blends\nAs large as the layout",
        )  # fmt: skip
        return mask, piece()


def _words(studio: Studio) -> tuple[gr.Textbox, dict[str, Component], gr.Button]:
    part("2 · The words")
    prompt = gr.Textbox(
        value=DRAWINGS[0].prompt, label="Prompt", lines=2, max_lines=8, elem_id="gz-prompt",
        placeholder="What the painting should show: sunset, pink sky, green grass, house",
    )  # fmt: skip
    return prompt, *_numbers(studio)


def _people() -> tuple[PeopleTable, dict[str, Component]]:
    part(
        "3 · The people",
        "Who drew, who wrote the words, who else worked on it. Models are recorded automatically.",
    )
    people = people_table([Role.LAYOUT, Role.PROMPT], rows=PEOPLE)
    people.lines[0].name.value = DRAWINGS[0].by
    return people, _place()


def _public() -> tuple[dict[str, Component], gr.HTML]:
    part("4 · What will be public")
    disclosure = gr.Radio(
        DISCLOSURES, value=Disclosure.FULL.value, label="The words of the prompt", elem_classes="gz-stack"
    )
    no_training = gr.Checkbox(
        label="Ask in the file not to use it for training AI", container=False, elem_id="gz-wish"
    )
    besides = _besides()
    besides["credit_line"].value = DRAWINGS[0].credit_line
    return {"disclosure": disclosure, "no_training": no_training, **besides}, piece()


def _numbers(studio: Studio) -> tuple[dict[str, Component], gr.Button]:
    """What to keep out, strength, steps, guidance, size, seed, and the button for a new seed."""
    model = studio.capabilities
    low, high = model.long_sides
    negative = gr.Textbox(
        label="Keep out", max_lines=4, visible=model.negative_prompt, placeholder="What it should not show"
    )
    with gr.Row():
        strength = gr.Slider(
            0.05, 1.0, value=model.strength, step=0.05, label="Strength", visible=model.strength is not None,
            info="How much may change", min_width=200,
        )  # fmt: skip
        steps = gr.Slider(
            1,
            60,
            value=model.num_inference_steps,
            step=1,
            label="Steps",
            info="More takes longer",
            min_width=200,
        )
    with gr.Row():
        guidance = gr.Slider(
            0.0, 10.0, value=model.guidance_scale, step=0.1, label="Guidance", min_width=200,
            visible=model.guidance_scale is not None, info="How closely to follow the words",
        )  # fmt: skip
        side = gr.Slider(
            low, high, value=model.long_side, step=64, label="Long side", info="Pixels", min_width=200
        )
    with gr.Row(equal_height=True, elem_classes="gz-seed"):
        seed = gr.Textbox(
            new_seed,
            label="Seed",
            info="The same seed repeats a picture",
            max_lines=1,
            scale=3,
            elem_id="gz-seed",
        )
        reseed = gr.Button("New seed", size="sm", scale=1, min_width=100, elem_classes="gz-quiet")
    count = gr.Slider(
        1, MOST, value=1, step=1, label="How many pictures", elem_id="gz-count",
        info="Each with the next seed, each signed and kept: choose one of them afterwards",
    )  # fmt: skip
    scales = {"strength": strength, "steps": steps, "guidance": guidance, "long_side": side}
    return {"negative": negative, **scales, "seed": seed, "count": count}, reseed


def _place() -> dict[str, Component]:
    with gr.Accordion("Production, episode, shot", open=False):
        return place_fields()


def _besides() -> dict[str, Component]:
    with gr.Accordion("Other names, credit line, visible label", open=False):
        terms = terms_fields()
        label = gr.Dropdown(
            LABELS, value="", label="Visible label in a corner", filterable=False, elem_id="gz-label",
            info="Words about AI, drawn into the picture before it is signed",
        )  # fmt: skip
    return {"label": label, **terms}


def _wire(studio: Studio, page: gr.Blocks, form: Sheet) -> None:
    def public(values: Values) -> str:
        fields, signer = form.read(values), studio.archive.identity.name
        cleaned = cleaning_of(studio.archive.settings, fields.layout, fields.clean, masked=bool(fields.mask))
        return made_public(fields, studio.model, studio.capabilities, signer, cleaned)

    clean = form.named["clean"]

    def arrived(path: str | None) -> str:
        return _facts(studio, path, "off", masked=True)

    def arrived_layout(values: Values) -> str:
        return _facts(studio, values[form.layout], values[clean], masked=bool(values[form.mask]))

    first, line, origin = form.people.lines[0], form.named["credit_line"], form.named["origin"]
    form.reseed.click(new_seed, outputs=form.named["seed"], **QUIET)
    for button, name in zip(form.examples, EXAMPLES, strict=True):
        button.click(
            lambda name=name: _example(name),
            outputs=[form.layout, origin, form.named["prompt"], first.name, first.role, line],
            **QUIET,
        )
    # A visitor's own layout is not by those who drew the example.
    form.layout.upload(
        lambda *said: (*("" if words in EXAMPLES_SAY else words for words in said), NOT_STATED),
        [first.name, line],
        [first.name, line, origin],
        **QUIET,
    )
    looked_at = {form.layout, form.mask, clean}
    for each in (form.layout, form.mask, clean):
        each.change(arrived_layout, looked_at, form.layout_facts, trigger_mode="always_last", **QUIET)
    form.mask.change(arrived, form.mask, form.mask_facts, **QUIET)
    # A mask was drawn over its own layout: over another one it would keep the wrong parts without a word. Done in the
    # browser: an answer of the server's could come late, and take away the mask that was chosen after the layout.
    form.layout.change(None, outputs=form.mask, js="() => [null]")
    changes = [each.change for each in form.inputs if each is not form.layout]
    gr.on(changes, public, form.inputs, form.public, trigger_mode="always_last", **QUIET)
    page.load(arrived_layout, looked_at, form.layout_facts, **QUIET)
    page.load(public, form.inputs, form.public, **QUIET)


def _example(name: str) -> tuple[str, ...]:
    drawing = EXAMPLES[name]
    made = (deliver(drawing.path), EXAMPLES_ORIGIN)
    return (*made, drawing.prompt, drawing.by, Role.LAYOUT.value, drawing.credit_line)


def _facts(studio: Studio, path: str | None, clean: str, *, masked: bool) -> str:
    """What arrived: told at once, so that a broken file is not found out after the form is filled in."""
    if not path:
        return ""
    try:
        picture = opened(path, studio.archive.settings)
    except ProvenanceError as error:
        return fragment("sentence", kind="bad", title="", words=sentence(error, path))
    ready = ready_for(colours_in(picture), clean, masked=masked)
    seen = ready.seen
    # A browser shows no TIFF: a small copy stands in, as for a layout that the model is to see cleaned.
    hidden = picture.media_type == "image/tiff" or bool(ready.done)
    look = inline_picture(to_srgb(seen.image, seen.profile), LOOK) if hidden else ""
    notes = [note for note in (picture.note, seen.note) if note]
    told = {"picture": picture, "size": len(picture.data), "colours": seen.name, "notes": notes, "look": look}
    told["cleaned"] = ready.note.partition(": ")[2]
    return fragment("layout_facts", **told)
