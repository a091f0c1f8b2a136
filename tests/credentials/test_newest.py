"""A file with credentials inside and others beside it: the newest that fit its bytes are judged."""

import io
import json
import shutil
import wave
from pathlib import Path

import c2pa
import pytest
from authorities import Guild, signed_by
from click.testing import CliRunner
from credential_samples import drawing, file, record, signer, trust

from provenance.commands.inspect import inspect_command
from provenance.commands.record import record_command
from provenance.credentials.identity.trust import Trust, context
from provenance.credentials.read.chain import Chain, Verdict
from provenance.credentials.read.reader import read_chain
from provenance.media.sidecar import place_beside
from provenance.settings import Settings

CREATED = {
    "action": "c2pa.created",
    "digitalSourceType": "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCreation",
}


def svg() -> bytes:
    return b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0 0L9 9"/></svg>'


def saved(kind: str) -> bytes:
    target = io.BytesIO()
    drawing().save(target, kind)
    return target.getvalue()


def sound() -> bytes:
    target = io.BytesIO()
    with wave.open(target, "wb") as out:
        out.setparams((1, 2, 8000, 0, "NONE", ""))
        out.writeframes(bytes(4000))
    return target.getvalue()


KINDS = {
    "a.svg": ("image/svg+xml", svg),
    "a.gif": ("image/gif", lambda: saved("GIF")),
    "a.pdf": ("application/pdf", lambda: saved("PDF")),
    "a.wav": ("audio/wav", sound),
    "a.dng": ("image/tiff", lambda: saved("TIFF")),
}


def stranger(name: str, guild: Guild) -> bytes:
    """A stranger's file of that kind, their credentials inside."""
    media_type, make = KINDS[name]
    told = {
        "format": media_type,
        "assertions": [{"label": "c2pa.actions.v2", "data": {"actions": [CREATED]}}],
    }
    target = io.BytesIO()
    builder = c2pa.Builder(json.dumps(told), context(Trust()))
    builder.sign(guild.signer().signer(), media_type, io.BytesIO(make()), target)
    return target.getvalue()


def recorded(settings: Settings, path: Path) -> Path:
    out = path.parent / "out" / path.name
    out.parent.mkdir(exist_ok=True)
    call = [str(path), "--source", "digitalCreation", "--by", "layout: Mori Aoi", "-o", str(out)]
    done = CliRunner().invoke(record_command, call, obj=settings)
    assert done.exit_code == 0, done.output
    return out


@pytest.mark.parametrize("name", list(KINDS))
def test_what_we_recorded_beside_a_signed_file_is_judged_and_what_lies_inside_is_its_history(
    name: str, tmp_path: Path
) -> None:
    guild, settings = Guild("Vector maker"), Settings(home=tmp_path / "home")
    (tmp_path / name).write_bytes(stranger(name, guild))
    out = recorded(settings, tmp_path / name)
    read = CliRunner().invoke(inspect_command, [str(out), "--json"], obj=settings)
    told = json.loads(read.output)
    assert (told["verdict"], told["exit_code"]) == ("intact, unknown signer", 4)
    assert [each["signer"]["name"] for each in told["steps"]] == ["Vector maker", "Genzu"]
    assert not [each for each in told["findings"] if each["fault"]]
    assert told["classification"] != "altered"


@pytest.mark.parametrize("name", list(KINDS))
def test_a_change_after_both_were_made_is_told(name: str, tmp_path: Path) -> None:
    guild, settings = Guild("Vector maker"), Settings(home=tmp_path / "home")
    (tmp_path / name).write_bytes(stranger(name, guild))
    out = recorded(settings, tmp_path / name)
    data = bytearray(out.read_bytes())
    inside = KINDS[name][1]()
    at = bytes(data).find(inside[-40:-20])
    data[at if at > 0 else -3] ^= 1
    out.write_bytes(data)
    assert read_chain(out, trust=trust()).verdict in (Verdict.ALTERED, Verdict.NOT_CHECKED)


