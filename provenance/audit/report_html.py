"""The report as web pages that need nothing else: no server, no font, no network.

    the first page     the summary, and every file where there are few
    further pages      in a folder beside it: the files, cut by cut, where there are many; the first holds their digests

Each further page is named after its digest, so that pages of another report never lie under the names of this one's.

Every cell is somebody's text and is escaped. The pages run one script of ours (search, filter, sort), allowed by its
digest alone; with scripts off everything is there to be read.
"""

import base64
import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, partial
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Protocol

from markupsafe import Markup

from provenance.audit.acts import Act, acts_of
from provenance.audit.columns import ON_A_PAGE
from provenance.audit.delivery import LeftOut
from provenance.audit.report_words import REPORT_WORDS, ReportWords
from provenance.audit.row import Row
from provenance.audit.rules import RuleCheck
from provenance.audit.since import Difference
from provenance.audit.summary import Share, Summary, summarised
from provenance.credentials.read.chain import Verdict
from provenance.inspection.answers import Classification
from provenance.inspection.translated import in_language, name_in
from provenance.statement.cut import cut_order
from provenance.statement.untrusted import plain
from provenance.statement.words import MARKS, ROLES

if TYPE_CHECKING:
    from jinja2 import Environment, Template

FEW = 300  # files on one page
PAGE = 150  # files on each of many pages
CARDS = 240  # cuts that are shown with pictures
_UNCHECKED = "unchecked"
_SLUGS = {
    Classification.AI_GENERATED: "ai-generated",
    Classification.AI_ASSISTED: "ai-assisted",
    Classification.HUMAN_MADE: "human",
    Classification.ALTERED: "altered",
    Classification.UNKNOWN: "unknown",
}


class Rows(Protocol):
    """The rows of a report, in memory or on disk."""

    def __len__(self) -> int: ...
    def __iter__(self) -> Iterator[Row]: ...
    def __getitem__(self, number: int, /) -> Row: ...


@dataclass(frozen=True, slots=True)
class About:
    """What a report says of itself. `made` says when, as text; `left_out` are the files that were not looked at."""

    title: str = ""
    made: str = ""
    maker: str = "Genzu"
    tally: str = ""
    language: str = "en"
    left_out: Sequence[LeftOut] = ()
    folder: str = ""  # of the further pages, as the first one links to it

    @property
    def words(self) -> ReportWords:
        return REPORT_WORDS[self.language]

    def say(self, text: str) -> str:
        """What an inspection said, in the report's language."""
        return in_language(text, self.language)

    def in_words(self, row: Row) -> Row:
        """The row for a program: its sentences in the report's language; its answers, codes and roles in any are those
        that the commands know.
        """
        if self.language == "en":
            return row
        return replace(
            row,
            because=self.say(row.because),
            evidence=tuple(replace(each, words=self.say(each.words)) for each in row.evidence),
            reasons=tuple(replace(each, words=self.say(each.words)) for each in row.reasons),
            change=self.say(row.change),
            looks_like=tuple(
                replace(each, differs=tuple(self.say(one) for one in each.differs)) for each in row.looks_like
            ),
        )

    def compared(self, since: Difference) -> str:
        """With which report this delivery was compared, and how many files are as they were."""
        made = MARKS[self.language].brackets.format(plain(since.made, 60)) if since.made else ""
        what = self.words.said["since_what"].format(name=plain(since.name, 120), made=made)
        return MARKS[self.language].together([what, self.words.numbered("same", since.same)])

    def answer(self, text: str) -> str:
        """What a report says that a file is, in this one's language."""
        told = {each.value: name for each, name in self.words.answers.items()}
        return (told | {Verdict.NOT_CHECKED.value: self.words.acts[Act.UNCHECKED].name}).get(text, text)

    def likeness(self, row: Row) -> str:
        """The record that a file looks like most, how sure that is, and what differs; "" where there is none."""
        said, marks = self.words.said, MARKS[self.language]
        for each in row.looks_like[:1]:
            sure = said[each.sureness]
            named = each.picture in row.history
            told = (
                said["likeness"].format(sure)
                if named
                else said["looks_like"].format(picture=each.picture, sureness=sure)
            )
            return marks.semicolon.join([told, *(self.say(one) for one in each.differs)]) + marks.stop.strip()
        return ""

    def on_cuts(self, summary: Summary) -> str:
        """What files do not say of their cuts, and how they are counted; "" where all say as much as the others."""
        in_part, files = len(summary.cuts_named_in_part), summary.counted_with_it
        told = [self.words.numbered("with_only", files, only=summary.only)] if files else []
        return MARKS[self.language].together(
            [*told, *([self.words.numbered("in_part", in_part)] if in_part else [])]
        )

    def place_is(self, row: Row) -> str:
        """What says the cut and stage of a file."""
        place, said = row.place, self.words.said
        cut, stage = (
            said["by_record" if each else "by_name"] for each in (place.cut_recorded, place.stage_recorded)
        )
        if place.basis in {"recorded", "named"}:
            return cut if place.cut else stage
        marks = MARKS[self.language]
        told = ((self.words.columns["cut"], cut), (said["stage"], stage))
        return marks.semicolon.join(f"{what}{marks.colon}{by}" for what, by in told)

    def counted(self, check: RuleCheck) -> str:
        """For how many files a rule is shown to be met, of how many, and how many are left open."""
        if not check.applies:
            return ""
        told = self.words.numbered("of", check.applies, shown=f"{check.shown:,}")
        left = self.words.said["left_open"].format(f"{check.open:,}")
        return f"{told}{MARKS[self.language].semicolon}{left}" if check.open else told


