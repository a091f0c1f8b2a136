"""What speaks against signing a picture: against a hand or a camera, or in what went in. Told before, and kept after.

    the file carries parameters as AUTOMATIC1111 writes it, model v1-5 (unsigned: anybody can write or remove it)
    the XMP file beside it carries XMP DigitalSourceType trainedAlgorithmicMedia as IPTC writes it (unsigned: …)
    its own credentials say that AI had a part in it (AI picture)
    this ledger has the same picture as pic-…, with AI in its history
    the parent picture, or something in its history, was changed after it was signed: … (assertion.dataHash.mismatch)

It is what `inspect` would hold against the signed file afterwards. None of it decides: who signs, decides. But the
words go into the released entry and into the signed file, under `held_against`.
"""

from collections.abc import Iterable, Iterator

from provenance.credentials.read.chain import Chain, Verdict
from provenance.credentials.read.verdicts import UNKNOWN_SIGNER
from provenance.credentials.sign.ingredients import Source
from provenance.errors import PictureError
from provenance.ledger.ancestry import ancestry
from provenance.ledger.any_ledger import AnyLedger
from provenance.media.generators.generator_text import beside_traces, traces
from provenance.media.generators.generator_trace import Trace
from provenance.media.picture import open_picture, pixel_digest, pixels
from provenance.release.archive import Archive
from provenance.release.inputs import chain_of_input
from provenance.release.made import Made
from provenance.statement.canonical import Digest
from provenance.statement.statement import InputRole
from provenance.statement.untrusted import plain
from provenance.statement.vocabulary import BY_AI, BY_HAND, SourceType, Step

_CREDENTIALS = ("genzu.credentials.", "genzu.manifest.", "genzu.ingredient.unread")


def doubts(archive: Archive, made: Made, source_type: SourceType, step: Step = Step.RECORD) -> list[str]:
    """What speaks against a picture being signed as `source_type`; nothing where that names no hand or camera."""
    if source_type.maker not in BY_HAND:
        return []
    chain = archive.read_chain(made.data, made.media_type, beside=made.beside)
    unsigned = (*traces(made.data), *(beside_traces(made.xmp) if made.xmp is not None else ()))
    return [
        *(_carried(each) for each in unsigned if each.maker in BY_AI),
        *_by_credentials(chain, step),
        *_by_ledger(archive.ledger, _pixels(archive, made.data)),
    ]


def _carried(trace: Trace) -> str:
    return f"the XMP file beside it carries {trace}" if trace.beside else f"the file carries {trace}"


def doubts_on_inputs(archive: Archive, sources: Iterable[Source]) -> list[str]:
    """What is wrong with the credentials of the pictures that go in: what is made of them inherits it."""
    found: dict[str, None] = {}
    for source in sources:
        chain = chain_of_input(archive, source.input, source)
        if chain is not None:
            found.update(dict.fromkeys(_by_chain(chain, source.input.role)))
    return list(found)


def _by_chain(chain: Chain, role: InputRole) -> Iterator[str]:
    why = next((each for each in chain.reasons if each.code != UNKNOWN_SIGNER.code), None)
    words = f": {plain(why.words)} ({plain(why.code, 80)})" if why is not None else ""
    if chain.verdict is Verdict.ALTERED:
        yield f"the {role.value} picture, or something in its history, was changed after it was signed{words}"
    elif chain.verdict is Verdict.NOT_CHECKED and why is not None and why.code.startswith(_CREDENTIALS):
        yield f"the credentials of the {role.value} picture could not be checked{words}"


def _by_credentials(chain: Chain, step: Step) -> Iterator[str]:
    # A revision's file may hold the history of its parent, AI and all: only its own last step counts.
    steps = chain.steps if step is Step.RECORD else chain.steps[-1:]
    named = [each for each in steps if each.maker in BY_AI]
    if named:
        titles = ", ".join(f"“{plain(each.title, 60)}”" for each in named[:3])
        yield f"its own credentials say that AI had a part in it: {titles}"


def _by_ledger(ledger: AnyLedger, shown: Digest | None) -> Iterator[str]:
    for record in ledger.pictures_with_pixels(shown) if shown is not None else ():
        if any(each.statement.source_type.maker in BY_AI for each in ancestry(ledger, record)):
            yield f"this ledger has the same picture as {record.picture}, with AI in its history"
            return


def _pixels(archive: Archive, data: bytes) -> Digest | None:
    try:
        picture = open_picture(data, archive.settings.limits)
        return pixel_digest(pixels(picture))
    except PictureError:
        return None
