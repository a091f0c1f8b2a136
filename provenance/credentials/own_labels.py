"""The names that are our own in a manifest: assertions, fields of an ingredient's metadata, parameters of an action.

Whoever signs writes them and whoever reads looks for them; they never change, since signed files have them.
"""

RECORD = "org.genzu.record"  # which ledger, which entry: read/record_ref.py
MARK = "org.genzu.mark"  # which faint mark is in the pixels, and whose ledger can read it
RUN = "org.genzu.run"  # settings and facts of a run
INGREDIENT = "org.genzu.ingredient"  # the digest of an input picture, and what it was for
UNREAD = "unread"  # of an ingredient: it came with credentials that could not be read
MODEL = "org.genzu.model"
PROMPT = "org.genzu.prompt"

MODEL_TYPE = "c2pa.types.model.pytorch"
# IPTC 2025.1: what is said of the model, and stays where people's names are corrected.
AI_FIELDS = (
    "Iptc4xmpExt:AISystemUsed",
    "Iptc4xmpExt:AISystemVersionUsed",
    "Iptc4xmpExt:AIPromptInformation",
)