@dataclass(slots=True)
class Card:
    """One cut on the summary: its counts, and layout beside final."""

    share: Share
    href: str = ""
    layouts: list[str] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class PageOf:
    """One of many pages, as the summary links to it."""

    href: str
    first: int
    last: int
    digest: str


def one_page(rows: Rows, about: About, summary: Summary | None = None) -> str:
    """Everything on one page."""
    told = summary or summarised(rows)
    cards = _cards(rows, told)
    return _template().render(
        **_values(about, told), single=True, rows=rows, cuts=cards, index="", pages=[], back=""
    )


def many_pages(rows: Rows, about: About, summary: Summary) -> Iterator[tuple[str, str]]:
    """The further pages by name, and last of all the summary, named ""."""
    cuts = [summary.cut_of(row) for row in rows]
    order = sorted(range(len(cuts)), key=lambda number: (cut_order(cuts[number]), number))
    cards = _cards(rows, summary)
    by_cut = {each.share.name: each for each in cards}
    index: list[tuple[str, ...]] = []
    pages: list[PageOf] = []
    for start in range(0, len(order), PAGE):
        held = [rows[number] for number in order[start : start + PAGE]]
        text = _template().render(
            **_values(about, None, summary.cut_of),
            single=False,
            rows=held,
            cuts=[],
            index="",
            pages=[],
            back="../" + _index_name(about),
        )
        digest = _digest(text)
        name = f"{len(pages) + 1:03}-{digest[:8]}.html"
        href = f"{about.folder}/{name}"
        pages.append(PageOf(href, start + 1, start + len(held), digest))
        for row in held:
            link = f"{href}#{anchor(row.path)}"
            acts = " ".join(acts_of(row))
            place = (row.place.vendor, summary.cut_of(row), row.place.stage)
            index.append((plain(row.path, 500), _kind(row), link, _searched(row, about.words), acts, *place))
            card = by_cut.get(place[1])
            if card is not None and not card.href:
                card.href = link
        yield name, text
    yield (
        "",
        _template().render(
            **_values(about, summary),
            single=False,
            rows=(),
            cuts=cards,
            index=_as_data(index),
            pages=pages,
            back="",
        ),
    )


def anchor(path: str) -> str:
    """The name of a file's row on its page: letters that every browser takes."""
    return f"f{hashlib.sha256(path.encode('utf-8', 'backslashreplace')).hexdigest()[:12]}"


def _index_name(about: About) -> str:
    return f"{about.folder.removesuffix('-files')}.html"


def _searched(row: Row, words: ReportWords) -> str:
    """What a search of the summary finds a file by, beside its path."""
    told = [words.answers[row.classification], *(words.acts[act].name for act in acts_of(row))]
    told += [row.place.cut, *row.people[:6], *row.models[:3]]
    return plain(", ".join(each for each in told if each), 400)


