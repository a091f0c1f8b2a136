"""The lines on the file's own credentials: whether they hold, who signed them and when, and what they wish."""

from collections.abc import Collection, Iterator

from provenance.credentials.read.chain import Chain, Verdict
from provenance.credentials.read.verdicts import NO_CREDENTIALS, UNKNOWN_SIGNER
from provenance.inspection.basis import Evidence
from provenance.inspection.evidence.finding import Finding
from provenance.inspection.evidence.observed import Observed, Sources
from provenance.inspection.evidence.signatures import signatures
from provenance.people.consent import strictest
from provenance.statement.names import as_one
from provenance.statement.untrusted import plain
from provenance.statement.vocabulary import Use
from provenance.statement.words import wished

_GRAVE = frozenset({Verdict.ALTERED, Verdict.NOT_CHECKED})


def credentials(observed: Observed, _: Sources) -> Iterator[Finding]:
    """What the file's own credentials come to, and whether they say two things that do not go together."""
    chain = observed.chain
    step = chain.file
    signer = as_one(plain(step.signer.name, 100)) if step and step.signer else "nobody"
    strangers = {as_one(plain(each, 100)) for each in chain.strangers}
    words = {
        Verdict.INTACT_KNOWN: f"The credentials are intact, and a signer that we know made them: {signer}.",
        Verdict.INTACT_UNKNOWN: _not_known(strangers),
        Verdict.ALTERED: "The file, or something in its history, was changed after it was signed.",
        Verdict.NO_CREDENTIALS: "The file carries no Content Credentials. That says nothing of its making.",
        Verdict.NOT_CHECKED: "The credentials could not be checked.",
    }[chain.verdict]
    missing = chain.verdict in {Verdict.NO_CREDENTIALS, Verdict.NOT_CHECKED}
    yield Finding(Evidence.NOT_AVAILABLE if missing else Evidence.OBSERVED, "credentials", words)
    if chain.kept:
        where = f"The credentials do not lie in the file: they were read {plain(chain.kept, 100)}."
        yield Finding(Evidence.OBSERVED, "credentials", where)
    # An unsigned ancestor is told whatever the verdict; who is not known, and no credentials, stand above already.
    # An identity is told with the name that is claimed.
    above = ["cawg."]
    if chain.verdict not in _GRAVE:
        above += [UNKNOWN_SIGNER.code, NO_CREDENTIALS.code, "timeStamp."]
    for reason in chain.reasons:
        if not reason.code.startswith(tuple(above)):
            yield Finding(
                Evidence.OBSERVED, "credentials", f"{plain(reason.words)} ({plain(reason.code, 80)})"
            )
    yield from signatures(chain)
    if step is not None and step.wishes:
        yield Finding(Evidence.OBSERVED, "wishes", f"Wishes about use by AI: {wished(step.wishes)}.")
    less = _less_allowed_before(chain)
    if less:
        words = f"An earlier step of it allows less, and the stricter wish counts: {wished(less)}."
        yield Finding(Evidence.OBSERVED, "wishes", words)


def _less_allowed_before(chain: Chain) -> dict[str, str]:
    """The wishes of earlier steps that are stricter than the newest credentials, or that those leave out."""
    if chain.file is None:
        return {}
    newest = strictest([chain.file.wishes])
    earlier = strictest(each.wishes for each in chain.steps[:-1]).items()
    return {what: use for what, use in earlier if use.stricter_than(newest.get(what, Use.ALLOWED))}


def _not_known(strangers: Collection[str]) -> str:
    """Intact, but for who signed: somebody whom nobody here knows, or with a certificate that does not count."""
    if not strangers:
        return "The credentials are intact, but the certificate of a signer whom we know does not count."
    names = ", ".join(sorted(strangers)[:5]).rstrip(".")
    return (
        f"The credentials are intact, but not every signer is known to us: {names}. "
        "Anybody can make a certificate with any name."
    )
