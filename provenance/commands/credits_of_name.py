"""Who is credited by a name, here and in the imported ledgers: what `genzu credits NAME` shows."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from rich.console import Console
from rich.text import Text

from provenance.commands.credits_of_record import copy_json, show_copy, show_unread, tell_of_disputes
from provenance.commands.showing import padded
from provenance.inspection.classification import classify
from provenance.inspection.evidence.other_ledgers import ask_each, proved
from provenance.inspection.lineage import disputes_behind, history_of_record, lineage
from provenance.inspection.translated import in_language, name_in
from provenance.ledger.any_ledger import AnyLedger, Others
from provenance.ledger.records_json import record_json
from provenance.ledger.store.records import PictureRecord
from provenance.people.claims import claims_json
from provenance.people.credited import Later, PersonCredit, called, later_from
from provenance.people.person import Person, person_json
from provenance.people.register import Register, register_of
from provenance.show.terminal import console, print_json, styled
from provenance.statement.counted import counted
from provenance.statement.credit import NOT_NAMED
from provenance.statement.json_value import Json
from provenance.statement.moment import moment
from provenance.statement.untrusted import plain
from provenance.statement.words import MARKS


def of_name_asked(ledger: AnyLedger, others: Others, name: str, *, as_json: bool, language: str) -> None:
    """Shows who is called so, their pictures, and the files that have the name in place of another."""
    told = _called(ledger, others, name)
    if as_json:
        print_json(_called_json(ledger, told, language))
        return
    screen, say, marks = console(), partial(in_language, language=language), MARKS[language]
    _show_ours(screen, ledger, name, told.ours, language)
    for words in told.register.doubts:
        doubt = say(f"This answer may not be whole: {words}.")
        screen.print(styled(doubt, "yellow", limit=1_000), soft_wrap=True)
    if told.near:
        near = [marks.within(_shown(each, language), each.person) for each in told.near]
        names = (", or " if language == "en" else marks.comma).join(near)
        screen.print(styled(say("Did you mean {}?").format(names), limit=2_000))
    for their, found in told.elsewhere:
        screen.print()
        show_copy(screen, their, language)
        _show_found(screen, their, name, found, language)
    for each in told.sealed:
        copy = f"The copy of the ledger {each} came without the names of some people"
        words = f"{copy}: whether one of them is called {name} cannot be told here."
        screen.print(styled(say(words), "yellow", limit=1_000), soft_wrap=True)
    show_unread(screen, told.unread, language)


@dataclass(frozen=True, slots=True)
class _Called:
    """Who is called so, here and in the imported ledgers, and who may have been meant."""

    name: str
    register: Register
    ours: "_Found"
    near: list[Person]
    elsewhere: "list[tuple[AnyLedger, _Found]]"
    sealed: list[str]  # ids of imported ledgers that came without the names of some people
    unread: list[str]


def _called(ledger: AnyLedger, others: Others, name: str) -> _Called:
    register = register_of(ledger)
    found = _found(ledger, name, public=False)
    elsewhere, unread = _found_elsewhere(others, name)
    near = register.near(name, (each.person for each in found.people))
    sealed = [each.id for each in others.ledgers if register_of(each).sealed]
    return _Called(name, register, found, near, elsewhere, sealed, unread)


def name_json(ledger: AnyLedger, others: Others, name: str) -> dict[str, Json]:
    """The answer on a name as data."""
    return _called_json(ledger, _called(ledger, others, name), "en")


def _called_json(ledger: AnyLedger, told: _Called, language: str) -> dict[str, Json]:
    return {
        "format": "genzu credits 1",
        "asked": told.name,
        **_found_json(ledger, told.ours, language),
        "near": [person_json(each) for each in told.near],
        "doubts": [in_language(plain(each, 1_000), language) for each in told.register.doubts],
        "elsewhere": [
            {**copy_json(each), **_found_json(each, found, language)} for each, found in told.elsewhere
        ],
        "without_names": [*told.sealed],
        "not_asked": [in_language(plain(each), language) for each in told.unread],
    }


def _found_json(ledger: AnyLedger, found: "_Found", language: str) -> dict[str, Json]:
    return {
        "people": [_answer_json(ledger, each, language) for each in found.people],
        "in_files": [_credit_json(ledger, each, language) for each in found.in_files],
    }


def _show_ours(screen: Console, ledger: AnyLedger, name: str, found: "_Found", language: str) -> None:
    """Who is called so in our own ledger."""
    say = partial(in_language, language=language)
    if not found and register_of(ledger).doubts:
        words = f"Nobody called {name} was found, and not every name here can be read."
        screen.print(styled(say(words)))
    elif not found:
        words = f"Nobody called {name} is in this ledger. That says nothing about what they made."
        screen.print(styled(say(words)))
    if len(found.people) > 1:
        words = f"{len(found.people)} people are called {name}; they are told apart by their ids."
        screen.print(styled(say(words)))
    _show_found(screen, ledger, name, found, language)
    if found.in_files or any(each.credits for each in found.people):
        screen.print()
        tell_of_disputes(screen, "pic-…", language)


def _show_found(screen: Console, ledger: AnyLedger, name: str, found: "_Found", language: str) -> None:
    for each in found.people:
        _show_person(screen, ledger, each, language)
    if found.in_files:
        screen.print()
        words = f"Files that name somebody {name} in place of the name on record:"
        screen.print(styled(in_language(words, language), "bold"))
        _show_credits(screen, ledger, found.in_files, language, in_file=False)


@dataclass(frozen=True, slots=True)
class _Answer:
    """One person with their credits, newest first, and what was made from their pictures later."""

    person: Person
    credits: tuple[PersonCredit, ...]
    later: tuple[Later, ...]

    @property
    def records(self) -> list[PictureRecord]:
        return [*(each.record for each in self.credits), *(each.record for each in self.later)]


@dataclass(frozen=True, slots=True)
class _Found:
    """Who is called so in one ledger, and the credits under that name in files alone."""

    people: list[_Answer]
    in_files: list[PersonCredit]

    def __bool__(self) -> bool:
        return bool(self.people or self.in_files)


def _found_elsewhere(others: Others, name: str) -> tuple[list[tuple[AnyLedger, _Found]], list[str]]:
    """Who is called so in the imported ledgers, every record proved, and why one could not be asked.

    Their names are known only where their keeper exported them with --names; then as everybody may find them, for who
    is behind a pseudonym is for that keeper.
    """

    def ask(ledger: AnyLedger) -> _Found:
        found = _found(ledger, name, public=True)
        records = [record for each in found.people for record in each.records]
        for record in (*records, *(each.record for each in found.in_files)):
            proved(ledger, record)
        return found

    answers, unread = ask_each(others, ask)
    return [(ledger, found) for ledger, found in answers if found], unread


def _found(ledger: AnyLedger, name: str, *, public: bool) -> _Found:
    """Everybody of this name, in any spelling of it, as it was written first; and the files that have it."""
    found = called(ledger, register_of(ledger), name, public=public)
    people = [
        _Answer(person, tuple(reversed(credits)), tuple(reversed(later_from(ledger, credits))))
        for person, credits in found.people
    ]
    return _Found(people, [*reversed(found.in_files)])


def _shown(person: Person, language: str) -> str:
    """The name as it is shown, or what stands for it."""
    return name_in(person.shown() or NOT_NAMED, language)


def _show_person(screen: Console, ledger: AnyLedger, answer: _Answer, language: str) -> None:
    say, marks = partial(in_language, language=language), MARKS[language]
    screen.print()
    head = styled(_shown(answer.person, language), "bold")
    count = sum(1 for each in answer.credits if each.role is not None)
    head.append(f"  {answer.person.person}{marks.comma}{say(counted(count, 'credit'))}", style="dim")
    screen.print(head)
    for words in register_of(ledger).disputes_about(answer.person):
        screen.print(styled(say(words), "yellow", limit=2_000), soft_wrap=True)
    _show_credits(screen, ledger, answer.credits, language)
    if answer.later:
        screen.print(f"  {say('Made later with these pictures:')}")
    for made in answer.later:
        line = _record_line("", made.record, ledger, language)
        line.append(marks.comma + say(f"from {made.source}"), style="dim")
        screen.print(line, soft_wrap=True)
        _under(screen, history_of_record(ledger, made.record).sentence_in(language))


def _show_credits(
    screen: Console,
    ledger: AnyLedger,
    credits: Iterable[PersonCredit],
    language: str,
    *,
    in_file: bool = True,
) -> None:
    say, comma = partial(in_language, language=language), MARKS[language].comma
    for each in credits:
        role = "(withdrawn)" if each.role is None else each.role.value
        line = _record_line(say(role), each.record, ledger, language)
        other = each.in_file if in_file else ""
        further = [f"in its file: {plain(other, 100)}"] if other else []
        further += _changed_words(each)
        line.append("".join(comma + say(words) for words in further), style="dim")
        screen.print(line, soft_wrap=True)
        _under(screen, history_of_record(ledger, each.record).sentence_in(language))
        for one in (*each.claims, *disputes_behind(ledger, each.record)):
            _under(screen, say(str(one)))


def _record_line(role: str, record: PictureRecord, ledger: AnyLedger, language: str) -> Text:
    line = styled(f"  {padded(role, 14)} {record.picture}  {moment(record.at)[:10]}")
    shot = record.statement.project.shot
    line.append(f"  {plain(shot, 40)}" if shot else "")
    answer = classify(lineage(record, ledger)).answer
    told = (in_language(each, language) for each in (answer.value, record.state.value))
    line.append(f"  {MARKS[language].comma.join(told)}", style="dim")
    return line


def _under(screen: Console, words: str) -> None:
    """A line under a record, below its id."""
    screen.print(styled(f"  {'':14} {words}", "dim", limit=2_000), soft_wrap=True)


def _changed_words(credit: PersonCredit) -> list[str]:
    if credit.corrected is not None:
        return [f"corrected by entry {credit.corrected}"]
    if credit.changed:
        numbers = ", ".join(map(str, credit.changed))
        return [f"changed by entr{'y' if len(credit.changed) == 1 else 'ies'} {numbers}"]
    return []


def _answer_json(ledger: AnyLedger, answer: _Answer, language: str) -> dict[str, Json]:
    return {
        "person": person_json(answer.person),
        "disputes": [
            in_language(each, language) for each in register_of(ledger).disputes_about(answer.person)
        ],
        "credits": [_credit_json(ledger, each, language) for each in answer.credits],
        "made_later": [
            {
                "picture": each.record.picture,
                "from": each.source,
                "history": history_of_record(ledger, each.record).sentence_in(language),
                "record": record_json(each.record),
            }
            for each in answer.later
        ],
    }


def _credit_json(ledger: AnyLedger, credit: PersonCredit, language: str) -> dict[str, Json]:
    return {
        "role": None if credit.role is None else credit.role.value,
        "in_file": credit.in_file,
        "corrected": credit.corrected,
        "changed": list(credit.changed),
        "claims": claims_json(credit.claims),
        "disputes": [in_language(each, language) for each in disputes_behind(ledger, credit.record)],
        "history": history_of_record(ledger, credit.record).sentence_in(language),
        "record": record_json(credit.record),
    }
