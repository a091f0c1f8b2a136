"""What is wrong with a form, each trouble with the field where it is told; and what is said where a run breaks."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PIL import Image

from generation.errors import GenerationError, PolicyRefused, RequestError
from generation.layout.beside import Beside
from generation.layout.mask import check_mask
from generation.request.request import PROMPT_LIMIT, PaintSettings, check_prompt
from generation.studio.any_studio import AnyStudio
from generation.studio.ready import mask_of
from provenance.errors import PictureError, ProvenanceError, StatementError
from provenance.statement.blank import is_blank
from provenance.statement.credit import Credit, clean_name
from provenance.statement.vocabulary import SourceType
from provenance.tabs.fields.at_field import Trouble
from provenance.tabs.fields.people import credits_of
from provenance.tabs.fields.place import place_of
from provenance.tabs.fields.terms import line_of, publication_of
from provenance.tabs.fields.uploads import opened
from provenance.tabs.text.sentences import sentence

from .form import Fields, asked, check_size, seed_of, stand_in
from .layout import check_origin

BROKEN = "Something broke on our side. The server's log says what; please report it."
MORE, SETTINGS, PEOPLE, STEERING = "gz-more", "gz-settings", "gz-people", "gz-steering"
# Where the settings stand that a RequestError may be about.
FIELDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "size": ("gz-layout", ()),
    "prompt": ("gz-prompt", ()),
    "negative_prompt": ("gz-negative", (MORE, SETTINGS)),
    "mask": ("gz-mask", (MORE, "gz-part")),
}


@dataclass(frozen=True, slots=True)
class Check:
    """A field's own check."""

    id: str
    of: Callable[[AnyStudio, Fields], object]
    folds: tuple[str, ...] = ()


def troubles_of(studio: AnyStudio, fields: Fields) -> list[Trouble]:
    """Everything that keeps the form from being painted, in the order in which it stands on the page."""
    found = [trouble for check in CHECKS for trouble in _told(studio, fields, check)]
    if found:
        return found
    # Each field is well by itself: what is left is how they go together.
    return [*_told(studio, fields, Check("gz-strength", _whole))]


def _where(error: Exception, check: Check) -> tuple[str, tuple[str, ...]]:
    """The field of an error, and its folds: that of the setting which it is about, else the one that was checked."""
    about = error.about if isinstance(error, RequestError) else ""
    return FIELDS.get(about, (check.id, check.folds))


def refusal_of(studio: AnyStudio, fields: Fields) -> PolicyRefused | None:
    """Why the host does not paint these words: asked of a form that has no trouble."""
    return studio.refusal(PaintSettings(str(fields.prompt).strip()), str(fields.production or ""))


def _told(studio: AnyStudio, fields: Fields, check: Check) -> Iterator[Trouble]:
    try:
        check.of(studio, fields)
    except (ProvenanceError, GenerationError) as error:
        at, folds = _where(error, check)
        yield Trouble(at, sentence(error, *fields.uploads), folds)


def _layout(studio: AnyStudio, fields: Fields) -> None:
    if not fields.layout:
        raise RequestError("drop a drawing here, or press one of the examples below")
    picture = opened(fields.layout, studio.archive.settings)
    try:
        check_size(fields, (picture.width, picture.height))
    except RequestError as error:
        if error.about == "size":
            raise  # anything else is told at its own field


def _drawn_by(_: AnyStudio, fields: Fields) -> None:
    drawn = fields.people[0]
    if not is_blank(str(drawn.name or "")) and not drawn.unnamed:
        clean_name(str(drawn.name))


def _origin(_: AnyStudio, fields: Fields) -> None:
    credits = _named(fields)
    if fields.origin and credits is not None:
        check_origin(SourceType(fields.origin), credits)


def _named(fields: Fields) -> tuple[Credit, ...] | None:
    """Everybody on the form; None where a name is wrong, which is told at the name."""
    rows = [row for row in fields.people if row.unnamed or not is_blank(str(row.name or ""))]
    try:
        return credits_of(rows) if rows else ()
    except StatementError:
        return None


def _prompt(_: AnyStudio, fields: Fields) -> None:
    words = str(fields.prompt or "").strip()
    check_prompt(words)
    _short(words)


