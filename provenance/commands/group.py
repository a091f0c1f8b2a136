"""A group of commands whose help tells the whole first sentence on each; click's own cuts it off at a line's end."""

import click


class Sentences(click.Group):
    """Lists its commands like click, with every sentence in full, over as many lines as it takes."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        rows = [
            (name, command.get_short_help_str(limit=500))
            for name in self.list_commands(ctx)
            if (command := self.get_command(ctx, name)) is not None and not command.hidden
        ]
        if rows:
            with formatter.section("Commands"):
                formatter.write_dl(rows)
