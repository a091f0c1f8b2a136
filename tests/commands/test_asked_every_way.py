"""One picture asked in every way: `inspect`, `who`, `detect`, `credits` and `audit` say the same of it.

Each test is a picture of which two of them said different things, or one said what nobody had checked.
"""

import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import draw_house
from film_chain import Film
from foreign_manifests import IPTC, action, actions, assertion, foreign
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from provenance.commands.audit import audit_command
from provenance.commands.credits import credits_command
from provenance.commands.inspect import inspect_command
from provenance.commands.ledger import COMMANDS as LEDGER
from provenance.commands.legacy import import_command
from provenance.commands.log import show_command
from provenance.commands.who import detect_command, who_command
from provenance.credentials.read.reader import read_chain
from provenance.people.disputes import correct_by_name
from provenance.people.forgetting import forget_person
from provenance.people.register import register_of
from provenance.people.roster import merge
from provenance.release.archive import Archive
from provenance.release.job import Job
from provenance.release.made import Released
from provenance.release.opening import open_archive
from provenance.release.release import record
from provenance.settings import Settings
from provenance.statement.credit import Role, parse_credit
from provenance.statement.vocabulary import SourceType

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
