"""The table of people on the page: a role and a name a line, or "asked not to be named"."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import gradio as gr
from gradio.components import Component

from provenance.errors import StatementError
from provenance.statement.blank import is_blank
from provenance.statement.credit import NAME_LIMIT, Credit, Role, clean_name, parse_role
from provenance.statement.words import ROLES
from provenance.tabs.fields.at_field import Needed, Trouble, missing
from provenance.tabs.fields.inputs import Values


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A line of the table as the browser sends it."""

    role: str | None
    name: str | None
    unnamed: bool | None = False


@dataclass(frozen=True, slots=True)
class PersonLine:
    """The components of a line. The role is a gr.State where nobody chooses it."""

    role: Component
    name: gr.Textbox
    unnamed: gr.Checkbox

    @property
    def parts(self) -> tuple[Component, ...]:
        return self.role, self.name, self.unnamed


@dataclass(frozen=True, slots=True)
class PeopleTable:
    """The table's lines. Their components are among the inputs of the form's handlers."""

    lines: tuple[PersonLine, ...]

    @property
    def inputs(self) -> set[Component]:
        return {part for line in self.lines for part in line.parts}

    def read(self, values: Values) -> tuple[PersonRow, ...]:
        """What the lines say."""
        return tuple(
            PersonRow(values[line.role], values[line.name], values[line.unnamed]) for line in self.lines
        )


def people_table(roles: Sequence[Role], *, rows: int, form: str) -> PeopleTable:
    """A table with a line for each of `roles`, and further ones behind a button, up to `rows`; `form` begins ids."""
    return PeopleTable(_lines(roles, Role.OTHER, rows, first=1, form=form))


def further_people(role: Role, *, rows: int) -> tuple[PersonLine, ...]:
    """Lines for people beside those whom the form asks for by themselves, behind a button."""
    return _lines([], role, rows, first=3, form="gz")


def names_missing(rows: Sequence[PersonRow], form: str) -> list[Trouble]:
    """What is wrong with the names of a table, each at its own line."""
    found = missing(
        *(
            Needed(f"{form}-name-{number}", partial(clean_name, str(row.name)))
            for number, row in enumerate(rows, start=1)
            if not is_blank(str(row.name or "")) and not row.unnamed
        )
    )
    return found or missing(Needed(f"{form}-name-1", lambda: credits_of(rows)))


def _lines(roles: Sequence[Role], then: Role, rows: int, *, first: int, form: str) -> tuple[PersonLine, ...]:
    shown = gr.State(len(roles))
    made: list[PersonLine] = []
    lines: list[gr.Row] = []
    for index in range(rows):
        role = roles[index] if index < len(roles) else then
        with gr.Row(visible=index < len(roles), elem_classes="gz-person", equal_height=True) as line:
            made.append(_line(role, str(index + first), f"{form}-name-{index + first}"))
        lines.append(line)
    more = gr.Button("+ Add a person", size="sm", elem_classes="gz-quiet")

    def add(count: int) -> list[object]:
        count = min(count + 1, rows)
        return [
            count,
            gr.update(interactive=count < rows),
            *(gr.update(visible=index < count) for index in range(rows)),
        ]

    more.click(
        add, shown, [shown, more, *lines], queue=False, show_progress="hidden", api_visibility="private"
    )
    return tuple(made)


def credits_of(rows: Sequence[PersonRow]) -> tuple[Credit, ...]:
    """The credits that the table holds. Lines without a name are left out; StatementError names the line at fault."""
    credits: list[Credit] = []
    for number, row in enumerate(rows, start=1):
        name = str(row.name or "")
        if not row.unnamed and is_blank(name):
            continue
        role = parse_role(str(row.role or ""))
        try:
            credit = Credit(role, None if row.unnamed else clean_name(name))
        except StatementError as error:
            raise StatementError(f"person {number} ({role.value}): {error}") from error
        if credit not in credits:
            credits.append(credit)
    if not credits:
        raise StatementError(
            "name at least one person: who drew, wrote the words or worked on this picture. "
            "Somebody who does not want to be named counts, too: tick “asked not to be named”"
        )
    return tuple(credits)


def _line(role: Role, label: str, name_id: str) -> PersonLine:
    choices = [(words.page, each.value) for each, words in ROLES.items()]
    role_box = gr.Dropdown(
        choices, value=role.value, label=f"Role {label}", min_width=130, scale=4, filterable=False
    )
    name_box = gr.Textbox(
        label=f"Name {label}", placeholder="As credited", max_length=NAME_LIMIT,
        max_lines=1, min_width=130, scale=5, elem_id=name_id,
    )  # fmt: skip
    unnamed = gr.Checkbox(label="asked not to be named", container=False)
    unnamed.change(
        lambda ticked: gr.update(
            interactive=not ticked,
            placeholder="(asked not to be named)" if ticked else "As credited",
        ),
        unnamed,
        name_box,
        queue=False,
        show_progress="hidden",
        api_visibility="private",
    )
    return PersonLine(role_box, name_box, unnamed)
