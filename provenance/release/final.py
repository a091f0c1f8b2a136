""" "AI (+Human)" found before a picture leaves: whose hand is not named, and which model says nothing of itself.

For a picture that stays in the film (`stage: final`) each finding refuses the release; for a temporary one they are
told. Somebody who asked not to be named counts as named: the choice was theirs.
"""

from collections.abc import Iterable, Sequence

from provenance.credentials.sign.ingredients import Source
from provenance.errors import Remedy, StatementError, Way
from provenance.ledger.ancestry import ancestors, record_of, recorded_again, shown_inputs
from provenance.people.project import OBLIGATIONS, Production
from provenance.people.register import register_of
from provenance.release.archive import Archive
from provenance.release.inputs import EarlierStep, chain_of_input, step_of_record, steps_of_chain
from provenance.release.made import FinalFinding
from provenance.statement.credit import DRAWING, Role
from provenance.statement.statement import ModelUse, Statement
from provenance.statement.vocabulary import Stage, Step

_SAYS_NOTHING = frozenset({"", "unknown", "none", "n/a", "na", "-", "?", "unspecified", "not stated", "不明"})


def release_findings(
    statement: Statement, steps: Sequence[EarlierStep], production: Production | None = None
) -> list[FinalFinding]:
    """What keeps this step from being a final picture; nothing where no AI had a part in it."""
    if statement.step is not Step.PAINT and not any(each.ai for each in steps):
        return []
    return [
        *_unnamed(statement, steps),
        *_silent_models(statement, steps),
        *_unapproved(statement, production),
    ]


def check_release(
    archive: Archive, statement: Statement, sources: Sequence[Source] = ()
) -> list[FinalFinding]:
    """The findings. StatementError with all of them for a final picture: it does not leave."""
    production = register_of(archive.ledger).production(statement.project.production)
    found = release_findings(statement, steps_behind(archive, statement, sources), production)
    if found and statement.project.stage is Stage.FINAL:
        told = "; ".join(each.words for each in found)
        remedies = [each.remedy for each in found if each.remedy is not None]
        raise StatementError(
            f"this picture cannot be released as final: {told}",
            remedies=(*dict.fromkeys(remedies), Remedy(Way.KEEP_TEMPORARY)),
        )
    return found


def steps_behind(archive: Archive, statement: Statement, sources: Sequence[Source]) -> list[EarlierStep]:
    """All steps behind a statement's inputs: from the ledger where it knows them, else from their own credentials."""
    inputs = shown_inputs(statement.inputs)
    near = {found.picture for each in inputs if (found := record_of(archive.ledger, each))}
    steps = [
        step_of_record(each, direct=each.picture in near)
        for each in ancestors(archive.ledger, inputs)
        if recorded_again(each) is None
    ]
    at_hand = {source.input.resource.digest: source for source in sources}
    for each in inputs:
        if record_of(archive.ledger, each) is None:
            chain = chain_of_input(archive, each, at_hand.get(each.resource.digest))
            if chain is not None:
                steps += steps_of_chain(chain, each.role)
    return steps


def _unnamed(statement: Statement, steps: Iterable[EarlierStep]) -> Iterable[FinalFinding]:
    roles = {credit.role for credit in statement.credits}
    for step in steps:
        if step.people or step.ai:
            continue
        if step.direct and roles & DRAWING:
            continue  # this very statement says who drew what it was painted over
        yield FinalFinding(
            "unnamed-hand",
            f"nobody is named for {step.what}",
            Remedy(Way.NAME_A_HAND, Role.LAYOUT.value),
        )
    if statement.prompt is not None and statement.prompt.text.strip() and Role.PROMPT not in roles:
        remedy = Remedy(Way.NAME_SOMEBODY, Role.PROMPT.value)
        yield FinalFinding("unnamed-prompt", "nobody is named for the prompt", remedy)
    for step in steps:
        if step.ai and not step.people:
            yield FinalFinding("unnamed-operator", f"nobody is named for {step.what}, which was made with AI")


def _silent_models(statement: Statement, steps: Iterable[EarlierStep]) -> Iterable[FinalFinding]:
    models: dict[str, ModelUse | None] = {}
    for used in statement.models:
        models[used.name] = used
    for step in steps:
        if step.ai:
            named = step.model.name if step.model else step.model_name
            models.setdefault(named or f"of {step.what}, which is not named,", step.model)
    for name, model in models.items():
        missing = [
            what
            for what, text in (
                ("licence", model.license if model else ""),
                ("training statement", model.training if model else ""),
            )
            if text.strip().casefold() in _SAYS_NOTHING
        ]
        if missing:
            yield FinalFinding(
                "silent-model", f"the model {name[:160]} has no {' and no '.join(missing)} on record"
            )


def _unapproved(statement: Statement, production: Production | None) -> Iterable[FinalFinding]:
    if production is None or statement.project.stage is not Stage.FINAL:
        return
    asks = OBLIGATIONS[production.preset]
    if asks.notice and not production.notice:
        yield FinalFinding(
            "no-notice",
            f"{production.production} asks that the crew was given notice of generated material",
            Remedy(Way.STATE_NOTICE),
        )
    for name in asks.place:
        if not getattr(statement.project, name):
            yield FinalFinding(
                f"no-{name}",
                f"{production.production} asks which {name} a final picture is for",
                Remedy(Way.STATE_PLACE, name),
            )
    if asks.approval and not production.approval:
        yield FinalFinding(
            "no-approval",
            f"{production.production} asks for a written approval of generated material that stays in the film",
            Remedy(Way.STATE_APPROVAL),
        )
