"""What laws, clients, guilds and standards ask of a delivery, held against its rows: met, not met, not applicable, or
not checked. Engineering, and no legal advice.

    rule        asks                                                          shown by
    eu-mark     a signed, machine-readable mark on each AI picture            C2PA digitalSourceType
    eu-label    a visible disclosure where the public sees it                 not checked: people see it
    sb-942      provider, system, version, time and an identifier             C2PA signer, softwareAgent, when, manifest
    iptc        source type, AI system, prompt writer                         IPTC 2025.1, or the same in credentials
    client      a written approval of each final AI picture                   the ledger's project
    guild       a written notice of the use                                   the ledger's project
    academy     a person is named for each AI picture                         credits

A rule speaks of the files to which it applies, and says how many of them show what it asks for. Where these rules
come from: docs/how-to/audit-a-delivery.md.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from provenance.audit.row import Row
from provenance.inspection.answers import AI_ANSWERS

SHOWN = 20  # files that are named under a rule


class RuleStanding(StrEnum):
    """How a rule stands for a delivery."""

    MET = "met"
    NOT_MET = "not met"
    NOT_APPLICABLE = "not applicable"
    NOT_CHECKED = "not checked"


@dataclass(frozen=True, slots=True)
class Obligation:
    """What the ledger says of a production: whether an approval and a notice are on record."""

    approval: bool = False
    notice: bool = False


# What is on record for a production by its name, in any spelling; None where nothing is.
Obligations = Callable[[str], Obligation | None]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `holds` is None where a file leaves it open; `asked`: to which files it applies."""

    name: str
    asked: Callable[[Row], bool]
    holds: Callable[[Row, Obligations], bool | None]


@dataclass(slots=True)
class RuleCheck:
    """A rule over the files that were looked at: of `applies`, how many show it, and the first that do not."""

    rule: Rule
    applies: int = 0
    shown: int = 0
    open: int = 0
    failing: list[str] = field(default_factory=list)

    def take(self, row: Row, obligations: Obligations) -> None:
        """Counts one more file."""
        if not self.rule.asked(row):
            return
        self.applies += 1
        holds = self.rule.holds(row, obligations)
        if holds is None:
            self.open += 1
        elif holds:
            self.shown += 1
        elif len(self.failing) < SHOWN:
            self.failing.append(row.path)

    @property
    def lacking(self) -> int:
        """How many of the files to which it applies do not show what it asks for."""
        return self.applies - self.shown - self.open

    @property
    def standing(self) -> RuleStanding:
        if not self.applies:
            return RuleStanding.NOT_APPLICABLE
        if self.lacking:
            return RuleStanding.NOT_MET
        return RuleStanding.NOT_CHECKED if self.open else RuleStanding.MET


def _ai(row: Row) -> bool:
    return row.classification in AI_ANSWERS


def _ai_in_film(row: Row) -> bool:
    """An AI picture that is meant to stay, or of which nothing says that it is not."""
    return _ai(row) and row.place.stage not in {"temp", "layout", "reference"}


def _states(*facts: str) -> Callable[[Row, Obligations], bool]:
    return lambda row, _: set(facts) <= set(row.facts)


def _obliged(row: Row, obligations: Obligations) -> Obligation | None:
    """What is on record for the file's production; None where the ledger names none for it."""
    return obligations(row.production) if row.production else None


def _approved(row: Row, obligations: Obligations) -> bool | None:
    said = _obliged(row, obligations)
    return None if said is None else said.approval


def _noticed(row: Row, obligations: Obligations) -> bool | None:
    said = _obliged(row, obligations)
    return None if said is None else said.notice


RULES = (
    Rule("eu-mark", _ai, _states("marked, signed")),
    Rule("eu-label", _ai, lambda _row, _: None),
    Rule("sb-942", _ai, _states("provider", "system", "version", "time", "identifier")),
    Rule("iptc", _ai, _states("source type", "AI system", "prompt writer")),
    Rule("client", _ai_in_film, _approved),
    Rule("guild", _ai, _noticed),
    Rule("academy", _ai, _states("somebody named")),
)
