"""The words of the command line: under which heading each is shown, its one line of help, and the file that holds it.

`genzu` and `genzu --help` print this table and import none of those files; a file is imported when its word is used.

>>> look = Chapter("Look", (Word("inspect", "provenance.commands.inspect", "What a picture says about itself."),))
>>> commands = Words((look,))
>>> list(commands), commands["inspect"].name
(['inspect'], 'inspect')
"""

from collections.abc import Iterator, MutableMapping, Sequence
from dataclasses import dataclass, replace
from importlib import import_module

import click


@dataclass(frozen=True, slots=True)
class Word:
    """One command: `module` has it in COMMANDS, `line` says in the overview what it does."""

    name: str
    module: str
    line: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """The words under one heading, in the order in which they are shown."""

    title: str
    words: tuple[Word, ...]


def joined(first: Sequence[Chapter], then: Sequence[Chapter]) -> tuple[Chapter, ...]:
    """The chapters of both. Where two have the same title, the words of `first` come first."""
    rest = {chapter.title: chapter for chapter in then}
    titles = dict.fromkeys(chapter.title for chapter in (*first, *then))
    by_title = {chapter.title: chapter for chapter in first}
    both = []
    for title in titles:
        ahead = by_title.get(title, Chapter(title, ()))
        behind = rest.get(title, Chapter(title, ()))
        both.append(replace(ahead, words=ahead.words + behind.words))
    return tuple(both)


class Words(MutableMapping[str, click.Command]):
    """The commands of `chapters` by name; each is imported when it is asked for."""

    def __init__(self, chapters: Sequence[Chapter]) -> None:
        self.chapters = tuple(chapters)
        self._words = {word.name: word for chapter in chapters for word in chapter.words}
        self._loaded: dict[str, click.Command] = {}

    def __getitem__(self, name: str) -> click.Command:
        if name not in self._loaded:
            word = self._words[name]
            commands = {each.name: each for each in import_module(word.module).COMMANDS}
            self._loaded[name] = commands[name]
        return self._loaded[name]

    def __setitem__(self, name: str, command: click.Command) -> None:
        self._loaded[name] = command

    def __delitem__(self, name: str) -> None:
        del self._loaded[name]

    def __iter__(self) -> Iterator[str]:
        yield from dict.fromkeys((*self._words, *self._loaded))

    def __len__(self) -> int:
        return len(list(iter(self)))