def beside(data: bytes, guild: Guild, kind: str = "application/octet-stream") -> bytes:
    """Credentials for all of these bytes that name nothing before them."""
    told = {"format": kind, "assertions": [{"label": "c2pa.actions.v2", "data": {"actions": [CREATED]}}]}
    builder = c2pa.Builder(json.dumps(told), context(Trust()))
    builder.set_no_embed()
    return builder.sign(guild.signer().signer(), kind, io.BytesIO(data), io.BytesIO())


def codes(chain: Chain) -> list[str]:
    return [each.code for each in chain.reasons]


def test_credentials_beside_a_changed_file_do_not_wash_off_those_inside() -> None:
    maker, other = Guild("Vector maker"), Guild("Other")
    known = Trust().knowing(maker.pem).knowing(other.pem)
    changed = stranger("a.svg", maker).replace(b"M0 0L9 9", b"M0 9L9 0")
    chain = read_chain(changed, "image/svg+xml", trust=known, beside=beside(changed, other))
    assert chain.verdict is Verdict.ALTERED and chain.kept == "in a file beside it"
    (why,) = [each for each in chain.reasons if each.code == "genzu.credentials.inside"]
    assert "changed after those were made" in why.words


def test_credentials_beside_that_say_nothing_of_those_inside_are_judged_and_the_others_told() -> None:
    maker, other = Guild("Vector maker"), Guild("Other")
    known = Trust().knowing(maker.pem).knowing(other.pem)
    data = stranger("a.svg", maker)
    chain = read_chain(data, "image/svg+xml", trust=known, beside=beside(data, other))
    assert chain.verdict is Verdict.INTACT_KNOWN and chain.kept == "in a file beside it"
    assert "genzu.credentials.inside" in codes(chain)


def test_credentials_beside_that_fit_another_file_are_left_aside() -> None:
    guild, ours = Guild(), record(file()).data
    chain = read_chain(ours, trust=trust(), beside=beside(file(seed=8), guild))
    assert chain.verdict is Verdict.INTACT_KNOWN and chain.kept == ""
    assert codes(chain) == ["genzu.credentials.beside"]


def test_the_same_credentials_kept_twice_are_told_once() -> None:
    ours = record(file()).data
    with c2pa.Reader("image/png", io.BytesIO(ours), context=context(Trust())) as reader:
        store = io.BytesIO()
        reader.resource_to_stream(f"self#jumbf=/c2pa/{json.loads(reader.json())['active_manifest']}", store)
    chain = read_chain(ours, trust=trust(), beside=store.getvalue())
    assert (chain.verdict, chain.kept, chain.reasons) == (Verdict.INTACT_KNOWN, "", ())


@pytest.mark.parametrize("junk", [b"junk", b"\0\0\0\x08jumb", b"\0" * 400])
def test_a_broken_sidecar_takes_nothing_from_what_lies_inside(junk: bytes) -> None:
    chain = read_chain(record(file()).data, trust=trust(), beside=junk)
    assert chain.verdict is Verdict.INTACT_KNOWN and codes(chain) == ["genzu.credentials.beside"]


def test_a_file_recorded_twice_keeps_both_histories(tmp_path: Path) -> None:
    guild, settings = Guild("Vector maker"), Settings(home=tmp_path / "home")
    (tmp_path / "a.svg").write_bytes(stranger("a.svg", guild))
    first = recorded(settings, tmp_path / "a.svg")
    again = tmp_path / "second"
    again.mkdir()
    shutil.copy(first, again / "a.svg")
    shutil.copy(place_beside(first), again / "a.svg.c2pa")
    out = recorded(settings, again / "a.svg")
    chain = read_chain(out, trust=trust())
    assert [each.signer.name for each in chain.steps if each.signer] == ["Vector maker", "Genzu", "Genzu"]
    assert chain.verdict is Verdict.INTACT_UNKNOWN


def test_a_signed_picture_by_a_stranger_under_a_known_root_is_known_below_ours() -> None:
    guild = Guild("Camera")
    data = signed_by(guild.signer())
    known = trust().knowing(guild.pem)
    assert read_chain(record(data, identity=signer()).data, trust=known).verdict is Verdict.INTACT_KNOWN
