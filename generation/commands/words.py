"""`genzu words`: which words a model knows, by kind, and how it would read a prompt. No model is loaded for it."""

import click

from generation.errors import ModelError
from generation.model.shelf import Shelf
from generation.words.lexicon import Words, read
from provenance.commands.opening import as_json
from provenance.settings import Settings
from provenance.show.terminal import console, print_json, styled
from provenance.statement.json_value import Json

LINE_LIMIT = 4000  # characters of the longest kind


@click.command("words")
@click.argument("prompt", required=False)
@click.option("--model", help="The model, as for `genzu paint`.")
@as_json
@click.pass_obj
def words_command(settings: Settings, /, prompt: str | None, model: str | None, as_json: bool) -> None:
    """Which words a model was taught, or how it reads PROMPT: what it knows, and what its Japanese becomes.

    Nothing is painted and nothing is written down. Only a model whose card lists its words can be asked.
    """
    found = Shelf.of(settings.home).find(model or settings.model)
    if found.words is None:
        raise ModelError(
            f"{found.name} does not list the words that it knows; any words can be tried with it"
        )
    told = _listed(found.words) if prompt is None else _read(prompt, found.words)
    if as_json:
        print_json({"kind": "genzu words 1", "model": found.name, **told})
    elif prompt is None:
        _show(found.name, found.words)
    else:
        _show_reading(prompt, found.words)


def _listed(words: Words) -> dict[str, Json]:
    return {
        "words": {kind: list[Json](said) for kind, said in words.kinds.items()},
        "japanese": dict[str, Json](words.japanese),
    }


def _read(prompt: str, words: Words) -> dict[str, Json]:
    found = read(prompt, words)
    return {
        "prompt": prompt,
        "given": found.prompt,
        "known": list[Json](found.known),
        "unknown": list[Json](found.unknown),
        "translated": [[said, english] for said, english in found.translated],
    }


def _show(name: str, words: Words) -> None:
    """The words by kind, a kind a paragraph; Japanese ones last, each with what it becomes."""
    screen = console()
    screen.print(styled(f"The words that {name} was taught", "bold"))
    listed = {kind: " · ".join(said) for kind, said in words.kinds.items()}
    if words.japanese:
        listed["japanese"] = " · ".join(f"{said} = {english}" for said, english in words.japanese.items())
    for kind, said in listed.items():
        screen.print()
        screen.print(styled(kind, "bold"))
        screen.print(styled(said, "", limit=LINE_LIMIT))


def _show_reading(prompt: str, words: Words) -> None:
    """What becomes of one prompt."""
    screen, found = console(), read(prompt, words)
    screen.print(styled(f"given to the model: {found.prompt}", "", limit=LINE_LIMIT))
    screen.print(styled(f"it knows: {', '.join(found.known) or 'none of it'}", "green"))
    if found.unknown:
        screen.print(styled(f"it was not taught: {', '.join(found.unknown)}", "yellow"))


COMMANDS = (words_command,)
