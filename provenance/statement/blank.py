"""Text that shows nothing: a name or a prompt of it says nothing, whatever it weighs in bytes.

`is_blank` is asked wherever something has to be said: a credit's name, a prompt, a claim, a reason. What is on record
already is read on as it is, and shown by its numbers (provenance/statement/untrusted.py).
"""

import unicodedata

# Letters, symbols and marks by Unicode's tables that print nothing.
BLANKS = frozenset("\u115f\u1160\u3164\uffa0\u2800\u034f\u17b4\u17b5")
# Controls, zero-width characters and lone marks. Unassigned ones (Cn) may be seen: a newer Unicode has them.
_NOTHING_ALONE = frozenset({"Cc", "Cf", "Mn", "Me"})


def is_blank(text: str) -> bool:
    """Whether nothing of the text is seen: white space of any script, and characters that print nothing alone.

    >>> is_blank("\\u3000\\u200b\\n"), is_blank("家"), is_blank("")
    (True, False, True)
    """
    return all(
        each.isspace() or each in BLANKS or unicodedata.category(each) in _NOTHING_ALONE for each in text
    )
