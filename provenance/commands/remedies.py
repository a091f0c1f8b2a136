"""What can be done about a trouble, as the command line says it: with its options, its words and its settings.

>>> in_terminal(Remedy(Way.NAME_SOMEBODY, "prompt"))
'add --by "prompt: NAME"'
"""

from collections.abc import Iterable, Mapping

from provenance.errors import ProvenanceError, Remedy, Way
from provenance.inspection.translated import in_language
from provenance.release.made import FinalFinding
from provenance.statement.words import MARKS

_WORDS: Mapping[Way, str] = {
    Way.NAME_A_HAND: 'add --by "{name}: NAME", or --by "{name}: -" for somebody who asked not to be named',
    Way.NAME_SOMEBODY: 'add --by "{name}: NAME"',
    Way.KEEP_TEMPORARY: "or release it with --stage temp",
    Way.STATE_PLACE: "add --{name}",
    Way.STATE_NOTICE: "add its reference with `genzu project set --notice`",
    Way.STATE_APPROVAL: "add its reference with `genzu project set --approval`",
    Way.TAKE_IT_ON: 'to go on all the same a named person takes it on: --override-consent "NAME: REASON"',
    Way.ALLOW_BYTES: "raise GENZU_MAX_MEGABYTES to take it",
    Way.ALLOW_PIXELS: "raise GENZU_MAX_MEGAPIXELS to take it",
    Way.ADD_PERSON: "add somebody new with `genzu people add`",
    Way.LIST_PEOPLE: "see `genzu people list`",
    Way.ASK_FOR_STAMPS: "`genzu ledger anchor` asks again",
    Way.TRY_AGAIN: "try again",
    Way.MAKE_ROOM: "make room or choose another place",
    Way.ANOTHER_NAME: "give another name, or --force to replace it",
    Way.ANOTHER_HOME: "give another --home",
    Way.BEGIN: "or begin one with `genzu init`, which also brings a lost one back from GENZU_BACKUP",
    Way.CHECK_NAME: "check the name",
    Way.CHECK_RIGHTS: "check who may read and write there",
    Way.PICK_ONE: "choose a picture in it, or `genzu audit` looks at all of them",
    Way.SAME_NAME: "for another person of that name add --same-name",
    Way.SIGN_CHECKPOINT: "run `genzu ledger checkpoint`",
    Way.VERIFY: "run `genzu ledger verify`",
    Way.REBUILD: "run `genzu ledger rebuild`",
    Way.INDEX_ANEW: "delete it, and `genzu index build` makes it again",
    Way.RESTORE: "restore it from a copy",
    Way.EXPORT: "`genzu export {name} -o FILE` writes it out",
}


def in_terminal(remedy: Remedy) -> str:
    """The remedy as a clause."""
    return _WORDS[remedy.way].format(name=remedy.name)


def told(error: ProvenanceError) -> str:
    """An error with what can be done about it, in one line."""
    return with_remedies(str(error), error.remedies)


def with_remedies(words: str, remedies: Iterable[Remedy], language: str = "en") -> str:
    """Words with what can be done about them, in a language of reports."""
    between = MARKS[language].semicolon
    ways = [in_language(in_terminal(each), language) for each in remedies]
    return (
        between.join([in_language(words, language).rstrip(".。"), *ways])
        if ways
        else in_language(words, language)
    )


def worded(finding: FinalFinding) -> str:
    """What keeps a picture from being final, with what can be done about it."""
    return with_remedies(finding.words, [finding.remedy] if finding.remedy is not None else [])
