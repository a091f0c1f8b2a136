"""Chains as the reader would give them, written by hand: the film's way, strangers' files, hostile ones."""

import os
import struct
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from provenance.audit.audit import Batch, Look
from provenance.audit.row import Row
from provenance.credentials.identity.trust import Trust
from provenance.credentials.read.chain import Chain, ChainStep, Named, Reason, Signer, Verdict
from provenance.statement.vocabulary import Maker, Relation, SourceType

KNOWN = Signer("Genzu", "Genzu Root", "sha256:" + "0" * 64, known=True)
STRANGER = Signer("Adobe Inc.", "DigiCert", "sha256:" + "1" * 64, known=False)

PARENT, PART, LOOKED_AT = Relation.PARENT, Relation.COMPONENT, Relation.INPUT
DRAWN = SourceType.DIGITAL_CREATION
PHOTO = SourceType.DIGITAL_CAPTURE
EDITED = SourceType.HUMAN_EDITS
ALL_AI = SourceType.TRAINED_ALGORITHMIC_MEDIA
OVER = SourceType.COMPOSITE_WITH_TRAINED_ALGORITHMIC_MEDIA


def step(name, source_type=None, parents=(), *, signer=KNOWN, verdict=None, people=(), actions=None, **more):
    """One step; its verdict follows from its signer unless it is given."""
    if verdict is None:
        verdict = (
            Verdict.NO_CREDENTIALS
            if signer is None
            else Verdict.INTACT_KNOWN
            if signer.known
            else Verdict.INTACT_UNKNOWN
        )
    return ChainStep(
        id=name,
        title=more.pop("title", "Painted picture"),
        maker=source_type.maker if source_type else Maker.UNKNOWN,
        source_type=source_type.uri if source_type else None,
        actions=actions
        if actions is not None
        else ("c2pa.opened", "c2pa.edited")
        if parents
        else ("c2pa.created",),
        verdict=verdict,
        signer=signer,
        people=tuple(Named(name, role) for role, name in people),
        parents=tuple(parents),
        **more,
    )


def chain(*steps, verdict=None):
    """The chain of these steps, with the gravest of their verdicts."""
    order = (
        Verdict.INTACT_KNOWN,
        Verdict.NO_CREDENTIALS,
        Verdict.INTACT_UNKNOWN,
        Verdict.NOT_CHECKED,
        Verdict.ALTERED,
    )
    worst = max((each.verdict for each in steps), key=order.index, default=Verdict.NO_CREDENTIALS)
    if worst is Verdict.NO_CREDENTIALS and steps and steps[-1].signer is not None:
        worst = Verdict.INTACT_KNOWN
    return Chain(verdict or worst, (), tuple(steps))


def film():
    """Layout, two passes, a hand revision: four people."""
    model = ({"name": "genzu-house"},)
    return chain(
        step("layout", DRAWN, people=[("layout", "Mori Aoi")]),
        step(
            "pass-1",
            OVER,
            [("layout", PARENT)],
            people=[("prompt", "Sato Ren")],
            models=model,
            prompt="pink sky",
        ),
        step("pass-2", OVER, [("pass-1", PARENT)], people=[("prompt", "Sato Ren")], models=model),
        step(
            "final", EDITED, [("pass-2", PARENT)], people=[("retouch", "Tanaka Yui"), ("supervision", None)]
        ),
    )


def long_chain(count=50):
    """Many steps with side branches."""
    kinds = (DRAWN, OVER, OVER, EDITED)
    steps = []
    for number in range(count):
        parents = [(f"s{number - 1}", PARENT)] if number else []
        if number > 5 and number % 9 == 0:
            parents.append((f"s{number - 5}", LOOKED_AT))
        steps.append(
            step(f"s{number}", kinds[number % 4], parents, people=[("background", f"Artist {number}")])
        )
    return chain(*steps)


HOSTILE = (
    "\u202eiroM ioA\x1b[31m</text><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "&amp;]]>\x00<!--",
    "Z" + "\u0301\u0323" * 60,
    "x" * 100_000,
    "=cmd|' /C calc'!A0",
    "\ud800",
    "אברהם לינקולן",
)


def hostile():
    """A stranger's file with traps in every text."""
    evil = HOSTILE[0]
    signer = Signer(evil, evil, evil, known=False)
    return chain(
        step(
            HOSTILE[1],
            DRAWN,
            signer=signer,
            people=[(HOSTILE[1], name) for name in HOSTILE],
            title=evil,
            software=evil,
            prompt=evil,
            when=evil,
            models=({"name": evil}, {"name": 7}, {}),
            reasons=(Reason(evil, evil),),
            record={"ledger": evil, "picture": [1], "entry": {}},
            wishes={evil: evil},
        )
    )


@contextmanager
def deadly_look() -> Iterator[Callable[[Batch], list[Row]]]:
    """A look at pictures that a picture named `killer` ends, process and all; `breaker` in the middle of an answer."""

    def look(batch: Batch) -> list[Row]:
        names = " ".join(name for name, _ in batch)
        if "killer" in names:
            os._exit(9)
        if "breaker" in names:
            _half_an_answer()
        return Look(Trust(), None)(batch)

    yield look


def _half_an_answer() -> None:
    """Sends the beginning of a long answer, as a process that is killed while it writes, and is gone."""
    frame = sys._getframe()
    while "result_queue" not in frame.f_locals:
        assert frame.f_back is not None
        frame = frame.f_back
    pipe = frame.f_locals["result_queue"]
    pipe._wlock.acquire()
    os.write(pipe._writer.fileno(), struct.pack("!i", 1000) + b"only the beginning")
    os._exit(9)
