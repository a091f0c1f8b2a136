"""How long the texts of an entry about people may be, in characters, and its lists."""

NAMES_LIMIT = 20  # further names of one person
IDENTIFIERS_LIMIT = 20
CONDITIONS_LIMIT = 2_000
CLAIM_LIMIT = 4_000
REMARK_LIMIT = 2_000
FIGURE_LIMIT = 40  # such as "6.5 h" or "about a third"
PRODUCTION_LIMIT = 200
