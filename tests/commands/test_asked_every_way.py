"""One picture asked in every way: `inspect`, `who`, `detect`, `credits` and `audit` say the same of it.

Each test is a picture of which two of them said different things, or one said what nobody had checked.
"""

import html
import io
import json
import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import c2pa
import pytest
from authorities import NOW, YEAR, Guild, signed_by, with_leaf
from click.testing import CliRunner
from conftest import draw_house
from credential_samples import file, png_chunk, signer, with_good_checksums
from film_chain import Film
from foreign_manifests import IPTC, action, actions, assertion, foreign
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from stamp_authority import Clock

from provenance.commands.audit import audit_command
from provenance.commands.credits import credits_command
from provenance.commands.inspect import inspect_command
from provenance.commands.ledger import COMMANDS as LEDGER
from provenance.commands.legacy import import_command
from provenance.commands.log import show_command
from provenance.commands.trust import trust as trust_command
from provenance.commands.who import detect_command, who_command
from provenance.credentials.read.reader import read_chain
from provenance.credentials.sign.disclosure import Publication
from provenance.inspection.answers import Classification
from provenance.inspection.inspection import inspect
from provenance.inspection.translated import in_language
from provenance.people.consent import Consent
from provenance.people.disputes import answer_by_name, correct_by_name, open_dispute
from provenance.people.forgetting import forget_person
from provenance.people.register import register_of
from provenance.people.roster import merge
from provenance.people.stated import state_consent
from provenance.release.archive import Archive
from provenance.release.job import Job, Terms
from provenance.release.made import Released
from provenance.release.opening import open_archive
from provenance.release.release import record
from provenance.settings import Settings
from provenance.show.released_json import released_json
from provenance.statement.credit import Role, parse_credit
from provenance.statement.vocabulary import Answer, Outcome, SourceType, Use, Wish
from provenance.tabs.credits import by_picture
from provenance.tabs.inspect import answer_on
from provenance.tabs.told.released import opening

(ledger,) = LEDGER
WAYS = {
    "inspect": inspect_command,
    "who": who_command,
    "detect": detect_command,
    "credits": credits_command,
    "show": show_command,
}
A1111 = (
    "a mill\nNegative prompt: fog\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1, Size: 512x320, "
    "Model hash: 6ce0161689, Model: sdxl, Version: v1.10.1"
)


def asked(settings: Settings, way: str, what: object, *arguments: str) -> str:
    """What a command prints, its line ends taken out."""
    done = CliRunner().invoke(WAYS[way], [str(what), *arguments], obj=settings)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return " ".join(done.stdout.split())


def row(settings: Settings, path: Path) -> dict[str, object]:
    """The one row of an audit."""
    done = CliRunner().invoke(audit_command, [str(path), "--json", "--jobs", "1"], obj=settings)
    (found,) = json.loads(done.stdout)["rows"]
    assert isinstance(found, dict)
    return found


def signed(archive: Archive, folder: Path, by: str, file: Path | None = None) -> Released:
    """A drawing of its own, on the record."""
    if file is None:
        file = folder / f"{by.encode().hex()[:40]}.png"
        draw_house((90 + len(by), 64)).save(file)
    job = Job((parse_credit(by),), folder / f"signed-{file.name}")
    return record(archive, file, job, source_type=SourceType.DIGITAL_CREATION)


def corrected(archive: Archive, made: Released, was: str, now: str) -> None:
    correct_by_name(
        archive.ledger,
        picture=made.record.picture,
        role=Role.LAYOUT,
        was=was,
        now=now,
        by="Elin Lindqvist",
        why="",
    )


def erased_name(archive: Archive, name: str) -> None:
    register = register_of(archive.ledger)
    forget_person(archive.ledger, archive.vault, register, register.only(name).person)


@pytest.mark.parametrize("now", ["", "Mori Aoi"])
def test_a_withdrawn_or_corrected_credit_is_told_as_that_in_every_answer(
    archive: Archive, settings: Settings, tmp_path: Path, now: str
) -> None:
    made = signed(archive, tmp_path, "layout: Ito Ken")
    corrected(archive, made, "Ito Ken", now)
    told = f"layout: Ito Ken became {now or 'nobody'}."
    assert told in asked(settings, "inspect", made.path)
    for way in ("who", "credits"):
        assert told in asked(settings, way, made.path)
    assert asked(settings, "show", made.record.picture).count(told) == 1
    assert json.loads(asked(settings, "who", made.path, "--json"))["corrections"][0].endswith(told)
    found = row(settings, made.path)
    assert "Ito Ken" not in str(found["history"]) and found["people"] == ([f"layout: {now}"] if now else [])


