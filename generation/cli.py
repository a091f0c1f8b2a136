"""The command `genzu`: the words that make pictures, joined with those that check and record them."""

from generation.errors import GenerationError
from provenance.commands.cli import CHAPTERS, PICTURES, START, command_line, run
from provenance.commands.words import Chapter, Word, joined
from provenance.errors import ProvenanceError

PAINTING = (
    Chapter(
        START,
        (
            Word("demo", "generation.commands.demo", "Layout, two paintings, a revision, the credits."),
            Word("serve", "generation.commands.serve", "Open the web page."),
        ),
    ),
    Chapter(
        PICTURES,
        (
            Word("paint", "generation.commands.paint", "Paint over a layout by words; signed and recorded."),
            Word("batch", "generation.commands.batch", "Paint a sheet of cuts, with candidates for each."),
            Word(
                "words", "generation.commands.words", "Which words a model knows, and how it reads a prompt."
            ),
            Word("run", "generation.commands.recipe", "A recipe's steps over every layout of a folder."),
            Word("grid", "generation.commands.grid", "One layout along axes: words, seeds, strengths."),
            Word("models", "generation.commands.models", "The models you paint with: add, list, check."),
            Word("replay", "generation.commands.replay", "Paint again from the record, and compare."),
        ),
    ),
)

genzu = command_line(joined(PAINTING, CHAPTERS))


def main() -> None:
    """The entry point `genzu`."""
    run(genzu, (ProvenanceError, GenerationError))
