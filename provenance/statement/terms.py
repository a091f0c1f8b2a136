"""The Japanese of a record's own words, by the words that stand in records: the one place where it is decided.

It imports nothing. words.py makes tables of it for rolls and papers; provenance/inspection/translated.py says sentences
with it.

>>> rows()["parent"], rows()["parent picture {#}"]
('元の画像', '元の画像 {}')
"""

from collections.abc import Mapping

ROLES: Mapping[str, str] = {
    "layout": "レイアウト",
    "background": "背景",
    "concept": "コンセプト",
    "key drawing": "原図",
    "prompt": "プロンプト",
    "compositing": "撮影",
    "retouch": "加筆修正",
    "art direction": "美術監督",
    "supervision": "監修",
    "model training": "モデル学習",
    "other": "協力",
}
# What an input picture was for.
INPUTS: Mapping[str, str] = {
    "layout": "レイアウト",
    "parent": "元の画像",
    "reference": "参考画像",
    "mask": "マスク画像",
    "control": "制御画像",
    "original": "署名前の画像",
}
STAGES: Mapping[str, str] = {"temp": "仮", "temporary": "仮", "final": "完成"}


def rows() -> dict[str, str]:
    """All of them as rows of provenance/statement/translation.py, with how a step says what its input was."""
    steps = {f"{word} picture": said for word, said in INPUTS.items()}
    numbered = {f"{word} {{#}}": f"{said} {{}}" for word, said in steps.items()}
    return {**ROLES, **INPUTS, **STAGES, **steps, **numbered}
