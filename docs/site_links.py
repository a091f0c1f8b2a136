"""For the docs site: a link that leaves this folder becomes the file's place in the repository, in words."""

import re
from posixpath import dirname, normpath
from typing import Any

LINK = re.compile(r"\[([^\]]+)\]\((?!https?:|#|mailto:)([^)\s#]+)(#[^)]*)?\)")


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """As MkDocs calls it, with the page's own text."""
    return inside(markdown, page.file.src_uri)


def inside(markdown: str, where: str) -> str:
    """The text of the page at `where`, without links that the site cannot follow.

    >>> inside("See [the model](../generation/house/README.md) and [ledger](ledger.md#x).", "formats.md")
    'See the model (`generation/house/README.md` in the repository) and [ledger](ledger.md#x).'
    """

    def place(found: re.Match[str]) -> str:
        target = normpath(f"docs/{dirname(where)}/{found[2]}")
        if target.startswith("docs/"):
            return found[0]
        return f"{found[1]} (`{target}` in the repository)"

    return LINK.sub(place, markdown)
