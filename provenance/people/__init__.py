"""People: who is credited, what they allow, which picture was chosen, what was corrected, and the papers made of it.

The facts are entries of the ledger; `Register` (register.py) is what they add up to today. Every other file here is
one noun: the type, the entry that states it, and the question that it answers.
"""
