"""Programs that make pictures by AI and nothing else, as they write their own name, with or without a version.

No plain editor is among them. A name alone counts, never a sentence about one.

>>> program_named("DALL-E 3"), program_named("Fooocus v2.5.5"), program_named("Midjourney was not used")
('DALL-E', 'Fooocus', None)
"""

import re

_PROGRAMS = (
    "Adobe Firefly", "Bing Image Creator", "ChatGPT", "ComfyUI", "DALL-E", "DALL·E", "DiffusionBee", "Draw Things",
    "Easy Diffusion", "FLUX.1", "FLUX.2", "Fooocus", "FooocusPlus", "GPT-4o", "gpt-image", "Google Gemini",
    "Google Imagen", "Ideogram", "Imagen 3", "Imagen 4", "InvokeAI", "Krea AI", "Leonardo.Ai", "Midjourney",
    "Mochi Diffusion", "NovelAI", "OpenAI", "Recraft", "RuinedFooocus", "SD.Next", "Seedream", "Stability Matrix",
    "Stable Diffusion", "SwarmUI",
)  # fmt: skip
# What may follow a name: a version, a build, the name of one of the maker's models.
_VERSION = (
    r"(?:[\s,:;/_-]*(?:[vV]?\d[\w.+-]*|XL|Turbo|Image|Model|Diffusion|Web[Uu][Ii]|web|app|API|Forge|DALL[-·]E"
    r"|gpt-image[\w.-]*|ChatGPT|niji|by OpenAI|Preset: [\w .-]{1,40}|\([^()]{1,40}\)|\[[^\[\]]{1,20}\]))*"
)
_NAMED = re.compile(
    rf"(?P<name>{'|'.join(re.escape(each) for each in sorted(_PROGRAMS, key=len, reverse=True))}){_VERSION}[\s.]*",
    re.IGNORECASE,
)
_BY_FOLDED = {each.casefold(): each for each in _PROGRAMS}
_LONGEST = 120  # characters: a longer text is no name


def program_named(text: str) -> str | None:
    """The program whose name a text is; None where it is anything else."""
    if len(text) > _LONGEST:
        return None
    found = _NAMED.fullmatch(text.strip())
    return None if found is None else _BY_FOLDED[found["name"].casefold()]
