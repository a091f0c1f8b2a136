"""A draft for a copyright office: what people made, what is excluded, and the evidence. A draft, and no legal advice.

The US Copyright Office (Part 2, 2025) protects what a person drew, changed, selected and arranged, and wants more
than trivial AI material disclosed; prompts alone are not authorship. The draft says only what is on record.
"""

from provenance.credits import NOT_NAMED, Role
from provenance.ledger import Ledger
from provenance.ledger.record import PictureRecord
from provenance.people.register import Register
from provenance.people.roll import ROLES, CutLine, Roll
from provenance.people.way import recorded_again
from provenance.vocabulary import Maker, Step

_MADE = {
    Step.RECORD: "drawn by hand",
    Step.RETOUCH: "revised by hand over the picture before it",
}


def draft_statement(ledger: Ledger, register: Register, roll: Roll) -> str:
    """The draft as plain text, one section for what is claimed, what is excluded, and what proves either."""
    made, excluded, evidence = [], [], []
    for cut in roll.cuts:
        for step in cut.steps:
            what = f"{cut.shot.cut}, picture {step.picture}"
            names = _names(register, step)
            if recorded_again(step) is not None:
                evidence.append(_evidence(f"{what}, signed again", step))
                continue
            by_hand = step.statement.source_type.maker in (Maker.HUMAN, Maker.CAMERA)
            if step.statement.step in _MADE and by_hand:
                made.append(f"- {what}: {_MADE[step.statement.step]} by {names}")
            elif step.statement.model is not None:
                strength = step.statement.parameters.get("strength")
                over = f", over the input at strength {strength}" if strength is not None else ""
                excluded.append(
                    f"- {what}: generated with {step.statement.model.name}{over}; words and settings by {names}"
                )
            else:
                excluded.append(f"- {what}: recorded as made with AI or software, by {names}")
            evidence.append(_evidence(what, step))
        if cut.shot.choice is not None:
            by = register.person(cut.shot.choice.by).shown() or NOT_NAMED
            count = len(cut.shot.choice.among)
            made.append(
                f"- {cut.shot.cut}: selected among {count} candidates by {by} (entry {cut.shot.choice.seq})"
            )
    return "\n".join(
        [
            f"DRAFT for the registration of {roll.production}",
            "Put together from the record; to be checked by a person who knows the work and the law. No legal advice.",
            "",
            "AUTHOR CREATED",
            *(made or ["- nothing made by hand is on record"]),
            "",
            "MATERIAL EXCLUDED",
            *(excluded or ["- no generated material is on record"]),
            "Words given to a model (prompts) are not claimed as authorship of the picture.",
            "",
            "NOT STATED",
            *([f"- {gap}" for gap in roll.gaps] or ["- no gap was found in the record"]),
            "",
            "EVIDENCE",
            f"Ledger {ledger.id}; each entry can be proved with `genzu prove`, each file with its SHA-256.",
            *evidence,
            "",
        ]
    )


def authors(cut: CutLine) -> set[str]:
    """The ids of those who drew or revised, without prompt writers."""
    return {person.person for role, person in cut.credited if role is not Role.PROMPT}


def _names(register: Register, step: PictureRecord) -> str:
    names = [
        f"{each.person.shown() or NOT_NAMED} ({ROLES[each.role]['en'].lower()})"
        for each in register.credits(step)
    ]
    return ", ".join(names) or "nobody stated"


def _evidence(what: str, step: PictureRecord) -> str:
    file = f"file {step.output.digest}" if step.output else "no file"
    return f"- {what}: entries {step.requested} and {step.released}, {step.requested_at}, {file}"
