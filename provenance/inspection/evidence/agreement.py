"""The lines of an inspection: what the file says, what the ledger holds, whether the two agree."""

from collections.abc import Collection, Iterable, Iterator
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from provenance.credentials.read.chain import Chain, ChainStep, Verdict
from provenance.credentials.read.contents import IDENTITY
from provenance.credentials.read.verdicts import NO_CREDENTIALS, UNKNOWN_SIGNER
from provenance.inspection.evidence.finding import Finding
from provenance.inspection.lineage import Evidence, record_of_step
from provenance.ledger.store.records import PictureRecord, State
from provenance.people.changes import changes_since, first_said
from provenance.statement.canonical import Contents, Digest
from provenance.statement.commitment import ERASED
from provenance.statement.credit import NOT_NAMED
from provenance.statement.statement import InputRole
from provenance.statement.untrusted import plain

if TYPE_CHECKING:
    from provenance.ledger import Ledger
    from provenance.people.register import Register

_REGISTERS: "WeakKeyDictionary[Ledger, tuple[int, Register]]" = WeakKeyDictionary()
_GRAVE = frozenset({Verdict.ALTERED, Verdict.NOT_CHECKED})
UNKNOWN_CLOCK = "timeStamp.untrusted"
NO_RECORD = "No record was found. That says nothing about how the picture was made."


def credentials(chain: Chain) -> Iterator[Finding]:
    """What the file's own credentials come to."""
    step = chain.file
    signer = plain(step.signer.name, 100) if step and step.signer else "nobody"
    signers = [each.signer for each in chain.steps if each.signer is not None]
    strangers = {plain(each.name, 100) for each in signers if not each.known}
    words = {
        Verdict.INTACT_KNOWN: f"The credentials are intact, and a signer that we know made them: {signer}.",
        Verdict.INTACT_UNKNOWN: "The credentials are intact, but not every signer is known to us: "
        f"{', '.join(sorted(strangers)[:5]).rstrip('.')}. Anybody can make a certificate with any name.",
        Verdict.ALTERED: "The picture, or something in its history, was changed after it was signed.",
        Verdict.NO_CREDENTIALS: "The file carries no Content Credentials. That says nothing of its making.",
        Verdict.NOT_CHECKED: "The credentials could not be checked.",
    }[chain.verdict]
    missing = chain.verdict in {Verdict.NO_CREDENTIALS, Verdict.NOT_CHECKED}
    yield Finding(Evidence.NOT_AVAILABLE if missing else Evidence.OBSERVED, "credentials", words)
    if chain.kept:
        where = f"The credentials do not lie in the file: they were read {plain(chain.kept, 100)}."
        yield Finding(Evidence.OBSERVED, "credentials", where)
    # An unsigned ancestor is told whatever the verdict; who is not known, and no credentials, stand above already.
    above = () if chain.verdict in _GRAVE else (UNKNOWN_SIGNER.code, NO_CREDENTIALS.code, "timeStamp.")
    for reason in chain.reasons:
        if not reason.code.startswith(above):
            yield Finding(
                Evidence.OBSERVED, "credentials", f"{plain(reason.words)} ({plain(reason.code, 80)})"
            )
    if step is not None and step.signer is not None:
        yield from _signed(step)


def matched(record: PictureRecord, how: str, ledger: "Ledger") -> Iterator[Finding]:
    """What the ledger holds, once a record is found."""
    last = "" if record.released is None else f" and {record.released}"
    entries = f"entr{'ies' if last else 'y'} {record.requested}{last}"
    at = (record.released_at or record.requested_at)[:19].replace("T", " ")
    found = f"Found in the ledger ({how}): {record.picture}, {entries}, {at} UTC."
    yield Finding(Evidence.RECORDED, "ledger", found)
    if record.state is not State.RELEASED:
        words = f"There it is {record.state.value}: no finished picture was written down."
        yield Finding(Evidence.RECORDED, "ledger", words)
    yield Finding(Evidence.RECORDED, "ledger", _credits(record, ledger))
    if record.statement.model is not None:
        model = record.statement.model
        words = f"Model: {plain(model.name, 100)}, licence {plain(model.license, 80)}, {model.digest}."
        yield Finding(Evidence.RECORDED, "ledger", words)
    for adapter in record.statement.adapters:
        own = adapter.model
        by = f" by {plain(own.attribution, 100)}" if own.attribution else ""
        words = f"LoRA: {plain(own.name, 100)}{by}, licence {plain(own.license, 80)}, {own.digest}."
        yield Finding(Evidence.RECORDED, "ledger", words)
    for change in changes_since(_register(ledger), record):
        yield Finding(Evidence.RECORDED, "ledger", str(change))
    later = len(ledger.children(record.picture))
    if later:
        words = f"{later} later picture{'s' * (later > 1)} in the ledger came from it."
        yield Finding(Evidence.RECORDED, "ledger", words)


