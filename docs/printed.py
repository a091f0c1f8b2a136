"""The pages that the running program prints: `python -m docs.printed` writes them, `--check` says which are stale."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import click

DOCS = Path(__file__).parent
NOTE = "<!-- Printed by `make docs`; edit the program, not this page. -->\n\n"


def commands() -> str:
    """Which file each command is in, then every command's --help, in the order of its name."""
    from generation.cli import genzu

    walked = list(_walk("genzu", genzu))
    rows = "".join(f"| `{path}` | `{_file_of(command)}` |\n" for path, command in walked)
    helps = "\n\n".join(_help(path, command) for path, command in walked)
    return f"# Commands\n\n| command | file |\n|---|---|\n{rows}\n{helps}\n"


def _help(path: str, command: click.Command) -> str:
    context = click.Context(command, info_name=path, terminal_width=100, max_content_width=100)
    heading = "###" if " " in path else "##"
    return f"{heading} {path}\n\n```\n{command.get_help(context)}\n```"


def _file_of(command: click.Command) -> str:
    assert command.callback is not None
    return command.callback.__module__.replace(".", "/") + ".py"


def settings() -> str:
    """Every GENZU_* variable with what it does."""
    from provenance.settings import VARIABLES

    rows = "".join(f"| `{name}` | {words} |\n" for name, words in VARIABLES.items())
    return (
        "# Settings\n\nRead from the environment once, at start. "
        "`--home` on the command line wins over `GENZU_HOME`.\n\n"
        f"| variable | what it does |\n|---|---|\n{rows}"
    )


def kinds() -> str:
    """Every kind of file that is known, with what is read of it and where its credentials lie."""
    from provenance.media.formats import FORMATS, OPAQUE, FileKind

    rows = ""
    for each in FORMATS:
        endings = " ".join(f"`{ending}`" for ending in each.endings)
        media_type = "" if each.media_type == OPAQUE else each.media_type
        archive = each.kind is FileKind.ARCHIVE
        pixels, credentials = ("", "beside") if archive else (each.pixels.value, each.credentials.value)
        rows += f"| {each.name} | {each.kind.value} | {endings} | {media_type} | {pixels} | {credentials} |\n"
    return (
        "# Kinds of files\n\nA file is known by its first bytes, else by its ending. *Merged*: of a layered file, the "
        "one picture of all its layers that its program left in it. *Inside, by others*: credentials of other makers "
        "are read there; ours lie beside the file. Any other file can be recorded too, with its credentials beside it. "
        "Of archives, zip and tar (plain, gzip, bzip2, xz) are opened by `genzu audit`.\n\n"
        f"| name | kind | endings | media type | pixels | credentials |\n|---|---|---|---|---|---|\n{rows}"
    )


def families() -> str:
    """Every class of diffusers that takes a picture, with what it does over a layout."""
    from generation.model.families_table import rows

    lines = "".join(
        f"| {each.name} | {each.answer.replace('|', '&#124;')} | {each.tried} |\n" for each in rows()
    )
    return (
        "# Families of models\n\nEvery pipeline class of the installed diffusers that takes a picture, except those "
        "that make films, that diffusers gave up or that are made of blocks (`genzu models families --all` has "
        "them too). Read from the classes' own signatures. *Painted here*: the tests build a small model of the class "
        "and paint with it. *Not tried here*: its signature fits, and nobody has tried.\n\n"
        f"| class | with a layout it | tried |\n|---|---|---|\n{lines}"
    )


def credentials() -> str:
    """What a signed file says, by signing one, reading it back and damaging it."""
    from docs.credentials_page import page

    return page()


def ledger() -> str:
    """The ledger's tables and entries, by making a small one."""
    from docs.ledger_page import page

    return page()


def decisions() -> str:
    """The list of decisions, from their pages."""
    from docs.decisions_page import page

    return page()


PAGES: dict[str, Callable[[], str]] = {
    "credentials.md": credentials,
    "decisions/README.md": decisions,
    "ledger.md": ledger,
    "reference/commands.md": commands,
    "reference/families.md": families,
    "reference/kinds.md": kinds,
    "reference/settings.md": settings,
}


def _walk(path: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        for name in sorted(command.commands):
            yield from _walk(f"{path} {name}", command.commands[name])


def main() -> None:
    """Writes the pages, or with --check exits with 1 when one is not what the program prints."""
    check = "--check" in sys.argv[1:]
    stale = []
    for name, page in PAGES.items():
        path, text = DOCS / name, NOTE + page()
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(name)
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    if check and stale:
        sys.exit(f"stale: {', '.join(stale)}; run `make docs`")
    print("\n".join(f"wrote docs/{name}" for name in stale) or "docs are what the program prints")


if __name__ == "__main__":
    main()
