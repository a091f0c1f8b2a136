"""A person's own proof (CAWG identity): among the people where it holds, told as claimed where it does not."""

import csv
import io
import json
from pathlib import Path

import c2pa
import pytest
from authorities import IPTC, Guild, signed_by
from click.testing import CliRunner
from credential_samples import AT, ENTRY, GENZU, file, png_chunks, retouch, signer, trust

from provenance.commands.audit import audit_command
from provenance.commands.inspect import inspect_command
from provenance.credentials.identity.authorities import add_roots
from provenance.credentials.identity.identity import Identity
from provenance.credentials.identity.purposes import Purpose
from provenance.credentials.identity.trust import Trust, context
from provenance.credentials.read.chain import Chain, Named, Verdict
from provenance.credentials.read.cose import Cbor, decoded
from provenance.credentials.read.identities import UNKNOWN_CERTIFICATE
from provenance.credentials.read.judging import judge
from provenance.credentials.read.jumbf import assertion_of, manifests_in
from provenance.credentials.read.reader import read_chain
from provenance.credentials.sign.manifest import Order, embed
from provenance.inspection.answers import Classification
from provenance.inspection.inspection import inspect
from provenance.settings import Settings
from provenance.statement.credit import Credit, Role
from provenance.statement.statement import Statement
from provenance.statement.vocabulary import SourceType, Step

CREATED = {"action": "c2pa.created", "digitalSourceType": IPTC + "digitalCreation"}
ACTIONS = {"label": "c2pa.actions.v2", "data": {"actions": [CREATED]}}


def artist() -> Identity:
    return signer("Mori Aoi", "artist")


def vouched() -> bytes:
    """A file over whose credits Mori Aoi's own certificate signs."""
    credits = (Credit(Role.LAYOUT, "Mori Aoi"),)
    statement = Statement("pic-1", Step.RECORD, SourceType.DIGITAL_CREATION, GENZU, credits)
    return embed(file(), "image/png", Order(statement, ENTRY, AT, artist=artist()), signer()).data


def as_json(value: Cbor) -> object:
    if isinstance(value, bytes):
        return list(value)
    if isinstance(value, dict):
        return {str(name): as_json(each) for name, each in value.items()}
    return [as_json(each) for each in value] if isinstance(value, list) else value


def proof() -> dict[str, object]:
    """Mori Aoi's proof as it stands in her file: everybody who has the file can copy it."""
    store = next(raw[8:-4] for kind, raw in png_chunks(vouched()) if kind == b"caBX")
    ((box,),) = manifests_in(store).values()
    found = as_json(decoded(assertion_of(box, "cawg.identity") or b""))
    assert isinstance(found, dict)
    return found


def stolen(guild: Guild) -> bytes:
    """A stranger's picture that carries her proof."""
    assertions = [ACTIONS, {"label": "cawg.identity", "data": proof()}]
    return signed_by(guild.signer(), definition={"assertions": assertions})


def garbled(guild: Guild) -> bytes:
    told = {**proof(), "signature": [1, 2, 3]}
    return signed_by(
        guild.signer(), definition={"assertions": [ACTIONS, {"label": "cawg.identity", "data": told}]}
    )


def redirected(guild: Guild) -> bytes:
    """Her proof, made to name an assertion that she never saw."""
    told = proof()
    payload = {
        "referenced_assertions": [{"url": "self#jumbf=c2pa.assertions/c2pa.actions.v2", "hash": [0] * 32}]
    }
    told["signer_payload"] = {**payload, "sig_type": "cawg.x509.cose"}
    return signed_by(
        guild.signer(), definition={"assertions": [ACTIONS, {"label": "cawg.identity", "data": told}]}
    )


def known(guild: Guild) -> Trust:
    return (
        trust()
        .knowing(guild.pem)
        .knowing(artist().root_pem or "", Purpose.IDENTITIES, name="the guild of painters")
    )


def names(chain: Chain) -> set[str | None]:
    return {each.name for step in chain.steps for each in step.people}


def test_a_proof_that_holds_is_shown_with_the_list_that_knows_it() -> None:
    guild = Guild()
    chain = read_chain(vouched(), trust=known(guild))
    assert Named("Mori Aoi", "identity, certificate") in chain.steps[0].people
    told = inspect(vouched(), trust=known(guild), ledger=None)
    (line,) = [each.words for each in told.findings if each.about == "identity"]
    assert line.startswith("Mori Aoi vouches for") and "the guild of painters" in line
    assert told.exit_code == 0


