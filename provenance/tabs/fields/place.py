"""Where a picture belongs, as the page asks it: production, episode, cut, and whether it is to stay."""

import gradio as gr
from gradio.components import Component

from provenance.errors import StatementError
from provenance.statement.statement import Project
from provenance.statement.vocabulary import Stage

STAGES = [("Temporary", Stage.TEMP.value), ("Final", Stage.FINAL.value)]
PLACE_LIMIT = 100  # characters of a production, episode or shot


def place_fields(form: str = "gz") -> dict[str, Component]:
    """Production, episode, cut and stage, by the names that `place_of` takes; `form` begins their ids."""
    with gr.Row():
        production = gr.Textbox(
            label="Production", max_length=PLACE_LIMIT, max_lines=1, min_width=140, elem_id=f"{form}-production"
        )  # fmt: skip
        episode = gr.Textbox(label="Episode", max_length=PLACE_LIMIT, max_lines=1, min_width=80)
        shot = gr.Textbox(
            label="Cut or shot", max_length=PLACE_LIMIT, max_lines=1, min_width=110, placeholder="c014"
        )
    stage = gr.Radio(STAGES, value=Stage.TEMP.value, label="Temporary or final")
    return {"production": production, "episode": episode, "shot": shot, "stage": stage}


def place_of(production: object, episode: object, shot: object, stage: str) -> Project:
    """The place with single spaces; StatementError where a name is too long, or holds an unseen mark."""
    places = [" ".join(str(each or "").split()) for each in (production, episode, shot)]
    for place in places:
        if len(place) > PLACE_LIMIT:
            raise StatementError(f"production, episode and shot have at most {PLACE_LIMIT} characters each")
    production_name, episode_name, shot_name = places
    project = Project(production_name, episode_name, shot_name, Stage(stage))
    project.refuse_marks()
    return project
