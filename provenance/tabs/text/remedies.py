"""What can be done about a trouble, as the page says it to a visitor: no option, no command, no setting.

What only the keeper of the record can do is said to be just that.

>>> on_page(Remedy(Way.NAME_SOMEBODY, "prompt"))
'Name somebody for prompt, under “Your name” or “More people”.'
"""

from collections.abc import Iterable, Mapping, Sequence

from provenance.errors import ConsentError, IdentityError, LedgerDamaged, ProvenanceError, Remedy, Way

_MENDS = "The keeper of this record can mend that."
_WORDS: Mapping[Way, str] = {
    Way.NAME_A_HAND: "Write under “Drawn by” who drew it, or tick under “More people” that they asked not to be named.",
    Way.NAME_SOMEBODY: "Name somebody for {name}, under “Your name” or “More people”.",
    Way.KEEP_TEMPORARY: "Or sign it as temporary, under “Production, episode, shot”.",
    Way.STATE_PLACE: "Fill in the {name} under “Production, episode, shot”.",
    Way.STATE_NOTICE: "The keeper of this record can put the crew's notice on it.",
    Way.STATE_APPROVAL: "The keeper of this record can put the written approval on it.",
    Way.TAKE_IT_ON: "To go on all the same, a named person takes it on and says why.",
    Way.ALLOW_BYTES: "Choose a smaller file.",
    Way.ALLOW_PIXELS: "Choose a smaller picture.",
    Way.ADD_PERSON: "Check the spelling, or ask the keeper of this record to add them.",
    Way.LIST_PEOPLE: "Ask the keeper of this record.",
    Way.ASK_FOR_STAMPS: "The keeper of this record can ask for it again.",
    Way.TRY_AGAIN: "Try it again.",
    Way.MAKE_ROOM: "The keeper of this record can make room.",
    Way.ANOTHER_NAME: "Choose another name.",
    Way.ANOTHER_HOME: _MENDS,
    Way.BEGIN: _MENDS,
    Way.CHECK_NAME: "Choose another file.",
    Way.CHECK_RIGHTS: _MENDS,
    Way.PICK_ONE: "Choose a picture in it.",
    Way.SAME_NAME: "The keeper of this record can add another person of that name.",
    Way.SIGN_CHECKPOINT: _MENDS,
    Way.VERIFY: "The keeper of this record can find out what happened.",
    Way.REBUILD: _MENDS,
    Way.INDEX_ANEW: _MENDS,
    Way.RESTORE: "The keeper of this record can restore it.",
    Way.EXPORT: "The keeper of this record can write the file out.",
}
# Errors of the archive itself are for its keeper, and name places on this machine.
_OF_THE_ARCHIVE = (LedgerDamaged, IdentityError)
NOT_NOW = "The record here cannot be used just now; its keeper can mend it"


def on_page(remedy: Remedy) -> str:
    """The remedy as a sentence."""
    return _WORDS[remedy.way].format(name=remedy.name)


def for_visitors(error: Exception) -> str:
    """An error's own words, where they are for a visitor."""
    if isinstance(error, _OF_THE_ARCHIVE):
        return NOT_NOW
    if isinstance(error, ConsentError) and error.objections:
        # Whom to ask, and on what condition, is private.
        told = "; ".join(f"{each.publicly} ({each.where})" for each in error.objections)
        return f"this use is not allowed: {told}. Nothing was painted"
    return str(error)


def ways_out(error: Exception) -> Sequence[Remedy]:
    """What a visitor can be told of it; of an archive in trouble nothing beyond that its keeper can mend it."""
    return (
        error.remedies
        if isinstance(error, ProvenanceError) and not isinstance(error, _OF_THE_ARCHIVE)
        else ()
    )


def with_remedies(words: str, remedies: Iterable[Remedy]) -> str:
    """Words with what a visitor can do about them."""
    ways = [on_page(each) for each in remedies]
    if not ways:
        return words
    ended = words if words.endswith((".", "!", "?", ")")) else f"{words}."
    return " ".join([ended, *ways])