def _short(words: str) -> None:
    if len(words) > PROMPT_LIMIT:
        raise RequestError(f"there is room for {PROMPT_LIMIT:,} characters; these are {len(words):,}")


def _your_name(_: AnyStudio, fields: Fields) -> None:
    you = fields.people[1]
    if you.unnamed:
        return
    if is_blank(str(you.name or "")):
        raise StatementError("write your name, or tick that you ask not to be named")
    clean_name(str(you.name))


def _mask(studio: AnyStudio, fields: Fields) -> None:
    if not fields.mask:
        return
    mask = mask_of(opened(fields.mask, studio.archive.settings))
    try:
        layout = opened(str(fields.layout), studio.archive.settings)
    except PictureError:
        return  # told at the layout
    shown = layout.width, layout.height
    check_mask(mask, shown, shown)


def _place(_: AnyStudio, fields: Fields) -> None:
    place_of(fields.production, fields.episode, fields.shot, fields.stage)


def _public(_: AnyStudio, fields: Fields) -> None:
    publication_of(fields.no_training, fields.other_names, "", _named(fields))


def _others(_: AnyStudio, fields: Fields) -> None:
    rest = [row for row in fields.people[2:] if row.unnamed or not is_blank(str(row.name or ""))]
    if rest:
        credits_of(rest)


def _steered(_: AnyStudio, fields: Fields) -> None:
    """What steers the model, each value by itself."""
    asked_for = fields.steering.over()
    if fields.steering.fill and not fields.mask and not asked_for["extend"]:
        raise RequestError("there is nothing to fill: give a mask, or add canvas")


def _style(studio: AnyStudio, fields: Fields) -> None:
    if fields.steering.style:
        opened(fields.steering.style, studio.archive.settings)


def _depth(studio: AnyStudio, fields: Fields) -> None:
    """As large as the layout; a layout that cannot be read is told there."""
    files = fields.steering.files.guides
    if not files or not fields.layout:
        return
    try:
        layout = opened(fields.layout, studio.archive.settings)
    except PictureError:
        return
    sizes = [(key, opened(path, studio.archive.settings)) for key, path in files]
    guides = tuple((key, Image.new("1", (each.width, each.height))) for key, each in sizes)
    Beside(guides=guides).check((layout.width, layout.height))


def _references(studio: AnyStudio, fields: Fields) -> None:
    files = fields.steering.files.references
    studio.capabilities.check_references(len(files))
    for each in files:
        opened(each, studio.archive.settings)


def _whole(studio: AnyStudio, fields: Fields) -> None:
    """The numbers and the layout's proportions together, as the model will be asked."""
    ask = asked(fields, studio.capabilities)
    layout = opened(str(fields.layout), studio.archive.settings)
    stand_in(fields, studio.capabilities, ask.settings, (layout.width, layout.height))


CHECKS = (
    Check("gz-layout", _layout),
    Check("gz-drawn-by", _drawn_by),
    Check("gz-origin", _origin),
    Check("gz-prompt", _prompt),
    Check("gz-your-name", _your_name),
    Check("gz-negative", lambda _, fields: _short(str(fields.negative or "")), (MORE, SETTINGS)),
    Check("gz-seed", lambda _, fields: seed_of(fields.seed), (MORE, SETTINGS)),
    Check("gz-mask", _mask, (MORE, "gz-part")),
    Check("gz-style", _style, (MORE, STEERING)),
    Check("gz-depth", _depth, (MORE, STEERING)),
    Check("gz-references", _references, (MORE, STEERING)),
    Check("gz-steering", _steered, (MORE,)),
    Check("gz-people", _others, (MORE, PEOPLE)),
    Check("gz-other-names", _public, (MORE, "gz-publicity")),
    Check("gz-credit-line", lambda _, fields: line_of(fields.credit_line), (MORE, "gz-publicity")),
    Check("gz-production", _place, (MORE, "gz-place")),
)


def words_of(error: BaseException, *paths: str | None) -> str:
    """What the visitor is told of an error; one that is not ours is in the server's log (line.py)."""
    if isinstance(error, ProvenanceError | GenerationError):
        return sentence(error, *paths)
    return BROKEN