def _cards(rows: Rows, summary: Summary) -> list[Card]:
    """A card for each cut that is named; none where no file names one."""
    cards = {name: Card(share) for name, share in summary.cuts.items()}
    if not any(cards):
        return []
    shown = set(list(cards)[:CARDS])
    for row in rows:
        name = summary.cut_of(row)
        if name not in shown or not name:
            continue
        card = cards[name]
        is_layout = row.place.stage in {"layout", "reference"}
        if row.small and is_layout and len(card.layouts) < 1:
            card.layouts.append(row.small)
        elif row.layouts and not card.layouts:
            card.layouts.append(row.layouts[0])
        if row.small and not is_layout and len(card.pictures) < 2:
            card.pictures.append(row.small)
    return list(cards.values())


def _values(
    about: About, summary: Summary | None, cut_of: Callable[[Row], str] | None = None
) -> dict[str, Any]:
    """What every page is made of; `summary` only for the page that shows it, `cut_of` for the others."""
    words = about.words
    return {
        "about": about,
        "language": about.language,
        "words": words,
        "said": words.said,
        "marks": MARKS[about.language],
        "title": about.title or words.said["title"],
        "tally": about.tally,
        "made": about.made,
        "maker": about.maker,
        "say": about.say,
        "left_out": about.left_out if summary else (),
        "summary": summary,
        "cut_of": cut_of or (summary.cut_of if summary else None),
        "on_cuts": about.on_cuts(summary) if summary else "",
        "counts": _counts(summary, words) if summary else [],
        "vendors": _largest(summary.vendors) if summary else [],
        "stages": _largest(summary.stages) if summary else [],
        "worst_cuts": [each for each in _largest(summary.cuts) if each.acts] if summary else [],
        "columns": ON_A_PAGE,
        "credited": partial(credited, about.language),
        "on_names": json.dumps(_names_of_filters(words), ensure_ascii=False),
        "keys": [*_SLUGS.values(), _UNCHECKED],
        "kind": _kind,
        "slug": _SLUGS.__getitem__,
        "acts_of": acts_of,
        "parts": _parts,
        "script": Markup(_script()),  # noqa: S704  (ours, from the package)
        "script_hash": _script_hash(),
    }


def _names_of_filters(words: ReportWords) -> dict[str, dict[str, str]]:
    """What a filter that is on is called, by its key and value."""
    acts = {act.value: words.acts[act].name for act in Act}
    return {
        "act": acts,
        "stage": dict(words.stages),
        "vendor": {"": words.said["no_vendor"]},
        "cut": {"": words.said["no_cut"]},
    }


def credited(language: str, person: str) -> str:
    """A row's "role: name" with the role in the report's language."""
    role, _, name = person.partition(": ")
    told = next((words.roll[language] for each, words in ROLES.items() if each.value == role), role)
    return person if language == "en" else f"{told}{MARKS[language].colon}{name_in(name, language)}"


def _kind(row: Row) -> str:
    """By what a file is counted and filtered: its answer, or that it could not be checked."""
    return _UNCHECKED if row.trouble else _SLUGS[row.classification]


def _counts(summary: Summary, words: ReportWords) -> list[tuple[str, str, int]]:
    """The numbers on top: each file in one of them."""
    told = [(_SLUGS[each], words.answers[each], summary.checked[each]) for each in Classification]
    return [*told, (_UNCHECKED, words.acts[Act.UNCHECKED].name, summary.act_counts[Act.UNCHECKED])]


def _largest(groups: dict[str, Share]) -> list[Share]:
    """By what there is to do, then by size."""
    return sorted(groups.values(), key=lambda each: (-each.to_act, -each.total, each.name))


def _parts(share: Share | Summary) -> list[tuple[float, float, str]]:
    """The pieces of a bar of width 100: where each begins, its width, and what it is: an answer, or unchecked."""
    counts = {_SLUGS[answer]: share.checked[answer] for answer in Classification}
    counts[_UNCHECKED] = share.total - share.checked.total()
    at, pieces = 0.0, []
    for kind, count in counts.items():
        width = 100 * count / max(share.total, 1)
        if width:
            pieces.append((round(at, 3), round(width, 3), kind))
        at += width
    return pieces


def _as_data(value: object) -> Markup:
    """JSON inside a page: no text in it can end the element that holds it."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e"))  # noqa: S704


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()


@cache
def _script() -> str:
    return files("provenance.show").joinpath("pages", "report.js").read_text("utf-8")


@cache
def _script_hash() -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(_script().encode()).digest()).decode()


@cache
def _template() -> "Template":
    return _environment().get_template("report.html")


def _environment() -> "Environment":
    # Late: the command line starts without it.
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("provenance.show", "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
    )
    environment.filters["plain"] = plain
    environment.filters["anchor"] = anchor
    return environment