def test_an_audits_row_names_the_people_that_its_sentence_names(
    archive: Archive, settings: Settings, tmp_path: Path
) -> None:
    """Merged into somebody, and erased: the file still shows the first name."""
    first, gone = signed(archive, tmp_path, "layout: Aoi M."), signed(archive, tmp_path, "layout: Kudo Jun")
    signed(archive, tmp_path, "layout: Mori Aoi")
    register = register_of(archive.ledger)
    one, other = (register.only(name).person for name in ("Aoi M.", "Mori Aoi"))
    merge(archive.ledger, register, one, other, by=other, why="")
    erased_name(archive, "Kudo Jun")
    merged, erased = row(settings, first.path), row(settings, gone.path)
    assert merged["people"] == ["layout: Mori Aoi"] and "drawn by Mori Aoi" in str(merged["history"])
    assert erased["people"] == ["layout: (erased)"] and "name was erased" in str(erased["history"])


def test_names_are_called_the_same_only_as_far_as_they_were_compared(
    archive: Archive, settings: Settings, tmp_path: Path
) -> None:
    gone, moved = signed(archive, tmp_path, "layout: Kudo Jun"), signed(archive, tmp_path, "layout: Ito Ken")
    assert "DERIVED File and ledger name the same people." in asked(settings, "inspect", gone.path)
    erased_name(archive, "Kudo Jun")
    corrected(archive, moved, "Ito Ken", "Mori Aoi")
    told = asked(settings, "inspect", gone.path)
    assert "A name was erased" in told and "the same people" not in told
    told = asked(settings, "inspect", moved.path)
    assert "When it was signed, file and ledger named the same people." in told
    assert "ledger name the same people" not in told


def test_a_changed_file_that_names_a_record_is_told_as_changed_before_the_record(
    archive: Archive, settings: Settings, tmp_path: Path
) -> None:
    made = signed(archive, tmp_path, "layout: Mori Aoi")
    data = bytearray(made.path.read_bytes())
    data[data.rindex(b"IDAT") + 40] ^= 1
    (tmp_path / "changed.png").write_bytes(data)
    told = asked(settings, "who", tmp_path / "changed.png")
    assert "The file is not the one that left" in told.partition("names a record")[0]
    assert "Altered: Layout was changed after it was signed. That record says “Recorded as human-made" in told
    data_told = json.loads(asked(settings, "who", tmp_path / "changed.png", "--json"))
    assert data_told["history"].startswith("Altered: ")
    assert data_told["against"][0].startswith("The file is not the one that left")