def unmatched(
    chain: Chain, contents: Contents, ledger: "Ledger | None", others: Collection[str] = ()
) -> Iterator[Finding]:
    """What can be said without a record. `others` are ledgers of other studios, which are asked beside ours."""
    if ledger is None:
        yield Finding(Evidence.NOT_AVAILABLE, "ledger", "No ledger was asked: there is none here.")
    else:
        yield Finding(Evidence.NOT_AVAILABLE, "ledger", NO_RECORD)
        made = ledger.pictures_made_from(contents.digest)
        if made:
            more = f" and {len(made) - 1} more" if len(made) > 1 else ""
            words = (
                f"This very file went into {made[0].picture}{more}; how it was made itself is not recorded."
            )
            yield Finding(Evidence.RECORDED, "ledger", words)
        known = [step for step in chain.steps[:-1] if record_of_step(step, ledger) is not None]
        if known:
            labels = f"{len(known)} of {len(chain.steps) - 1}"
            words = f"Of the earlier steps, {labels} were recorded in this ledger."
            yield Finding(Evidence.RECORDED, "ledger", words)
    said = chain.file.record if chain.file is not None else None
    if said is None:
        return
    if said.get("ledger") in others:
        return
    if ledger is None or said.get("ledger") != ledger.id:
        name, entry = plain(str(said.get("ledger")), 60), plain(str(said.get("entry")), 20)
        words = f"Its credentials name entry {entry} of the ledger {name}: ask its keeper."
        yield Finding(Evidence.OBSERVED, "ledger", words)
    else:
        picture = plain(str(said.get("picture")), 60)
        words = f"Its credentials name {picture} of this ledger, where there is no such picture."
        yield Finding(Evidence.DERIVED, "agreement", words, fault=True)


def compared(
    record: PictureRecord,
    chain: Chain,
    digest: Digest,
    pixels: Digest | None,
    ledger: "Ledger",
    *,
    exact: bool,
) -> Iterator[Finding]:
    """File against record. `exact`: it should be the very file that left; else only its pixels were found."""
    output, step = record.output, chain.file
    if output is None:
        return
    same = digest == output.digest
    if same:
        yield Finding(
            Evidence.DERIVED, "agreement", "Its SHA-256 is the one that was written down when it left."
        )
    elif not exact:
        yield Finding(Evidence.DERIVED, "agreement", _only_pixels(record, chain, digest))
        return
    else:
        seen = ", though its pixels are the same" if pixels == output.pixels else ", and so do its pixels"
        unread = pixels is None or output.pixels is None
        words = (
            f"The file is not the one that left: its SHA-256 differs from the record{'' if unread else seen}."
        )
        yield Finding(Evidence.DERIVED, "agreement", words, fault=True)
    if step is None or chain.verdict is Verdict.ALTERED:
        return
    signed_by = step.signer.fingerprint if step.signer is not None else ""
    if signed_by and record.signer is not None and signed_by != str(record.signer):
        words = f"The record was signed by another certificate ({record.signer}) than the file."
        yield Finding(Evidence.DERIVED, "agreement", words, fault=True)
    yield from _names(step, record, ledger)


def _only_pixels(record: PictureRecord, chain: Chain, digest: Digest) -> str:
    originals = (each.resource.digest for each in record.statement.inputs if each.role is InputRole.ORIGINAL)
    if digest in originals:
        return "It is the very file that was taken into the record, before it was signed."
    gone = ", without credentials" if chain.verdict is Verdict.NO_CREDENTIALS else ""
    return f"Only its pixels are those of the record: the file around them is another{gone}."


