"""The lineage graph, written out: SVG and PNG to look at, DOT and JSON for other programs.

    ●  Layout             HUMAN      one row a step, oldest above; the lanes on the left
    │  layout: Mori Aoi              are the edges: solid the parent, dashed a part, dotted a reference
    ◆  AI pass 1          AI
    │  genzu-house                   a shape, a word and a colour each say who made it
    ●  Hand revision      HUMAN

A column fits a phone and a page at any number of steps; a drawing that grows in both directions fits neither.
"""

import json
import tempfile
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from provenance.errors import OutputError
from provenance.inspection.classification import classify
from provenance.inspection.graph import Graph
from provenance.inspection.graph_json import graph_json
from provenance.inspection.translated import in_language
from provenance.show import drawing
from provenance.statement.untrusted import plain
from provenance.statement.vocabulary import Maker, Relation
from provenance.statement.words import MAKERS, MARKS
from provenance.storage.atomic import save

PNG_PIXELS = 16_000_000  # a graph of hundreds of steps is drawn smaller rather than refused


def to_svg(
    graph: Graph,
    *,
    title: str = "How this picture was made",
    thumbnails: Mapping[str, str] | None = None,
    width: int = drawing.WIDTH,
    say: drawing.Say = str,
    language: str = "en",
) -> str:
    """One self-contained SVG, readable from 390 px, light and dark; `thumbnails`: node id to data URI.

    `say` puts words of ours into another `language`.
    """
    return drawing.draw(
        graph, title, classify(graph), thumbnails or {}, width, say=say, marks=MARKS[language]
    )


def to_png(
    graph: Graph,
    *,
    title: str = "How this picture was made",
    thumbnails: Mapping[str, str] | None = None,
    width: int = drawing.WIDTH,
    scale: float = 2.0,
    say: drawing.Say = str,
    language: str = "en",
) -> bytes:
    """The same drawing in pixels, with this machine's fonts, or the one that comes along."""
    import resvg_py

    svg = to_svg(graph, title=title, thumbnails=thumbnails, width=width, say=say, language=language)
    height = drawing.height_of(svg)
    zoom = min(scale, (PNG_PIXELS / (width * height)) ** 0.5)
    with tempfile.TemporaryDirectory(prefix="genzu-") as folder:
        font = Path(folder) / "fallback.ttf"
        font.write_bytes(fallback_font())
        try:
            return bytes(resvg_py.svg_to_bytes(svg_string=svg, zoom=zoom, font_files=[str(font)]))
        except ValueError as error:
            raise OutputError(f"the graph could not be drawn as PNG: {error}") from error


def to_dot(graph: Graph, *, say: drawing.Say = str) -> str:
    """Graphviz source; `dot -Tpdf` turns it into a page."""
    styles = {Relation.PARENT: "solid", Relation.COMPONENT: "dashed", Relation.INPUT: "dotted"}
    number = {node.id: index for index, node in enumerate(graph.nodes)}
    lines = ["digraph lineage {", '  rankdir=TB; node [fontname="sans-serif"];']
    for node in graph.nodes:
        words = "\\n".join(_quoted(line) for line in drawing.lines_of(node, say))
        style = ' style="dashed"' if node.maker is Maker.UNKNOWN else ""
        lines.append(f'  n{number[node.id]} [label="{words}" shape={MAKERS[node.maker].node}{style}];')
    lines += [
        f"  n{number[each.parent]} -> n{number[each.child]} [style={styles[each.relation]}];"
        for each in graph.edges
    ]
    return "\n".join([*lines, "}", ""])


def write(
    graph: Graph,
    path: Path,
    *,
    title: str = "How this picture was made",
    thumbnails: Mapping[str, str] | None = None,
    force: bool = False,
    language: str = "en",
) -> None:
    """The graph as a file, in the form that the name's ending asks for: .svg .png .dot .json."""
    say = partial(in_language, language=language)
    if path.exists() and not force:
        raise OutputError(f"{path} exists; --force writes over it")
    ending = path.suffix.lower()
    if ending == ".png":
        data = to_png(graph, title=title, thumbnails=thumbnails, say=say, language=language)
    elif ending == ".svg":
        data = to_svg(graph, title=title, thumbnails=thumbnails, say=say, language=language).encode()
    elif ending in {".dot", ".gv"}:
        data = to_dot(graph, say=say).encode()
    elif ending == ".json":
        data = (json.dumps(graph_json(graph, language), indent=2, ensure_ascii=False) + "\n").encode()
    else:
        raise OutputError(
            f"a graph is written as .svg, .png, .dot or .json, not {ending or 'without an ending'}"
        )
    save(path, data)


def _quoted(text: str) -> str:
    return plain(text).replace("\\", "\\\\").replace('"', '\\"')


def fallback_font() -> bytes:
    """A Latin font that comes with Pillow, for machines without any."""
    from PIL import ImageFont

    font = ImageFont.load_default(12)
    return font.font_bytes if isinstance(font, ImageFont.FreeTypeFont) else b""
