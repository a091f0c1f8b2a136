"""Credit pages as plain files, for any web host, read without JavaScript.

    index.html  people/per-….html  pictures/pic-….html     pages; each picture's has schema.org JSON-LD
    receipts/pic-….tlog-proof  checkpoint.txt              proofs to take away
    usage.csv  shots.csv  prov.jsonld                      the record for other programs
    genzu-site.json                                        the list of these files, by which a later run replaces them

Everything in them comes through public.py; no picture is copied.
"""

import json
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from provenance.errors import NotRecorded, OutputError
from provenance.exports.certificate import receipts_about
from provenance.exports.certificate_words import WORDS
from provenance.exports.prov import to_prov
from provenance.exports.public import PublicPerson, PublicPicture, public_pictures, slug
from provenance.exports.roll import NOBODY, WITH_AI
from provenance.exports.roll_sheet import model_words
from provenance.exports.schema_org import for_a_page, to_schema_org
from provenance.exports.usage import shot_map, usage_register
from provenance.inspection.translated import in_language, name_in
from provenance.ledger.any_ledger import AnyLedger
from provenance.people.receipt_given import receipt_given
from provenance.people.register import Register
from provenance.people.shots import shots_of
from provenance.show.templates import render
from provenance.statement.counted import counted
from provenance.statement.names import folded
from provenance.statement.vocabulary import BY_AI, Maker, Step
from provenance.statement.words import MAKERS, MARKS, REVISED, SIGNED_AGAIN
from provenance.storage.atomic import save

LIST = "genzu-site.json"


@dataclass(frozen=True, slots=True)
class Leaf:
    """A picture on the site, with the name of its files; `roles` of the person whose page it stands on."""

    public: PublicPicture
    slug: str
    how: str
    roles: tuple[str, ...] = ()


def site_files(
    ledger: AnyLedger,
    register: Register,
    productions: tuple[str, ...] = (),
    address: str = "",
    language: str = "en",
) -> Mapping[str, bytes]:
    """The files of the site by their paths, its pages in a language. NotRecorded where there is nothing to show."""
    pictures = public_pictures(ledger, register, productions)
    if not pictures:
        raise NotRecorded("no released picture is on record; there is nothing to publish")
    signed = ledger.checkpoint_covering(len(ledger))
    leaves = [Leaf(each, slug(each.picture), how(each, language)) for each in pictures]
    people, words = _people(leaves, language), _words(language)
    files = {
        "index.html": _index(ledger, leaves, people, productions, signed.checkpoint.size, language),
        "checkpoint.txt": str(signed),
        "usage.csv": usage_register(pictures),
        "shots.csv": _shots(ledger, register, pictures, productions),
        "prov.jsonld": to_prov(pictures, ledger.id),
    }
    slugs = {each.public.picture: each.slug for each in leaves}
    children = defaultdict(list)
    for each in leaves:
        for given in each.public.inputs:
            children[given.picture].append(each.public.picture)
    for each in leaves:
        files[f"pictures/{each.slug}.html"] = render(
            "picture.html",
            **words,
            title=in_language(f"Credits of {each.public.picture}", language),
            public=each.public,
            how=each.how,
            model_words=model_words(each.public.model, language) if each.public.model else "",
            slug=each.slug,
            slugs=slugs,
            pages={person: slug(person) for person in people},
            children=children.get(each.public.picture, []),
            receipts=[name for name, _ in _receipts(each.public)],
            json_ld=for_a_page(to_schema_org(each.public, ledger.id, _page(address, each.slug))),
        )
        for name, seq in _receipts(each.public):
            files[f"receipts/{name}"] = str(receipt_given(ledger, seq))
    for person, (public, credited) in people.items():
        files[f"people/{slug(person)}.html"] = render(
            "person.html",
            **words,
            title=in_language(f"Credits of {public.name}", language),
            person=public,
            credits=credited,
        )
    return {name: text.encode("utf-8", "backslashreplace") for name, text in files.items()}


