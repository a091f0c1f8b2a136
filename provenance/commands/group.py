"""Groups of commands, and what their help looks like: whole sentences for a few, one line each for all."""

import click

from provenance.commands.words import Chapter, Words


class Sentences(click.Group):
    """Lists its commands with every sentence in full; click's own list cuts it off at the end of a line."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        rows = [
            (name, command.get_short_help_str(limit=500))
            for name in self.list_commands(ctx)
            if (command := self.get_command(ctx, name)) is not None and not command.hidden
        ]
        if rows:
            with formatter.section("Commands"):
                formatter.write_dl(rows)


_ALONE = "genzu.alone"  # in a context's meta: nothing was typed behind the program's name


class Overview(click.Group):
    """Lists its words under their headings, a line each, and imports none of them; the options come last.

    Where nothing was typed: what to start with, and the other words by name alone. That fits a screen of 24 lines.
    """

    commands: Words

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        ctx.meta[_ALONE] = not args
        return super().parse_args(ctx, args)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        self.format_commands(ctx, formatter)
        if not ctx.meta.get(_ALONE):
            click.Command.format_options(self, ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        first, *others = self.commands.chapters
        if ctx.meta.get(_ALONE) and others:
            self._chapter(formatter, first)
            with formatter.section("More words"):
                formatter.write_dl(
                    [(each.title, ", ".join(word.name for word in each.words)) for each in others]
                )
            formatter.write_text("genzu --help says what each does, genzu WORD --help all about one.")
            return
        for chapter in self.commands.chapters:
            self._chapter(formatter, chapter)

    def _chapter(self, formatter: click.HelpFormatter, chapter: Chapter) -> None:
        width = max(len(name) for name in self.commands)
        with formatter.section(chapter.title):
            formatter.write_dl([(word.name.ljust(width), word.line) for word in chapter.words])

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click asks
        # Without click's blank line above it: the whole is to fit a screen of 48 lines.
        with formatter.indentation():
            formatter.write_text(self.epilog or "")
