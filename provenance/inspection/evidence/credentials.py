"""The lines on the file's own credentials: whether they hold, who signed them and when, and what they wish."""

from collections.abc import Iterator

from provenance.credentials.read.chain import ChainStep, Verdict
from provenance.credentials.read.verdicts import NO_CREDENTIALS, UNKNOWN_SIGNER
from provenance.inspection.evidence.finding import Finding
from provenance.inspection.evidence.observed import Observed, Sources
from provenance.inspection.lineage import Evidence
from provenance.statement.untrusted import plain

_GRAVE = frozenset({Verdict.ALTERED, Verdict.NOT_CHECKED})
UNKNOWN_CLOCK = "timeStamp.untrusted"


def credentials(observed: Observed, _: Sources) -> Iterator[Finding]:
    """What the file's own credentials come to, and whether they say two things that do not go together."""
    chain = observed.chain
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
