"""The page's sentences in Japanese, from ja.po: one row a sentence, as translators keep such tables.

>>> SENTENCES["Paint"]
'描く'
"""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

TABLE = Path(__file__).with_name("ja.po")
_ROW = re.compile(r'^msgid (".*")\nmsgstr (".*")$', re.MULTILINE)


def _read() -> dict[str, str]:
    rows = _ROW.findall(TABLE.read_text(encoding="utf-8"))
    return {json.loads(english): json.loads(japanese) for english, japanese in rows}


SENTENCES: Mapping[str, str] = MappingProxyType(_read())
