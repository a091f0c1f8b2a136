"""The lines on signatures: by which list a signer is known, when it was signed, and who vouches for a name."""

from collections.abc import Iterator

from provenance.credentials.read.chain import Chain, ChainStep
from provenance.credentials.read.verdicts import UNKNOWN_CLOCK
from provenance.inspection.basis import Evidence
from provenance.inspection.evidence.finding import Finding
from provenance.statement.moment import moment
from provenance.statement.names import as_one
from provenance.statement.untrusted import plain

IDENTITY = "identity"  # what a line on somebody's own proof is about: it says nothing of the picture


def signatures(chain: Chain) -> Iterator[Finding]:
    """What is known of those who signed, and of those who vouch for themselves."""
    yield from _lists(chain)
    for step in chain.steps:
        yield from _identities(step)
    if chain.file is not None and chain.file.signer is not None:
        yield _time(chain.file)
        yield from _withdrawn(chain.file)


def _lists(chain: Chain) -> Iterator[Finding]:
    """Each signer whom we know, with the list that knows them."""
    signers = [each.signer for each in chain.steps if each.signer is not None and each.signer.known]
    known = dict.fromkeys(
        f"{as_one(plain(each.name, 100))}, by {plain(each.known_by, 160)}" for each in signers
    )
    if known:
        yield Finding(Evidence.OBSERVED, "credentials", f"Signers known here: {'; '.join(known)}.")


def _identities(step: ChainStep) -> Iterator[Finding]:
    """Who vouches for themselves in a step; a proof that fails is a failed check, and says nothing of the picture."""
    where = plain(step.title, 60)
    for each in step.identities:
        name, kind = (
            as_one(plain(each.name, 100)) or "a name that cannot be read",
            as_one(plain(each.kind, 100)),
        )
        if each.holds:
            by = plain(each.known_by, 160)
            words = f"{name} vouches for “{where}” with a certificate of their own, known here by {by}."
            yield Finding(Evidence.OBSERVED, IDENTITY, words)
            continue
        why = (
            f"{plain(each.why.words)} ({plain(each.why.code, 80)})"
            if each.why is not None
            else "it was not checked"
        )
        if each.holds is None:
            words = f"An identity is claimed in “{where}” and was not proved here: {name}, by {kind}: {why}."
            yield Finding(Evidence.NOT_AVAILABLE, IDENTITY, words)
        else:
            words = (
                f"An identity is claimed in “{where}” and the check of it failed: {name}, by {kind}: {why}."
            )
            yield Finding(Evidence.OBSERVED, IDENTITY, words, fault=True)


def _withdrawn(step: ChainStep) -> Iterator[Finding]:
    """Whether somebody was asked about the signer's certificate, and what they said."""
    if step.signer is not None and step.signer.vouched:
        words = (
            "The file brings an answer of the authority that issued its certificate: it was not withdrawn when that "
            "was given (OCSP). Nobody was asked now."
            if step.signer.brought
            else "The authority that issued its certificate was asked, and says that it was not withdrawn (OCSP)."
        )
        yield Finding(Evidence.OBSERVED, "credentials", words)
    elif (
        step.signer is not None
        and step.signer.asked
        and not any("revoked" in each.code for each in step.reasons)
    ):
        words = "Nobody answered whether its certificate was withdrawn (OCSP), or there is nobody to ask."
        yield Finding(Evidence.NOT_AVAILABLE, "credentials", words)


def _time(step: ChainStep) -> Finding:
    """What is known of when it was signed: a stamp that nobody here vouches for proves nothing."""
    signer = step.signer
    stamp = signer.stamp if signer is not None else None
    doubts = [each for each in step.reasons if each.code.startswith("timeStamp.")]
    if stamp is None and not doubts:
        words = "No time stamp: when it was signed is the signer's own word."
        return Finding(Evidence.NOT_AVAILABLE, "time", words)
    at = f" at {plain(moment(stamp.at), 40)}" if stamp is not None and stamp.at else ""
    if stamp is not None and stamp.counts:
        by = f"{as_one(plain(stamp.authority, 100))}, by {plain(stamp.known_by, 160)}"
        return Finding(
            Evidence.OBSERVED, "time", f"A time-stamp authority that we know saw the signature{at}: {by}."
        )
    doubt = stamp.doubt if stamp is not None else doubts[0]
    if doubt is None or doubt.code == UNKNOWN_CLOCK:
        words = f"Somebody who is not known here stamped the signature{at}: that time is not proved."
    else:
        why = plain(doubt.words)
        words = f"The time stamp on the signature does not count: {why} ({plain(doubt.code, 80)})."
    return Finding(Evidence.OBSERVED, "time", words)