def _names(step: ChainStep, record: PictureRecord, ledger: "Ledger") -> Iterator[Finding]:
    """Names in the file against names in the ledger. An erased, changed or corrected one is no disagreement."""
    credited = (each for each in step.people if not each.role.startswith(IDENTITY))
    in_file = {(each.role, each.name or NOT_NAMED) for each in credited}
    said = record.statement.credits
    in_ledger = {(each.role.value, each.shown or each.name or NOT_NAMED) for each in said}
    in_ledger -= {(each.role.value, ERASED) for each in said}
    erased = {each.role.value for each in said if each.name == ERASED}
    if erased:
        roles = ", ".join(sorted(erased))
        yield Finding(Evidence.RECORDED, "ledger", f"A name was erased from the ledger on request ({roles}).")
    more = {each for each in in_file - in_ledger if each[0] not in erased}
    less = in_ledger - in_file
    if not in_file:
        return
    if more or less:
        former = _former(record, ledger)
        changed = [now for now in less if more & former.get(now, set())]
        more -= {then for now in changed for then in former[now]}
        less -= set(changed)
        if changed:
            words = f"Since it was signed, the ledger has another name: {_listed(changed)}."
            yield Finding(Evidence.RECORDED, "ledger", words)
    sides = [
        f"only the {side} names {_listed(names)}"
        for side, names in (("file", more), ("ledger", less))
        if names
    ]
    if sides:
        words = f"File and ledger name different people: {'; '.join(sides)}."
        yield Finding(Evidence.DERIVED, "agreement", words, fault=True)
    else:
        yield Finding(Evidence.DERIVED, "agreement", "File and ledger name the same people.")


def _former(record: PictureRecord, ledger: "Ledger") -> dict[tuple[str, str], set[tuple[str, str]]]:
    """For each credit as the ledger names it today: the same credit under every name that it was ever given."""
    history = _register(ledger).history
    return {
        (each.role.value, each.name or NOT_NAMED): {
            (each.role.value, said.text("name") or NOT_NAMED)
            for said in history.get(each.person or "", ())
            if "name" in said.body
        }
        for each in record.statement.credits
    }


def _credits(record: PictureRecord, ledger: "Ledger") -> str:
    """The credits as they were first said; what changed them since is told beside them."""
    said = first_said(_register(ledger), record)
    if not said:
        return "Nobody is credited."
    told = [
        plain(f"{role}: {name}", 120)
        + (f" (in its file: {plain(credit.shown, 100)})" if credit.shown else "")
        for (role, name), credit in zip(said, record.statement.credits, strict=True)
    ]
    return f"Credits: {', '.join(told)}."


def _register(ledger: "Ledger") -> "Register":
    """What is known of people, read again only when the ledger has grown: an audit asks for every picture."""
    from provenance.people.keeper import register_of

    size = len(ledger)
    if (held := _REGISTERS.get(ledger)) is None or held[0] != size:
        held = _REGISTERS[ledger] = (size, register_of(ledger))
    return held[1]


def _listed(people: Iterable[tuple[str, str]]) -> str:
    return ", ".join(f"{plain(role, 40)}: {plain(name, 100)}" for role, name in sorted(people)[:10])


def _signed(step: ChainStep) -> Iterator[Finding]:
    yield _time(step)
    if step.signer is not None and step.signer.vouched:
        words = "Whoever issued its certificate was asked, and says that it was not withdrawn (OCSP)."
        yield Finding(Evidence.OBSERVED, "credentials", words)
    elif (
        step.signer is not None
        and step.signer.asked
        and not any("revoked" in each.code for each in step.reasons)
    ):
        words = "Nobody answered whether its certificate was withdrawn (OCSP), or there is nobody to ask."
        yield Finding(Evidence.NOT_AVAILABLE, "credentials", words)
    if step.wishes:
        said = list(step.wishes.items())[:8]
        wishes = ", ".join(f"{plain(what, 60)}: {plain(word, 30)}" for what, word in said)
        yield Finding(Evidence.OBSERVED, "wishes", f"Wishes about use by AI: {wishes}.")


def _time(step: ChainStep) -> Finding:
    """What is known of when it was signed: a stamp that nobody here vouches for proves nothing."""
    stamped = step.signer.time if step.signer is not None else None
    doubts = [each for each in step.reasons if each.code.startswith("timeStamp.")]
    if stamped is None and not doubts:
        words = "No time stamp: when it was signed is the signer's own word."
        return Finding(Evidence.NOT_AVAILABLE, "time", words)
    at = f" at {plain(stamped, 40)}" if stamped is not None else ""
    if not doubts:
        words = f"A time-stamp authority that we know saw the signature{at}."
        return Finding(Evidence.OBSERVED, "time", words)
    if all(each.code == UNKNOWN_CLOCK for each in doubts):
        words = f"Somebody who is not known here stamped the signature{at}: that time is not proved."
    else:
        why = plain(doubts[0].words)
        words = f"The time stamp on the signature does not count: {why} ({plain(doubts[0].code, 80)})."
    return Finding(Evidence.OBSERVED, "time", words)
