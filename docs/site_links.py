"""For the docs site: a link that leaves this folder becomes the file's place in the repository, in words.

What somebody begins with stands first beside the pages.
"""

import re
from posixpath import dirname, normpath
from typing import Any

LINK = re.compile(r"\[([^\]]+)\]\((?!https?:|#|mailto:)([^)\s#]+)(#[^)]*)?\)")


FIRST = ("index.md", "tutorials", "ja", "how-to", "reference")


def on_nav(nav: Any, **_: Any) -> Any:
    """As MkDocs calls it: tutorials before the rest, and the Japanese ones under a Japanese name."""
    for each in nav.items:
        if each.is_section and _folder(each) == "ja":
            each.title = "日本語"
    nav.items.sort(key=_place)
    return nav


def _folder(item: Any) -> str:
    """The folder of a section, by its first page; the file of a page."""
    return str(item.children[0].file.src_uri.partition("/")[0] if item.is_section else item.file.src_uri)


def _place(item: Any) -> int:
    folder = _folder(item)
    return FIRST.index(folder) if folder in FIRST else len(FIRST)


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