def test_a_recorded_file_without_pixels_is_found_and_no_mark_is_said_to_be_missing(
    archive: Archive, settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "sign.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')
    made = signed(archive, tmp_path, "layout: Mori Aoi", tmp_path / "sign.svg")
    told = asked(settings, "who", made.path)
    assert "It is the very file of a record, byte for byte." in told and made.record.picture in told
    assert "not looked for: the picture cannot be read" in asked(settings, "detect", made.path)
    found = json.loads(asked(settings, "detect", made.path, "--json"))
    assert found["read"] is False and found["why_not_read"] == "the picture cannot be read"


def test_a_stranger_who_signs_a_recorded_drawing_anew_is_not_recorded_as_its_maker(
    archive: Archive, settings: Settings, tmp_path: Path
) -> None:
    made = signed(archive, tmp_path, "layout: Mori Aoi")
    Image.open(made.path).save(tmp_path / "taken.png")
    with open_archive(Settings(home=tmp_path / "elsewhere", signer_name="Somebody")) as other:
        theirs = signed(other, tmp_path, "layout: Somebody Else", tmp_path / "taken.png")
    for way in ("inspect", "who", "credits", "detect"):
        told = asked(settings, way, theirs.path)
        assert "Recorded as human-made: drawn by Mori Aoi." in told
        assert "drawn by Somebody Else" not in told
        assert way == "detect" or "its credentials name Somebody Else; our ledger" in told
    found = row(settings, theirs.path)
    assert found["people"] == ["layout: Mori Aoi"] and "drawn by Mori Aoi" in str(found["history"])


def test_a_painting_signed_anew_as_drawn_is_told_with_the_painter_in_an_audit(
    film: Film, settings: Settings, tmp_path: Path
) -> None:
    painted = film.paint(film.layout("layout: Mori Aoi").path, "prompt: Sato Hana")
    Image.open(painted.path).save(tmp_path / "taken.png")
    with open_archive(Settings(home=tmp_path / "elsewhere", signer_name="Somebody")) as other:
        theirs = signed(other, tmp_path, "layout: Somebody Else", tmp_path / "taken.png")
    found = row(settings, theirs.path)
    assert found["people"] == ["layout: Mori Aoi", "prompt: Sato Hana"] and found["models"] == ["genzu-house"]
    assert "painted by genzu-house" in str(found["history"])


def test_an_earlier_picture_with_credentials_is_not_told_as_one_of_which_nothing_is_stated(
    film: Film, settings: Settings, tmp_path: Path
) -> None:
    with open_archive(Settings(home=tmp_path / "elsewhere", signer_name="Somebody")) as other:
        theirs = signed(other, tmp_path, "layout: Bo Berg")
    painted = film.paint(theirs.path, "prompt: Sato Hana")
    told = asked(settings, "who", painted.path)
    assert "AI-assisted: drawn by Bo Berg, painted by genzu-house, by the file's own word." in told
    assert "That record says “AI-assisted: begun from a picture of which nothing is recorded" in told
    assert "nothing is stated" not in told + asked(settings, "credits", painted.record.picture)


def naming(film: Film, painted: Released, *, seed: int, picture: str = "") -> bytes:
    """A stranger's file that was drawn by hand, by its own word, and names the entry of a painting."""
    step = read_chain(painted.path, trust=film.archive.trust).file
    assert step is not None and step.record is not None
    named = {**step.record, **({"picture": picture} if picture else {})}
    drawn = actions(action("created", "digitalCreation"))
    return foreign({"assertions": [drawn, assertion("org.genzu.record", **named)]}, seed=seed)


def test_an_entry_that_a_stranger_names_is_not_told_of_another_picture(
    film: Film, settings: Settings, tmp_path: Path
) -> None:
    painted = film.paint(film.layout("layout: Mori Aoi").path, "prompt: Sato Hana")
    (tmp_path / "named.png").write_bytes(naming(film, painted, seed=9))
    for way in ("inspect", "credits", "who", "detect"):
        told = asked(settings, way, tmp_path / "named.png")
        assert "has the same picture" not in told
        assert "AI-assisted: drawn by Mori Aoi" not in told.replace("That record says “AI-assisted", "")
    told = asked(settings, "who", tmp_path / "named.png")
    assert "differs from the record, and so do its pixels." in told.partition("names a record")[0]
    found = row(settings, tmp_path / "named.png")
    assert found["people"] == [] and found["models"] == [] and found["record"] is None
    told = asked(settings, "inspect", tmp_path / "named.png", "--changes")
    assert "No record here has the picture that this one was made over" in told


def test_an_entry_that_is_not_in_the_ledger_makes_no_picture_an_altered_one(
    film: Film, settings: Settings, tmp_path: Path
) -> None:
    """A ledger out of a backup lacks what came after: the file is as it was signed."""
    painted = film.paint(film.layout("layout: Mori Aoi").path, "prompt: Sato Hana")
    lost = tmp_path / "lost.png"
    lost.write_bytes(naming(film, painted, seed=9, picture="pic-aaaaaaaaaaaaaaaaaaaa"))
    told = asked(settings, "inspect", lost)
    assert (
        "Its credentials name pic-aaaaaaaaaaaaaaaaaaaa of this ledger, where there is no such picture."
        in told
    )
    assert "Altered" not in told and "altered" not in told
    found = row(settings, lost)
    assert found["classification"] == "unknown" and found["exit_code"] == 1


def test_what_could_not_be_checked_is_told_with_its_own_reason(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "broken.png").write_bytes(foreign({"assertions": [actions(action("created"))]}))
    done = CliRunner().invoke(audit_command, [str(tmp_path / "broken.png")], obj=settings)
    assert "break a rule of the standard" in done.stdout and "who signed it is not known" not in done.stdout


def said_by_hand(path: Path) -> Path:
    """A picture whose unsigned XMP says that it was drawn."""
    packet = (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" '
        f'Iptc4xmpExt:DigitalSourceType="{IPTC}digitalCreation"/></rdf:RDF></x:xmpmeta>'
    )
    draw_house().save(path, xmp=packet.encode())
    return path


def test_unsigned_text_that_says_by_hand_is_not_told_as_nothing(settings: Settings, tmp_path: Path) -> None:
    told = asked(settings, "inspect", said_by_hand(tmp_path / "hand.jpg"))
    assert "OBSERVED It carries XMP DigitalSourceType digitalCreation" in told
    assert "because: only unsigned text says that it was made by hand or camera" in told
    assert "nothing states how" not in told


def test_what_cannot_be_read_is_not_told_as_saying_nothing(settings: Settings, tmp_path: Path) -> None:
    buffer = io.BytesIO()
    draw_house().save(buffer, "PNG")
    (tmp_path / "cut.png").write_bytes(buffer.getvalue()[:200])
    told = asked(settings, "inspect", tmp_path / "cut.png")
    assert "because: the file is cut off" in told and "nothing states how" not in told


def test_a_claim_is_told_by_who_and_credits_and_its_model_in_an_audit(
    archive: Archive, settings: Settings, tmp_path: Path
) -> None:
    del archive  # the ledger is there
    text = PngInfo()
    text.add_text("parameters", A1111)
    draw_house().save(tmp_path / "old.png", pnginfo=text)
    CliRunner().invoke(import_command, [str(tmp_path / "old.png")], obj=settings, catch_exceptions=False)
    draw_house().save(tmp_path / "bare.png")
    for way in ("who", "credits"):
        told = asked(settings, way, tmp_path / "bare.png")
        assert "A file with the same pixels was taken into the ledger as a claim" in told
        assert "No record was found" not in told
    assert row(settings, tmp_path / "bare.png")["models"] == ["sdxl"]


def test_where_there_is_no_ledger_none_is_said_to_have_been_looked_through(tmp_path: Path) -> None:
    draw_house().save(tmp_path / "found.png")
    for way in ("who", "credits"):
        told = asked(Settings(home=tmp_path / "nobody"), way, tmp_path / "found.png")
        assert "There is no ledger here to ask." in told and "No record was found" not in told


def imported(settings: Settings, from_: Settings, folder: Path) -> None:
    """Their ledger, with its names, beside ours."""
    file = str(folder / "theirs.jsonl")
    for whose, words in ((from_, ("export", "-o", file, "--names")), (settings, ("import", file))):
        done = CliRunner().invoke(ledger, words, obj=whose)
        assert done.exit_code == 0, done.exception


def test_two_ledgers_that_contradict_each_other_on_a_bare_picture_are_told_first(
    film: Film, archive: Archive, settings: Settings, tmp_path: Path
) -> None:
    """Neither is in the file: a stranger on this machine recorded as drawn what we painted."""
    painted = film.paint(film.layout("layout: Mori Aoi").path, "prompt: Sato Hana")
    Image.open(painted.path).save(tmp_path / "bare.png")
    other = Settings(home=tmp_path / "elsewhere", signer_name="Somebody")
    with open_archive(other) as theirs:
        signed(theirs, tmp_path, "layout: Fake Hand", tmp_path / "bare.png")
    imported(other, settings, tmp_path)
    told = asked(other, "inspect", tmp_path / "bare.png").partition("because:")[0]
    assert (
        "Two ledgers contradict each other: ours (" in told
        and f"the ledger {archive.ledger.id} has it as" in told
    )
    assert (
        "drawn by Fake Hand; the" in told
        and "AI-assisted: drawn by Mori Aoi, painted by genzu-house." in told
    )


def test_an_imported_ledgers_correction_is_told_with_its_first_credit(
    archive: Archive, settings: Settings, tmp_path: Path
) -> None:
    made = signed(archive, tmp_path, "layout: Ito Ken")
    corrected(archive, made, "Ito Ken", "")
    other = Settings(home=tmp_path / "elsewhere")
    with open_archive(other):
        pass
    imported(other, settings, tmp_path)
    for way in ("inspect", "who", "credits"):
        told = asked(other, way, made.path)
        assert "credits: layout: Ito Ken. Corrected by entry 5: layout: Ito Ken became nobody." in told


# -- the files of other makers: each built here, its truth beside it, asked in every way -----------------------------

IMAGEMAKER = action("created", "trainedAlgorithmicMedia", softwareAgent="Imagemaker")
BY_HAND = {"assertions": [actions(action("created", "digitalCreation"))]}
BY_AI = {"assertions": [actions(IMAGEMAKER)]}
MP4 = b"\0\0\0\x1cftypisom\0\0\2\0isomiso2mp41" + b"\0\0\0\x08moov" + b"\0\0\0\x28mdat" + b"x" * 32
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0 0L9 9"/></svg>'
LOOSE = {"version": 1, "verify": {"verify_after_sign": False}}


def by_maker(definition: Mapping[str, object], data: bytes, kind: str, *, beside: bool = False) -> bytes:
    """The file with its credentials inside; `beside`: those alone, as they lie beside the file."""
    builder = c2pa.Builder(json.dumps({"format": kind, **definition}), c2pa.Context.from_dict(LOOSE))
    target = io.BytesIO()
    if beside:
        builder.set_no_embed()
    store = builder.sign(signer().signer(), kind, io.BytesIO(data), target)
    return store if beside else target.getvalue()


def updated(data: bytes) -> bytes:
    """An update manifest over it: the picture as it was."""
    builder = c2pa.Builder("{}", c2pa.Context.from_dict(LOOSE))
    builder.set_intent(c2pa.C2paBuilderIntent.UPDATE, c2pa.C2paDigitalSourceType.EMPTY)
    target = io.BytesIO()
    builder.sign(signer().signer(), "image/png", io.BytesIO(data), target)
    return target.getvalue()


def with_sidecar(folder: Path, inside: bytes, beside: Mapping[str, object]) -> Path:
    path = folder / "both.png"
    path.write_bytes(inside)
    store = by_maker(beside, inside, "application/octet-stream", beside=True)
    path.with_suffix(".c2pa").write_bytes(store)
    return path


def damaged_inside(data: bytes) -> bytes:
    """Credentials that nobody can read any more."""
    return with_good_checksums(data.replace(b"jumd", b"junk"))


def with_text(data: bytes) -> bytes:
    """One comment more, and no other pixel."""
    at = data.rindex(b"IEND") - 4
    return data[:at] + png_chunk(b"tEXt", b"Comment\0made by hand") + data[at:]


@dataclass(frozen=True)
class Studio:
    """Who signs with certificates of any dates, and a clock that we know."""

    guild: Guild
    clock: Clock

    def signed(self, starts: timedelta, ends: timedelta, *, stamped: bool = False) -> bytes:
        by = self.guild.signer()
        data = signed_by(by, tsa_url=self.clock.url if stamped else None)
        authority = self.clock.authority if stamped else None
        return with_leaf(self.guild, by, data, starts=NOW + starts, ends=NOW + ends, clock=authority)


HAND = "drawn by hand (nobody is named for the drawing)"
NOT_COUNTED = "Drawing is stated as made by hand or camera, but its signer's certificate does not count"
OUTSIDE = "it was signed when its certificate was not valid"
HOUR = timedelta(hours=1)
# What it is, by which every way has to say of its making, what an inspection has to say besides, what nobody may say.
Built = bytes | Path
OTHERS: Mapping[str, tuple[Callable[[Path, Studio], Built], str, tuple[str, ...], tuple[str, ...]]] = {
    "signed before its certificate ended, as nobody proves.png": (
        lambda _, studio: studio.signed(-YEAR, -HOUR),
        f"Unknown: {HAND}, by the file's own word.",
        (NOT_COUNTED, "its certificate has expired"),
        ("no signer that we know", "do not know who signed it", "become known by", OUTSIDE),
    ),
    "signed after its certificate ended, as a clock proves.png": (
        lambda _, studio: studio.signed(-YEAR, -HOUR, stamped=True),
        f"Unknown: {HAND}, by the file's own word.",
        (NOT_COUNTED, OUTSIDE),
        ("has expired", "no signer that we know"),
    ),
    "signed before its certificate begins.png": (
        lambda _, studio: studio.signed(YEAR, 2 * YEAR),
        f"Unknown: {HAND}, by the file's own word.",
        (NOT_COUNTED, OUTSIDE),
        ("has expired",),
    ),
    "updated drawing.png": (
        lambda *_: updated(foreign(BY_HAND)),
        f"Recorded as human-made: {HAND}.",
        ("Signed again",),
        ("Unstated step", "further step", "nothing states"),
    ),
    "updated painting.png": (
        lambda *_: updated(foreign(BY_AI)),
        "AI-generated: painted by Imagemaker.",
        (),
        ("Unstated step", "further step"),
    ),
    "opened and no more.png": (
        lambda *_: foreign(
            {"assertions": [actions(action("opened", parameters={"ingredientIds": ["a"]}))]},
            ({"title": "a", "label": "a", "relationship": "parentOf"}, foreign(BY_AI)),
        ),
        "AI-generated: painted by Imagemaker, a further step, how it was done is not stated.",
        (),
        ("was changed",),
    ),
    "one comment more.png": (
        lambda *_: with_text(foreign(BY_HAND)),
        "Altered: Drawing was changed after it was signed.",
        ("the file was changed after it was signed", "The file, or something in its history, was changed"),
        ("the picture was changed", "The picture, or"),
    ),
    "AI inside, a hand beside it.png": (
        lambda folder, _: with_sidecar(folder, foreign(BY_AI), BY_HAND),
        f"AI-assisted: painted by Imagemaker, {HAND}.",
        ("of which those beside it say nothing",),
        ("human-made",),
    ),
    "unreadable inside, a hand beside it.png": (
        lambda folder, _: with_sidecar(folder, damaged_inside(foreign(BY_AI)), BY_HAND),
        f"Unknown: {HAND}.",
        ("the file also holds credentials that could not be read",),
        ("Recorded as human-made",),
    ),
    "film.mp4": (
        lambda *_: by_maker(BY_AI, MP4, "video/mp4"),
        "AI-generated: painted by Imagemaker.",
        ("Its pixels were not read",),
        (),
    ),
    "changed film.mp4": (
        lambda *_: by_maker(BY_AI, MP4, "video/mp4")[:-9] + b"y" + b"x" * 8,
        "Altered: AI picture was changed after it was signed.",
        (),
        ("the picture was changed",),
    ),
    "drawing.svg": (
        lambda *_: by_maker(BY_AI, SVG, "image/svg+xml"),
        "AI-generated: painted by Imagemaker.",
        (),
        (),
    ),
    "on a server.png": (
        lambda *_: on_a_server(file()),
        "Unknown: it could not be checked; this does not mean human-made.",
        ("they were not fetched from there",),
        (),
    ),
}


def on_a_server(data: bytes) -> bytes:
    builder = c2pa.Builder(json.dumps({"format": "image/png", **BY_HAND}), c2pa.Context.from_dict(LOOSE))
    builder.set_no_embed()
    builder.set_remote_url("http://127.0.0.1:9/m.c2pa")
    target = io.BytesIO()
    builder.sign(signer().signer(), "image/png", io.BytesIO(data), target)
    return target.getvalue()


def shown(markup: str) -> str:
    """The words of a part of the page."""
    return " ".join(html.unescape(re.sub(r"<svg\b.*?</svg>|<[^>]+>", " ", markup, flags=re.DOTALL)).split())


def every_answer(archive: Archive, path: Path) -> dict[str, str]:
    """What each way says, by its name: those of a keeper at the command line, and the page's to a stranger."""
    settings = archive.settings
    told = {way: asked(settings, way, path) for way in WAYS if way != "show"}
    told["audit"] = json.dumps(row(settings, path), ensure_ascii=False)
    told["json"] = json.dumps(json.loads(asked(settings, "inspect", path, "--json")), ensure_ascii=False)
    told["page: inspect"] = shown(answer_on(archive, path)[0])
    told["page: credits"] = shown(by_picture(archive, path))
    return told


@pytest.mark.parametrize("name", OTHERS)
def test_every_way_says_the_same_of_a_file_of_another_maker(
    name: str, archive: Archive, settings: Settings, tmp_path: Path, clock: Clock
) -> None:
    build, history, besides, never = OTHERS[name]
    studio = Studio(Guild("Studio Kita"), clock)
    for number, (pem, what) in enumerate(
        ((signer().root_pem or "", ()), (studio.guild.pem, ()), (clock.root, ("--for", "time-stamps")))
    ):
        (tmp_path / f"{number}.pem").write_text(pem)
        CliRunner().invoke(trust_command, ["add", str(tmp_path / f"{number}.pem"), *what], obj=settings)
    built = build(tmp_path, studio)
    path = built if isinstance(built, Path) else tmp_path / name
    if isinstance(built, bytes):
        path.write_bytes(built)
    with open_archive(settings) as knowing:
        told = every_answer(knowing, path)
    for way, words in told.items():
        assert history in words, (way, words)
        assert not [each for each in never if each in words], (way, words)
    assert all(each in told["inspect"] for each in besides), told["inspect"]


def test_an_open_dispute_is_told_in_every_way_without_its_words_until_it_is_answered(
    film: Film, archive: Archive, settings: Settings
) -> None:
    layout = film.layout("layout: Mori Aoi")
    painted = film.paint(layout.path, "prompt: Sato Hana")
    opened = open_dispute(
        archive.ledger,
        archive.vault,
        claim="I drew it",
        contact="rin@a.example",
        picture=layout.record.picture,
    )
    said = f"The record of {layout.record.picture} is disputed: a dispute is open (entry {opened.seq})"
    for path, picture in ((layout.path, layout.record.picture), (painted.path, painted.record.picture)):
        told = every_answer(archive, path)
        del told["detect"]  # which asks for marks
        told |= {"show": asked(settings, "show", picture), "of the id": asked(settings, "credits", picture)}
        told["who, json"] = asked(settings, "who", path, "--json")
        for way, words in told.items():
            assert said in words, (way, words)
            assert "I drew it" not in words and "rin@a.example" not in words and opened.dispute not in words
    assert said in asked(settings, "credits", "Mori Aoi")
    answer_by_name(
        archive.ledger,
        opened.dispute,
        outcome=Outcome.DECLINED,
        words="no",
        by="Elin Lindqvist",
        corrections=(),
    )
    assert not [way for way, words in every_answer(archive, painted.path).items() if "disputed" in words]


def corrected_disputed_and_made_over(archive: Archive, tmp_path: Path) -> tuple[Released, int, Path]:
    """A layout whose credit was corrected and is disputed, the dispute's entry, and what another program made of it."""
    layout = signed(archive, tmp_path, "layout: Ito Ken")
    corrected(archive, layout, "Ito Ken", "Elin Lindqvist")
    opened = open_dispute(
        archive.ledger, archive.vault, claim="mine", contact="rin@a.example", picture=layout.record.picture
    )
    edit = {"assertions": [actions(action("opened", parameters={"ingredientIds": ["a"]}))]}
    below = ({"title": "a", "label": "a", "relationship": "parentOf"}, layout.path.read_bytes())
    edited = tmp_path / "edited.png"
    edited.write_bytes(foreign(edit, below))
    return layout, opened.seq, edited


def test_what_became_of_an_earlier_step_is_told_of_a_file_that_another_program_made_of_it(
    film: Film, archive: Archive, settings: Settings, tmp_path: Path
) -> None:
    """Its sentence has the names of today, its steps those of the file, and its own pixels are in no record."""
    layout, seq, edited = corrected_disputed_and_made_over(archive, tmp_path)
    disputed = f"The record of {layout.record.picture} is disputed: a dispute is open (entry {seq})"
    correction = f"Corrected by entry {seq - 1}: layout: Ito Ken became Elin Lindqvist."
    changed = f"Of the earlier step {layout.record.picture}: {correction}"
    told = every_answer(archive, edited)
    del told["detect"]  # which asks for marks
    for way, words in told.items():
        assert disputed in words, (way, words)
        assert "drawn by Elin Lindqvist, a further step" in words, (way, words)
    ours = film.retouch(edited, "retouch: Sato Hana").path  # its record knows `edited` by its bytes alone
    for way in ("inspect", "who", "credits"):
        assert changed in told[way], (way, told[way])
        assert changed in asked(settings, way, ours) and disputed in asked(settings, way, ours)
    retouched = film.retouch(layout.path, "retouch: Sato Hana")
    for way in ("inspect", "who", "credits"):
        assert changed in asked(settings, way, retouched.path)


def test_what_is_said_of_a_picture_as_it_is_signed_is_what_is_said_of_it_afterwards(
    archive: Archive, settings: Settings, tmp_path: Path
) -> None:
    """Its keeper states that it was drawn by hand; its own credentials say of no step how, and name another."""
    foreign_drawing = tmp_path / "from outside.png"
    people = [{"Iptc4xmpExt:Name": "Kita Jun", "Iptc4xmpExt:Role": ["layout"]}]
    kita = {"@context": {}, "Iptc4xmpExt:Contributor": people}
    opened = actions(action("opened", parameters={"ingredientIds": ["a"]}))
    below = ({"title": "a", "label": "a", "relationship": "parentOf"}, foreign(BY_HAND))
    foreign_drawing.write_bytes(foreign({"assertions": [opened, assertion("cawg.metadata", **kita)]}, below))
    job = Job((parse_credit("layout: Mori Aoi"),), tmp_path / "ours.png")
    made = record(archive, foreign_drawing, job, source_type=SourceType.DIGITAL_CREATION)
    seen = inspect(made.path, trust=archive.trust, ledger=archive.ledger)
    said = released_json(made, archive.ledger, seen, str)["history"]
    left_open = "though the file names a step that is not stated as made by hand or camera"
    assert said == f"Recorded as human-made: drawn by Mori Aoi, {left_open}."
    told = every_answer(archive, made.path)
    del told["detect"]  # which asks for marks
    assert not [way for way, words in told.items() if said not in words]
    assert opening(made, seen).words == said
    assert "Everybody in its history: layout: Kita Jun; layout: Mori Aoi." in told["credits"]


def test_names_are_compared_for_the_last_step_alone_and_that_is_said(
    film: Film, archive: Archive, settings: Settings
) -> None:
    painted = film.paint(film.layout("layout: Mori Aoi").path, "prompt: Sato Hana")
    erased_name(archive, "Mori Aoi")
    told = asked(settings, "inspect", painted.path)
    assert "drawn by somebody whose name was erased" in told
    assert "File and ledger name the same people for its last step." in told


@pytest.mark.parametrize("newest", ["allowed", ""])
def test_a_wish_of_an_earlier_step_is_told_where_the_newest_credentials_allow_more(
    newest: str, archive: Archive, settings: Settings, tmp_path: Path
) -> None:
    """Genzu itself paints over no such picture: the stricter wish counts."""
    drawing = tmp_path / "drawing.png"
    draw_house().save(drawing)
    terms = Terms(Publication(wishes={Wish.TRAINING: Use.NOT_ALLOWED, Wish.MINING: Use.ALLOWED}))
    job = Job((parse_credit("layout: Mori Aoi"),), tmp_path / "signed.png", terms=terms)
    made = record(archive, drawing, job, source_type=SourceType.DIGITAL_CREATION)
    less = "An earlier step of it allows less, and the stricter wish counts: not for training AI."
    assert "not for training AI" in asked(settings, "inspect", made.path)
    assert less not in asked(settings, "inspect", made.path)
    opened = actions(action("opened", parameters={"ingredientIds": ["a"]}), action("edited", "humanEdits"))
    wish = assertion("cawg.training-mining", entries={"cawg.ai_training": {"use": newest}})
    below = ({"title": "a", "label": "a", "relationship": "parentOf"}, made.path.read_bytes())
    edited = tmp_path / "edited.png"
    edited.write_bytes(foreign({"assertions": [opened, *([wish] if newest else [])]}, below))
    told = asked(settings, "inspect", edited)
    assert less in told and ("Wishes about use by AI: allowed for training AI." in told) is bool(newest)
    assert less in shown(answer_on(archive, edited)[0])


def test_a_permission_that_was_taken_back_is_told_beside_the_wishes_of_the_file(
    film: Film, archive: Archive, settings: Settings
) -> None:
    layout = film.layout("layout: Mori Aoi")
    person = register_of(archive.ledger).only("Mori Aoi").person
    state_consent(archive.ledger, Consent(person, Answer.YES, Answer.YES))
    painted = film.paint(layout.path, "prompt: Sato Hana")
    assert "allows less" not in asked(settings, "inspect", painted.path)
    state_consent(archive.ledger, Consent(person, Answer.YES, Answer.NO))
    told = asked(settings, "inspect", painted.path)
    before, _, less = told.partition("somebody in its history allows less. By our ledger today: not for ")
    assert "Wishes about use by AI: allowed for training" in before
    assert less.startswith("training") and "input" not in less.partition(".")[0]


def test_a_record_that_a_restored_ledger_lacks_is_told_alike_by_credits_and_inspect(
    film: Film, archive: Archive, settings: Settings, tmp_path: Path
) -> None:
    layout = film.layout("layout: Mori Aoi")
    shutil.copytree(settings.home, tmp_path / "restored")
    painted = film.paint(layout.path, "prompt: Sato Hana")
    with open_archive(Settings(home=tmp_path / "restored")) as older:
        told = every_answer(older, painted.path)
    for way, words in told.items():
        assert "AI-assisted: drawn by Mori Aoi, painted by genzu-house." in words, (way, words)
        assert "File and record do not agree" not in words
    assert "The record that it names is not here" in told["page: inspect"]
    assert "where there is no such picture" in told["page: credits"]


def test_the_very_file_that_was_taken_in_is_known_with_all_its_pages(
    archive: Archive, settings: Settings, tmp_path: Path
) -> None:
    first, second = draw_house((90, 64)), draw_house((80, 64))
    first.save(tmp_path / "pages.tif", save_all=True, append_images=[second])
    first.save(tmp_path / "others.tif", save_all=True, append_images=[first])
    signed(archive, tmp_path, "layout: Ito Ken", tmp_path / "pages.tif")
    for way, words in every_answer(archive, tmp_path / "pages.tif").items():
        assert "Recorded as human-made: drawn by Ito Ken." in words and "only the first" not in words, way
    for way, words in every_answer(archive, tmp_path / "others.tif").items():
        assert "Unknown: it holds several pictures, and only the first is known" in words, way


def test_a_recorded_file_whose_signing_key_was_replaced_is_told_with_the_certificate_of_its_record(
    settings: Settings, tmp_path: Path
) -> None:
    with open_archive(settings) as before:
        made = signed(before, tmp_path, "layout: Ito Ken")
    (settings.keys / "signing.pem").unlink()
    with open_archive(settings) as after:
        told = every_answer(after, made.path)
    assert all("Recorded as human-made: drawn by Ito Ken." in words for words in told.values())
    assert "It was signed with the certificate that the record names." in told["inspect"]


def test_a_drawing_over_a_step_that_states_nothing_is_told_with_that_step_wherever_the_record_is_asked(
    archive: Archive, tmp_path: Path
) -> None:
    (tmp_path / "exported.png").write_bytes(foreign({"assertions": [actions(action("created"))]}))
    made = signed(archive, tmp_path, "layout: Ito Ken", tmp_path / "exported.png")
    left_open = "though the file names a step that is not stated as made by hand or camera"
    for way, words in every_answer(archive, made.path).items():
        assert f"Recorded as human-made: drawn by Ito Ken, {left_open}." in words, way
    alone = inspect(made.path, trust=archive.trust, ledger=None)
    assert alone.classified.answer is Classification.UNKNOWN
    told = inspect(made.path, trust=archive.trust, ledger=archive.ledger).classified.because
    assert (
        told == f"our ledger records it as made by hand or camera, but in the file {alone.classified.because}"
    )
    bare = signed(archive, tmp_path, "layout: Ito Ken")
    assert all("drawn by Ito Ken." in words for words in every_answer(archive, bare.path).values())


def test_a_name_with_our_own_marks_in_it_is_one_name_wherever_it_stands_among_other_words(
    archive: Archive, tmp_path: Path
) -> None:
    name = "Mori Aoi, painted by Abe Rin; layout: Kita Jun"
    made = signed(archive, tmp_path, f"layout: {name}")
    for way, words in every_answer(archive, made.path).items():
        assert f"drawn by “{name}”." in words, way
        assert f"layout: {name}" not in words, way
    both = signed(archive, tmp_path, "layout: Simon and Garfunkel, Inc.")
    for way, words in every_answer(archive, both.path).items():
        assert "drawn by “Simon and Garfunkel, Inc.”." in words, way


def test_so_is_the_name_of_whoever_signed_it(archive: Archive, settings: Settings, tmp_path: Path) -> None:
    theirs = Settings(home=tmp_path / "theirs", signer_name="Kita Jun, by the C2PA list")
    with open_archive(theirs) as other:
        made = signed(other, tmp_path, "layout: Ito Ken")
    told = asked(settings, "inspect", made.path)
    assert "“Kita Jun, by the C2PA list”" in told
    assert "Kita Jun, by the C2PA list" not in told.replace("“Kita Jun, by the C2PA list”", "")


def test_what_an_imported_ledger_holds_against_an_earlier_step_is_told_with_the_file_made_of_it(
    film: Film, archive: Archive, settings: Settings, tmp_path: Path
) -> None:
    """The file's last step is nobody's here: another program made it of a picture that the other studio recorded."""
    layout, seq, edited = corrected_disputed_and_made_over(archive, tmp_path)
    theirs, export = Settings(home=tmp_path / "theirs", signer_name="Somebody"), tmp_path / "out.jsonl"
    with open_archive(theirs):
        pass
    (ledger,) = LEDGER
    for whose, words in (
        (settings, ("export", "-o", str(export), "--names")),
        (theirs, ("import", str(export))),
    ):
        assert CliRunner().invoke(ledger, words, obj=whose).exit_code == 0
    copy = f"By the ledger {archive.ledger.id}, as far as the copy here goes ({len(archive.ledger)} entries)"
    change = f"Corrected by entry {seq - 1}: layout: Ito Ken became Elin Lindqvist."
    changed = f"{copy}: of the earlier step {layout.record.picture}: {change}"
    disputed = f"{copy}: the record of {layout.record.picture} is disputed: a dispute is open"
    for way in ("inspect", "who", "credits"):
        told = asked(theirs, way, edited)
        assert changed in told, (way, told)
        assert told.count(disputed) == 1, (way, told)
    assert "前の工程" in in_language(changed, "ja") and "became" not in in_language(changed, "ja")
