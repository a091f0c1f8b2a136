"""A draft for a copyright office: what people made, what is excluded, and the evidence. A draft, and no legal advice.

The US Copyright Office (Part 2, 2025) protects what a person drew, changed, selected and arranged, and wants more
than trivial AI material disclosed; prompts alone are not authorship. The draft says only what is on record.
"""

from provenance.credits import NOT_NAMED
from provenance.ledger import Ledger
from provenance.ledger.record import PictureRecord
from provenance.people.candidate import Choice
from provenance.people.register import Register
from provenance.people.roll import ROLES, Roll
from provenance.people.way import recorded_again
from provenance.vocabulary import Maker, Step

WARNING = (
    "Put together from the record; to be checked by a person who knows the work and the law. No legal advice."
)
NO_AUTHORSHIP = "Words given to a model (prompts) are not claimed as authorship of the picture."
_MADE = {
    Step.RECORD: "drawn by hand",
    Step.RETOUCH: "revised by hand over the picture before it",
}


def draft_statement(ledger: Ledger, register: Register, roll: Roll) -> str:
    """The draft as plain text, one section for what is claimed, what is excluded, and what proves either."""
    made: list[str] = []
    excluded: list[str] = []
    evidence: list[str] = []
    for cut in roll.cuts:
        for step in cut.steps:
            what = f"{cut.shot.cut}, picture {step.picture}"
            _sort(register, step, what, made, excluded)
            evidence.append(_evidence(what, step))
        if cut.shot.choice is not None:
            made.append(_chosen(register, cut.shot.choice))
    sections = (
        ("AUTHOR CREATED", made or ["- nothing made by hand is on record"]),
        ("MATERIAL EXCLUDED", [*(excluded or ["- no generated material is on record"]), NO_AUTHORSHIP]),
        ("NOT STATED", [f"- {gap}" for gap in roll.gaps] or ["- no gap was found in the record"]),
        (
            "EVIDENCE",
            [f"Ledger {ledger.id}; `genzu ledger prove` gives a receipt for each entry.", *evidence],
        ),
    )
    lines = [f"DRAFT for the registration of {roll.production}", WARNING]
    for heading, told in sections:
        lines += ["", heading, *told]
    return "\n".join(lines) + "\n"


def _sort(register: Register, step: PictureRecord, what: str, made: list[str], excluded: list[str]) -> None:
    """A step into what people made, or what a model made; one that was only signed again into neither."""
    said, names = step.statement, _names(register, step)
    if recorded_again(step) is not None:
        return
    if said.step in _MADE and said.source_type.maker in (Maker.HUMAN, Maker.CAMERA):
        made.append(f"- {what}: {_MADE[said.step]} by {names}")
    elif said.model is not None:
        strength = said.parameters.get("strength")
        over = f", over the input at strength {strength}" if strength is not None else ""
        excluded.append(f"- {what}: generated with {said.model.name}{over}; words and settings by {names}")
    else:
        excluded.append(f"- {what}: recorded as made with AI or software, by {names}")


def _chosen(register: Register, choice: Choice) -> str:
    by = register.person(choice.by).shown() or NOT_NAMED
    return f"- {choice.cut}: selected among {len(choice.among)} candidates by {by} (entry {choice.seq})"


def _names(register: Register, step: PictureRecord) -> str:
    names = [
        f"{each.person.shown() or NOT_NAMED} ({ROLES[each.role]['en'].lower()})"
        for each in register.credits(step)
    ]
    return ", ".join(names) or "nobody stated"


def _evidence(what: str, step: PictureRecord) -> str:
    file = f"file {step.output.digest}" if step.output else "no file"
    again = ", signed again" if recorded_again(step) is not None else ""
    return f"- {what}{again}: entries {step.requested} and {step.released}, {step.requested_at}, {file}"
