"""The forms of the faint mark, as records name them: which pattern a painting got, if any.

What each means is in provenance/lookup/faint_mark.py; whoever reads a record needs the names, not what computes them.
"""

from collections.abc import Mapping

MARK = "mark"  # the fact of a painting: its form, or why it has none
FIRST, SECOND, THIRD, FOURTH, FORM = FORMS = ("faint 1", "faint 2", "faint 3", "faint 4", "faint 5")
IN_PART = ", in part"  # behind the form: only where a mask let the model paint
OFF, TOO_SMALL = "off", "too small"
_MARKED = frozenset({*FORMS, *(f"{each}{IN_PART}" for each in FORMS)})


def form_of(facts: Mapping[str, object]) -> str:
    """The form of the faint mark that a picture has by the facts of its run; "" for one without."""
    form = facts.get(MARK)
    return form if isinstance(form, str) and form in _MARKED else ""