def write_site(folder: Path, files: Mapping[str, bytes]) -> None:
    """Puts the files into `folder`: a new or empty one, or one that an earlier run filled, whose files it replaces."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        before = _earlier(folder)
        for name, data in files.items():
            path = folder / name
            path.parent.mkdir(exist_ok=True)
            save(path, data)
        for stale in before - files.keys():
            (folder / stale).unlink(missing_ok=True)
    except OSError as error:
        raise OutputError.of(error, f"{folder} could not be written") from error
    save(
        folder / LIST,
        (json.dumps({"format": "genzu site 1", "files": sorted(files)}, indent=1) + "\n").encode(),
    )


def how(each: PublicPicture, language: str) -> str:
    """How a picture was made, in two words."""
    if each.again is not None:
        return SIGNED_AGAIN[language]
    if each.step is Step.PAINT or each.maker in BY_AI:
        made = MAKERS[Maker.AI].made[language]
        return MARKS[language].within(made, each.model.name) if each.model else made
    return REVISED[language] if each.step is Step.RETOUCH else MAKERS[each.maker].made[language]


def _words(language: str) -> dict[str, object]:
    """What the templates say our words with."""
    return {
        "language": language,
        "say": partial(in_language, language=language),
        "called": partial(name_in, language=language),
        "marks": MARKS[language],
        "nobody": NOBODY[language],
        "picture": WORDS[language]["picture"],
        "with_ai": WITH_AI[language],
    }


def _receipts(picture: PublicPicture) -> list[tuple[str, int]]:
    """The receipts beside a picture's page. None where its file names somebody otherwise: beside other pages, the id in
    its entries would tell who that is.
    """
    return [] if picture.otherwise else receipts_about(picture)


def _earlier(folder: Path) -> set[str]:
    """The files of an earlier run. OutputError where the folder is somebody else's."""
    listed = folder / LIST
    if not listed.is_file():
        if any(folder.iterdir()):
            raise OutputError(f"{folder} is not empty and holds no site of ours; give a new or empty folder")
        return set()
    try:
        found = json.loads(listed.read_text(encoding="utf-8"))["files"]
        names = {str(each) for each in found}
    except (ValueError, KeyError, TypeError) as error:
        raise OutputError(f"{listed} cannot be read; give a new folder") from error
    # A list that was tampered with must not lead out of the folder.
    return {each for each in names if re.fullmatch(r"(?:[a-z]+/)?[\w-]+\.[a-z-]+", each)}


def _people(leaves: list[Leaf], language: str) -> dict[str, tuple[PublicPerson, list[Leaf]]]:
    """Who is named, with the pictures that credit them."""
    people: dict[str, tuple[PublicPerson, list[Leaf]]] = {}
    for each in leaves:
        roles = defaultdict(list)
        for credit in each.public.credits:
            if credit.person.person is not None:
                roles[credit.person.person].append(credit)
        for person, credits in roles.items():
            told = tuple(in_language(one.role.value, language) for one in credits)
            leaf = Leaf(each.public, each.slug, each.how, told)
            people.setdefault(person, (credits[0].person, []))[1].append(leaf)
    return people


def _index(
    ledger: AnyLedger,
    leaves: list[Leaf],
    people: dict[str, tuple[PublicPerson, list[Leaf]]],
    productions: tuple[str, ...],
    size: int,
    language: str,
) -> str:
    entries = counted(size, "entry", "entries")
    about = (
        f"Who and what made each picture, as recorded in the ledger {ledger.id} with {entries}. "
        "Kept by its studio; corrections stay visible."
    )
    credits, names = in_language("Credits", language), MARKS[language].comma.join(productions)
    listed = [
        {
            "name": public.name,
            "romaji": public.romaji,
            "slug": slug(person),
            "count": counted(len(credited), "picture"),
        }
        for person, (public, credited) in people.items()
    ]
    return render(
        "index.html",
        **_words(language),
        title=f"{credits}{MARKS[language].colon}{names}" if names else credits,
        heading=names or credits,
        about=in_language(about, language),
        people=sorted(listed, key=lambda each: str(each["name"])),
        pictures=leaves,
    )


def _shots(
    ledger: AnyLedger, register: Register, pictures: list[PublicPicture], productions: tuple[str, ...]
) -> str:
    names = productions or [each.project.production for each in pictures]
    once = {folded(name): name for name in names}.values()
    return shot_map(shot for name in once for shot in shots_of(ledger, register, name))


def _page(address: str, name: str) -> str:
    return f"{address.rstrip('/')}/pictures/{name}.html" if address else ""