@pytest.mark.parametrize("purpose", [Purpose.SIGNERS, Purpose.TIME_STAMPS])
def test_an_authority_that_is_known_for_something_else_vouches_for_no_person(purpose: Purpose) -> None:
    chain = read_chain(vouched(), trust=trust().knowing(artist().root_pem or "", purpose))
    assert [each.holds for each in chain.steps[0].identities] == [None]
    assert Named("Mori Aoi", "identity, certificate") not in chain.steps[0].people


@pytest.mark.parametrize("make", [stolen, garbled, redirected])
def test_a_proof_that_fails_names_nobody_among_the_people(make: object) -> None:
    guild = Guild()
    data = make(guild)  # type: ignore[operator]
    chain = read_chain(data, trust=known(guild))
    assert chain.verdict is Verdict.INTACT_KNOWN  # the picture itself is as it was signed
    assert names(chain) == set()
    assert [each.holds for each in chain.steps[0].identities] == [False]
    told = inspect(data, trust=known(guild), ledger=None)
    assert told.exit_code == 1 and told.classified.answer is Classification.HUMAN_MADE
    (line,) = [each for each in told.findings if each.about == "identity"]
    assert line.fault and "the check of it failed" in line.words


def test_a_stolen_proof_is_told_with_the_name_that_it_claims(settings: Settings, tmp_path: Path) -> None:
    guild = Guild()
    (tmp_path / "stolen.png").write_bytes(stolen(guild))
    (tmp_path / "guild.pem").write_text(guild.pem)
    add_roots(settings, tmp_path / "guild.pem")
    done = CliRunner().invoke(inspect_command, [str(tmp_path / "stolen.png")], obj=settings)
    words = " ".join(done.output.split())
    assert done.exit_code == 1
    assert (
        "An identity is claimed in “untitled” and the check of it failed: Mori Aoi, by certificate" in words
    )
    told = json.loads(
        CliRunner().invoke(inspect_command, [str(tmp_path / "stolen.png"), "--json"], obj=settings).output
    )
    assert all(each["people"] == [] for each in told["steps"])


def test_no_report_has_a_failed_name_in_its_column_of_people(settings: Settings, tmp_path: Path) -> None:
    guild, folder = Guild(), tmp_path / "delivery"
    folder.mkdir()
    (folder / "stolen.png").write_bytes(stolen(guild))
    (folder / "below.png").write_bytes(retouch(stolen(guild), file(seed=7)).data)
    report = tmp_path / "report.csv"
    done = CliRunner().invoke(audit_command, [str(folder), "--report", str(report)], obj=settings)
    assert done.exit_code == 1
    rows = {
        row["path"].rsplit("/", 1)[-1]: row
        for row in csv.DictReader(io.StringIO(report.read_text("utf-8-sig")))
    }
    assert set(rows) == {"stolen.png", "below.png"}
    for row in rows.values():
        assert "Mori" not in row["people"] and row["exit_code"] == "1"


def test_a_proof_that_fails_in_an_earlier_step_is_told_too() -> None:
    guild = Guild()
    chain = read_chain(retouch(stolen(guild), file(seed=7)).data, trust=known(guild))
    assert [each.holds for each in chain.steps[0].identities] == [False]
    assert names(chain) == {None}  # whoever retouched it asked not to be named


def test_one_proof_that_holds_speaks_for_no_other_one() -> None:
    guild, data = Guild(), vouched()
    with c2pa.Reader("image/png", io.BytesIO(data), context=context(known(guild))) as reader:
        document = json.loads(reader.json())
    active = document["active_manifest"]
    store = next(raw[8:-4] for kind, raw in png_chunks(data) if kind == b"caBX")

    def doubts() -> tuple[list[bool | None], bool]:
        judged = judge(document, active, [active], store, known(guild))
        assert judged is not None
        holds = [each.holds for each in judged[active].identities]
        return holds, UNKNOWN_CERTIFICATE in judged[active].against

    assert doubts() == ([True], False)
    other = {"label": "cawg.identity__1", "data": {"signature_info": {"issuer": "Sato Hana"}}}
    document["manifests"][active]["assertions"].append(other)
    assert doubts() == ([True, None], True)


def test_a_proof_that_nobody_here_can_check_is_told_as_claimed(tmp_path: Path) -> None:
    told = inspect(vouched(), trust=trust(), ledger=None)
    assert told.exit_code == 0 and not any(each.fault for each in told.findings)
    (line,) = [each for each in told.findings if each.about == "identity"]
    assert "was not proved here: Mori Aoi, by certificate" in line.words
