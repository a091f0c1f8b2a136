"""A lineage graph as SVG text: rows, lanes, shapes. provenance/show/graph.py is the way in.

What does not fit is shortened; the whole text stands in each step's <title> and in the drawing's <desc>. Words of ours
go through `say`, which puts them into another language; names, titles and models stay as they are.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from provenance.credentials.read.chain import Verdict
from provenance.inspection.answers import Classification, Classified
from provenance.inspection.basis import Evidence
from provenance.inspection.graph import Graph, Node
from provenance.show.lettering import em, fit, folded, lettered
from provenance.show.step_words import named
from provenance.statement.commitment import STAND_INS
from provenance.statement.credit import NOT_NAMED, role_text
from provenance.statement.moment import moment
from provenance.statement.names import as_one
from provenance.statement.untrusted import xml
from provenance.statement.vocabulary import Maker, Relation
from provenance.statement.words import MAKERS, MARKS, Marks

Say = Callable[[str], str]
WIDTH = 420
MAX_STEPS = 400  # beyond that the oldest are told by their number
_MARGIN, _LANE, _GAP, _PAD, _LINE, _MARK = 14, 22, 10, 10, 18, 8
_THUMBNAIL = 52
_DATA_URI = re.compile(r"data:image/(png|jpeg|webp);base64,[A-Za-z0-9+/]+=*")
_DASHES = {Relation.PARENT: "", Relation.COMPONENT: "6 4", Relation.INPUT: "1.5 4"}


def _colours(shade: str) -> str:
    """The colour of each maker as CSS; `shade` is light or dark."""
    rules = (
        (maker.value, words.light if shade == "light" else words.dark) for maker, words in MAKERS.items()
    )
    return "".join(f".gz-{name}{{fill:{colour};stroke:{colour}}}" for name, colour in rules)


_STYLE = f"""
.gz-bg{{fill:#f7f6f3}}.gz-card{{fill:#fff;stroke:#d9d6cf}}.gz-ink{{fill:#1d1c1a}}.gz-dim{{fill:#5c5952}}
{_colours("light")}
.gz-bad{{fill:#b3261e;stroke:#b3261e}}.gz-edge{{fill:none;stroke:#8d887d}}.gz-on{{fill:#fff;stroke:none}}
@media (prefers-color-scheme:dark){{
.gz-bg{{fill:#1b1a18}}.gz-card{{fill:#26241f;stroke:#47443c}}.gz-ink{{fill:#f2efe8}}.gz-dim{{fill:#b8b3a7}}
{_colours("dark")}
.gz-bad{{fill:#ff8a80;stroke:#ff8a80}}.gz-edge{{stroke:#8d887d}}.gz-on{{fill:#1b1a18}}}}
.gz-word{{stroke:none}}
"""
_FONTS = (
    "system-ui,-apple-system,'Segoe UI','Hiragino Sans','Yu Gothic UI','Noto Sans CJK JP','Noto Sans JP',"
    "'Noto Sans','DejaVu Sans',Aileron,sans-serif"
)


@dataclass(frozen=True, slots=True)
class _Row:
    node: Node
    lane: int
    top: float
    height: float
    lines: tuple[tuple[str, str], ...]  # words and style

    @property
    def middle(self) -> float:
        return self.top + self.height / 2


def draw(
    graph: Graph,
    title: str,
    answer: Classified,
    thumbnails: Mapping[str, str],
    width: int,
    *,
    say: Say = str,
    marks: Marks = MARKS["en"],
) -> str:
    """The SVG text; `marks` are those of the language that `say` puts words into."""
    nodes = graph.nodes[-MAX_STEPS:]
    lanes = _lanes(graph, nodes)
    spacing = min(_LANE, (width * 0.3) / (max(lanes.values(), default=0) + 1))
    left = _MARGIN + spacing * max(lanes.values(), default=0) + _MARK + 18
    room = width - _MARGIN - left
    head, top = _head(graph, say(title), answer, (width, len(nodes)), say)
    rows: list[_Row] = []
    for node in nodes:
        lines = tuple(_wrapped(node, room - 2 * _PAD - (_THUMBNAIL + _PAD) * (node.id in thumbnails), say))
        height = max(2 * _PAD + _LINE * (1 + len(lines)), (_THUMBNAIL + 2 * _PAD) * (node.id in thumbnails))
        rows.append(_Row(node, lanes[node.id], top, height, lines))
        top += height + _GAP
    at = {row.node.id: row for row in rows}
    parts = [*_edges(graph, at, spacing)]
    for row in rows:
        place = _x(row.lane, spacing), left, room
        parts += _step(row, place, thumbnails.get(row.node.id), say, marks)
    legend, top = _legend(nodes, graph, width, top, say)
    height = int(top + _MARGIN)
    name = "gz" + sha256(f"{title}{[node.id for node in nodes]}".encode()).hexdigest()[:8]
    spoken = [say(answer.answer.value), *(marks.semicolon.join(lines_of(row.node, say)) for row in rows)]
    told = f"{marks.stop.join(spoken)}{marks.stop.rstrip()}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" '
        f'role="img" aria-labelledby="{name}-t {name}-d" font-family="{_FONTS}" '
        f'style="max-width:100%;height:auto"><title id="{name}-t">{xml(say(title))}</title>'
        f'<desc id="{name}-d">{xml(told, 20_000)}</desc><style>{_STYLE}</style>'
        f'<rect class="gz-bg" width="{width}" height="{height}" rx="12"/>'
        f"{''.join([*head, *parts, *legend])}</svg>\n"
    )


def height_of(svg: str) -> int:
    """The height in user units, as `draw` wrote it."""
    found = re.search(r' height="(\d+)"', svg)
    return int(found.group(1)) if found else 1


def badge_of(node: Node) -> str:
    """The word that says who or what made a step; of a step that tells of AI and a hand, both."""
    if not node.mixed:
        return MAKERS[node.maker].badge
    return "AI AND CAMERA" if Maker.CAMERA in node.shares else "AI AND HAND"


def lines_of(node: Node, say: Say = str) -> list[str]:
    """What a step says, one fact a line; the first is its name and who or what made it."""
    lines = [f"{label_of(node, say)} · {say(badge_of(node).lower().replace('ai', 'AI'))}"]
    lines += map(say, named(node.said, node.label)) if node.said else ()
    lines += [credit_words(each.role, each.name, say) for each in node.people]
    lines += [say("with {}").format(model) for model in node.models]
    if not node.models and node.program and node.maker not in {Maker.HUMAN, Maker.CAMERA}:
        lines.append(say("with {}").format(node.program))
    if (
        node.maker in {Maker.AI_ASSISTED, Maker.HUMAN, Maker.AI}
        and not node.people
        and node.verdict is not None
    ):
        lines.append(say("nobody is named"))
    lines.append(_standing(node, say))
    return [line for line in lines if line]


def credit_words(role: str, name: str | None, say: Say) -> str:
    """Role and name, with the colon of the language; what stands for a name is words of ours."""
    unnamed = say(f"{role_text(role)}: {NOT_NAMED}")
    if name is None:
        return unnamed
    return unnamed.replace(say(NOT_NAMED), say(name) if name in STAND_INS else as_one(name))


def label_of(node: Node, say: Say) -> str:
    """Its name, with the number that tells it from its likes: "AI pass 2"."""
    word, _, number = node.label.rpartition(" ")
    return f"{say(word)} {number}" if word and number.isdecimal() else say(node.label)


def _standing(node: Node, say: Say) -> str:
    if node.evidence is Evidence.RECORDED:
        day = moment(node.when or "")[:10]
        return node.note or (say("in the ledger, {}").format(day) if day else say("in the ledger"))
    by = node.signer and say(f"{{}}, {node.signer.standing}").replace("{}", as_one(node.signer.name), 1)
    if node.verdict is Verdict.ALTERED:
        altered = "ALTERED after signing; signed as {}" if by else "ALTERED after signing"
        return say(altered).format(by)
    if by is None:
        return say(node.verdict.value) if node.verdict else ""
    unchecked = node.verdict is Verdict.NOT_CHECKED
    return say("could not check; signed as {}" if unchecked else "signed by {}").format(by)


def _head(
    graph: Graph, title: str, answer: Classified, size: tuple[int, int], say: Say
) -> tuple[list[str], float]:
    """Title, answer and reason; `size` is the drawing's width, and how many steps of it are drawn."""
    width, drawn = size
    room = width - 2 * _MARGIN
    colour = "gz-bad" if answer.answer is Classification.ALTERED else "gz-ink"
    count = len(graph.nodes)
    steps = say("{} step" if count == 1 else "{} steps").format(count)
    if count > drawn:
        steps += say(", the last {} drawn").format(drawn)
    told = fit(f"{say(answer.answer.value)} · {steps}", room, 13)
    parts = [
        lettered(_MARGIN, 28, fit(title, room, 17), 17, "gz-ink", bold=True),
        lettered(_MARGIN, 49, told, 13, f"{colour} gz-word", bold=True),
    ]
    top = 49.0
    for line in folded(say(answer.because), room, 12, 2):
        top += 17
        parts.append(lettered(_MARGIN, top, line, 12, "gz-dim"))
    return parts, top + 16


def _step(
    row: _Row, place: tuple[float, float, float], thumbnail: str | None, say: Say, marks: Marks
) -> Iterator[str]:
    """One step's card; `place`: where its mark stands, where the card begins, and how wide it is."""
    x, left, room = place
    node, colour = row.node, f"gz-{row.node.maker.value}"
    bad = node.verdict is Verdict.ALTERED
    yield f"<g><title>{xml(marks.semicolon.join(lines_of(node, say)), 2000)}</title>"
    yield (
        f'<rect class="gz-card" x="{left:.1f}" y="{row.top:.1f}" width="{room:.1f}" '
        f'height="{row.height:.1f}" rx="8"/>'
        f'<rect class="{"gz-bad" if bad else colour}" x="{left:.1f}" y="{row.top + 6:.1f}" width="3" '
        f'height="{row.height - 12:.1f}" rx="1.5"/>'
    )
    yield _shape(node.maker, x, row.middle, _MARK)
    inside = left + _PAD + 2
    if thumbnail is not None and _DATA_URI.fullmatch(thumbnail):
        # Drawn on the right, so that names begin at one edge.
        corner = f'x="{left + room - _PAD - _THUMBNAIL:.1f}" y="{row.top + _PAD:.1f}"'
        size = f'{corner} width="{_THUMBNAIL}" height="{_THUMBNAIL}"'
        yield f'<rect class="gz-bg" {size} rx="3"/><image href="{thumbnail}" {size}/>'
        room -= _THUMBNAIL + _PAD
    badge = say(badge_of(node))
    label = fit(label_of(node, say), room - 2 * _PAD - em(badge) * 10.5 - 16, 14)
    base = row.top + _PAD + 13
    yield lettered(inside, base, label, 14, "gz-ink", bold=True)
    yield lettered(left + room - _PAD, base, badge, 10, f"{colour} gz-word", bold=True, end=True)
    for number, (line, style) in enumerate(row.lines, 1):
        yield lettered(inside, base + number * _LINE, line, 12.5, style, bold="gz-bad" in style)
    yield "</g>"


def _shape(maker: Maker, x: float, y: float, r: float) -> str:
    """A circle is a hand, a diamond AI (hollow: over a picture), a box a machine, dashes: unknown."""
    colour = f"gz-{maker.value}"
    if maker is Maker.HUMAN:
        return f'<circle class="{colour}" cx="{x:.1f}" cy="{y:.1f}" r="{r}"/>'
    if maker in {Maker.AI, Maker.AI_ASSISTED}:
        diamond = f"M{x:.1f} {y - r - 2:.1f}l{r + 2} {r + 2}l{-r - 2} {r + 2}l{-r - 2} {-r - 2}z"
        hollow = (
            f'<circle class="gz-on" cx="{x:.1f}" cy="{y:.1f}" r="3.5"/>' if maker is Maker.AI_ASSISTED else ""
        )
        return f'<path class="{colour}" d="{diamond}"/>{hollow}'
    box = f'x="{x - r:.1f}" y="{y - r:.1f}" width="{2 * r}" height="{2 * r}"'
    if maker is Maker.CAMERA:
        return f'<rect class="{colour}" {box} rx="4"/><circle class="gz-on" cx="{x:.1f}" cy="{y:.1f}" r="4"/>'
    if maker is Maker.SOFTWARE:
        return f'<rect class="{colour}" {box}/>'
    return (
        f'<circle class="gz-bg" cx="{x:.1f}" cy="{y:.1f}" r="{r}"/>'
        f'<circle class="{colour}" cx="{x:.1f}" cy="{y:.1f}" r="{r}" style="fill:none" stroke-width="1.6" '
        f'stroke-dasharray="3 2.4"/>'
        + lettered(x, y + r / 2, "?", 1.4 * r, f"{colour} gz-word", bold=True, middle=True)
    )


def _edges(graph: Graph, at: Mapping[str, _Row], spacing: float) -> Iterator[str]:
    for edge in graph.edges:
        above, below = at.get(edge.parent), at.get(edge.child)
        if above is None or below is None:
            continue
        x, y, to_x, to_y = _x(above.lane, spacing), above.middle, _x(below.lane, spacing), below.middle
        bend = min(38.0, to_y - y)
        # Down the parent's own lane, then over to the child: lines of different parents never share a lane.
        path = f"M{x:.1f} {y:.1f}V{to_y - bend:.1f}"
        if to_x == x:
            path = f"M{x:.1f} {y:.1f}V{to_y:.1f}"
        else:
            path += (
                f"C{x:.1f} {to_y - bend / 3:.1f} {to_x:.1f} {to_y - bend * 2 / 3:.1f} {to_x:.1f} {to_y:.1f}"
            )
        dash = f' stroke-dasharray="{_DASHES[edge.relation]}"' if _DASHES[edge.relation] else ""
        yield f'<path class="gz-edge" stroke-width="2" stroke-linecap="round" d="{path}"{dash}/>'


def _lanes(graph: Graph, nodes: Sequence[Node]) -> dict[str, int]:
    """A lane for each step: its parent's where that is free from here on, else the first free one."""
    place = {node.id: index for index, node in enumerate(nodes)}
    last_use = {edge.parent: 0 for edge in graph.edges}
    parents: dict[str, list[str]] = {}
    for edge in sorted(graph.edges, key=lambda each: each.relation is not Relation.PARENT):
        if edge.parent in place and edge.child in place:
            last_use[edge.parent] = max(last_use[edge.parent], place[edge.child])
            parents.setdefault(edge.child, []).append(edge.parent)
    lanes: dict[str, int] = {}
    held: dict[int, str] = {}
    for index, node in enumerate(nodes):
        held = {lane: owner for lane, owner in held.items() if last_use.get(owner, 0) >= index}
        ending = [lanes[each] for each in parents.get(node.id, ()) if last_use[each] == index]
        lane = ending[0] if ending else next(free for free in range(len(nodes) + 1) if free not in held)
        lanes[node.id] = lane
        held[lane] = node.id
    return lanes


def _legend(nodes: Sequence[Node], graph: Graph, width: int, top: float, say: Say) -> tuple[list[str], float]:
    makers = [maker for maker in Maker if any(node.maker is maker for node in nodes)]
    kinds = {
        Relation.PARENT: "made over",
        Relation.COMPONENT: "placed in",
        Relation.INPUT: _beside(graph),
    }
    used = [relation for relation in kinds if any(edge.relation is relation for edge in graph.edges)]
    parts: list[str] = []
    x, y = float(_MARGIN), top + 12
    for maker in makers:
        word = say(MAKERS[maker].badge.lower().replace("ai", "AI"))
        x, y = _next(x, y, 26 + em(word) * 11, width)
        parts += [_shape(maker, x + 6, y - 4, 5), lettered(x + 18, y, word, 11, "gz-dim")]
        x += 30 + em(word) * 11
    for relation in used:
        word, dash = say(kinds[relation]), _DASHES[relation]
        x, y = _next(x, y, 34 + em(word) * 11, width)
        parts.append(
            f'<path class="gz-edge" stroke-width="2" stroke-linecap="round" d="M{x + 1:.1f} {y - 4:.1f}h18"'
            + (f' stroke-dasharray="{dash}"/>' if dash else "/>")
        )
        parts.append(lettered(x + 26, y, word, 11, "gz-dim"))
        x += 38 + em(word) * 11
    return parts, y


def _beside(graph: Graph) -> str:
    """What the dotted lines of this graph mean."""
    masks = {edge.mask for edge in graph.edges if edge.relation is Relation.INPUT}
    if masks == {True}:
        return "used as mask"
    return "used as reference or mask" if True in masks else "used as reference"


def _next(x: float, y: float, need: float, width: int) -> tuple[float, float]:
    return (x, y) if x == _MARGIN or x + need <= width - _MARGIN else (float(_MARGIN), y + 20)


def _wrapped(node: Node, room: float, say: Say) -> Iterator[tuple[str, str]]:
    *facts, standing = lines_of(node, say)[1:] or [""]
    # All people are told by name in <title>; the card shows the first six.
    shown = facts if len(facts) <= 7 else [*facts[:6], say("and {} more").format(len(facts) - 6)]
    styles = ["gz-ink"] * len(shown) + ["gz-bad gz-word" if node.verdict is Verdict.ALTERED else "gz-dim"]
    for fact, style in zip([*shown, standing], styles, strict=True):
        for line in folded(fact, room, 12.5, 3):
            yield line, style


def _x(lane: int, spacing: float) -> float:
    return _MARGIN + _MARK + 2 + lane * spacing
