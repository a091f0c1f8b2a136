"""Groups of commands, and what their help looks like: whole sentences for a few, one line each for all."""

import click

from provenance.commands.words import Words


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


class Overview(click.Group):
    """Lists its words under their headings, a line each, and imports none of them; the options come last."""

    commands: Words

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        self.format_commands(ctx, formatter)
        click.Command.format_options(self, ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click asks
        width = max(len(name) for name in self.commands)
        for chapter in self.commands.chapters:
            with formatter.section(chapter.title):
                formatter.write_dl([(word.name.ljust(width), word.line) for word in chapter.words])

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click asks
        # Without click's blank line above it: the whole is to fit a screen of 48 lines.
        with formatter.indentation():
            formatter.write_text(self.epilog or "")
