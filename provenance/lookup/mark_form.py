"""The forms of the faint mark, as records name them: which pattern a painting got. What each means is in faint_mark.py.

A file of its own, since whoever reads a record needs the names and not what computes the pattern.
"""

FIRST, SECOND, THIRD, FOURTH, FORM = FORMS = ("faint 1", "faint 2", "faint 3", "faint 4", "faint 5")
IN_PART = ", in part"  # behind the form: only where a mask let the model paint
OFF, TOO_SMALL = "off", "too small"
MARKED = frozenset({*FORMS, *(f"{each}{IN_PART}" for each in FORMS)})
