"""What stands behind "More" on the Paint form: the settings that most pictures do without, a fold for each subject.

Each function makes the components of one fold and returns them by the names of form.Fields; `more` joins them. A new
control is a component in the fitting fold, returned under the name of its field: the handlers get it by that name.
"""

from dataclasses import dataclass

import gradio as gr
from gradio.components import Component

from generation.request.request import Capabilities
from generation.studio.any_studio import AnyStudio
from provenance.statement.credit import Role
from provenance.statement.vocabulary import Disclosure
from provenance.tabs.fields.inputs import Named
from provenance.tabs.fields.people import PersonLine, further_people
from provenance.tabs.fields.place import place_fields
from provenance.tabs.fields.terms import terms_fields
from provenance.tabs.fields.uploads import picture_input
from provenance.tabs.look.fragments import fragment
from provenance.tabs.look.theme import piece

from .choices import CLEANING, DISCLOSURES, LABELS, MOST, MOST_STEPS, new_seed
from .running import Choices
from .steering import steering
from .words import known_words

PEOPLE = 10  # beside who drew and who paints


@dataclass(frozen=True, slots=True)
class More:
    """The folded components: those that are fields of the form by name, and those that do something by themselves."""

    named: Named
    steering: Named
    guides: gr.HTML
    people: tuple[PersonLine, ...]
    drawn_unnamed: gr.Checkbox
    reseed: gr.Button
    mask: gr.Image
    mask_facts: gr.HTML
    like: gr.Image
    like_facts: gr.HTML
    public: gr.HTML
    running: Choices


def more(studio: AnyStudio) -> More:
    """Everything behind "More"; to be called inside gr.Blocks."""
    able, hosted = studio.capabilities, studio.archive.settings.hosted
    with gr.Accordion("More", open=False, elem_id="gz-more"):
        count = _count()
        known_words(studio.model.words)
        like, like_facts = _likeness()
        settings, reseed = _settings(able)
        mask, mask_facts = _part_of_it()
        steered, guides = steering(able, studio.adapters, hosted=hosted)
        clean = _before_painting()
        people, drawn_unnamed = _people()
        public_choices, public = _public()
        place = _place()
        running = Choices(studio)
    return More(
        named={**count, **settings, "mask": mask, **clean, **public_choices, **place},
        steering=steered,
        guides=guides,
        people=people,
        drawn_unnamed=drawn_unnamed,
        reseed=reseed,
        mask=mask,
        mask_facts=mask_facts,
        like=like,
        like_facts=like_facts,
        public=public,
        running=running,
    )


def _count() -> dict[str, Component]:
    count = gr.Slider(
        1, MOST, value=1, step=1, label="How many pictures", elem_id="gz-count",
        info="Each is a little different; all are signed and kept. Name a shot below, and you can choose one",
    )  # fmt: skip
    return {"count": count}


def _settings(able: Capabilities) -> tuple[dict[str, Component], gr.Button]:
    """What to keep out, steps, guidance, size and seed."""
    low, high = able.long_sides
    with gr.Accordion("Settings of the model", open=False, elem_id="gz-settings"):
        negative = gr.Textbox(
            label="Keep out", max_lines=4, visible=able.negative_prompt, elem_id="gz-negative",
            placeholder="people, text", info=_kept_out(able),
        )  # fmt: skip
        steps = gr.Slider(
            1, MOST_STEPS, value=able.num_inference_steps, step=1, label="Steps", elem_id="gz-steps",
            info="More steps are finer, and take longer",
        )  # fmt: skip
        guidance = gr.Slider(
            0.0, 10.0, value=able.guidance_scale, step=0.1, label="Guidance", elem_id="gz-guidance",
            visible=able.guidance_scale is not None, info="How closely the picture follows your words",
        )  # fmt: skip
        side = gr.Slider(
            low, high, value=able.long_side, step=64, label="Long side", elem_id="gz-side",
            info="Pixels of the longer edge; larger takes longer",
        )  # fmt: skip
        with gr.Row(equal_height=True, elem_classes="gz-seed"):
            seed = gr.Textbox(
                new_seed(), label="Seed", max_lines=1, scale=3, elem_id="gz-seed",
                info="The same seed with the same settings gives the same picture",
            )  # fmt: skip
            reseed = gr.Button("New seed", size="sm", scale=1, min_width=100, elem_classes="gz-quiet")
    named = {"negative": negative, "steps": steps, "guidance": guidance, "long_side": side, "seed": seed}
    return named, reseed


def _kept_out(able: Capabilities) -> str:
    """What the field is for, and that it asks for more guidance where the model has too little by itself."""
    if (able.guidance_scale or 0) > 1:
        return "What the picture should not show"
    return "What the picture should not show. It works with guidance above 1"


def _likeness() -> tuple[gr.Image, gr.HTML]:
    with gr.Accordion("Paint like a picture", open=False, elem_id="gz-likeness"):
        picture = picture_input(
            label="A picture whose settings fill the form", height=200, elem_id="gz-like", elem_classes="gz-drop",
            placeholder="Drop a picture here\nOne of ours, of AUTOMATIC1111, ComfyUI or InvokeAI",
        )  # fmt: skip
        return picture, piece()


def _part_of_it() -> tuple[gr.Image, gr.HTML]:
    with gr.Accordion("Paint only a part of it", open=False, elem_id="gz-part"):
        piece(fragment("brush"))
        mask = picture_input(
            label="A mask: white is painted, black stays", height=200, elem_id="gz-mask",
            elem_classes="gz-drop", placeholder="Drop a mask here\nAs large as the layout; grey blends",
        )  # fmt: skip
        return mask, piece()


def _before_painting() -> dict[str, Component]:
    with gr.Accordion("A scan or a photograph of paper", open=False):
        clean = gr.Dropdown(
            CLEANING, value="auto", label="Before it is painted", filterable=False, elem_id="gz-clean",
            info="Squares the page, evens its light, makes its lines firm. Only the model sees it so",
        )  # fmt: skip
    return {"clean": clean}


def _people() -> tuple[tuple[PersonLine, ...], gr.Checkbox]:
    with gr.Accordion("More people", open=False, elem_id="gz-people"):
        unnamed = gr.Checkbox(label="Who drew it asked not to be named", container=False)
        people = further_people(Role.ART_DIRECTION, rows=PEOPLE)
    return people, unnamed


def _public() -> tuple[dict[str, Component], gr.HTML]:
    with gr.Accordion("What becomes public", open=False, elem_id="gz-publicity"):
        disclosure = gr.Radio(
            DISCLOSURES, value=Disclosure.FULL.value, label="Your words, in the signed file",
            elem_classes="gz-stack",
        )  # fmt: skip
        no_training = gr.Checkbox(
            label="Ask in the file not to use it for training AI", container=False, elem_id="gz-wish"
        )
        terms = terms_fields()
        label = gr.Dropdown(
            LABELS, value="", label="Visible label in a corner", filterable=False, elem_id="gz-label",
            info="Words about AI, drawn into the picture before it is signed",
        )  # fmt: skip
        public = piece()
    return {"disclosure": disclosure, "no_training": no_training, "label": label, **terms}, public


def _place() -> dict[str, Component]:
    with gr.Accordion("Production, episode, shot", open=False, elem_id="gz-place"):
        return place_fields()
