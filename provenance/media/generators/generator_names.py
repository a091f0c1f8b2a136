"""Programs that make pictures by AI and nothing else, as they write their own name, with or without a version.

No plain editor is among them, and no name that is an everyday word, such as Sora. A name alone counts, never a sentence
about one.

>>> program_named("DALL-E 3"), program_named("Fooocus v2.5.5"), program_named("Midjourney was not used")
('DALL-E', 'Fooocus', None)
"""

import re

_PROGRAMS = (
    "Adobe Firefly", "AUTOMATIC1111", "Bing Image Creator", "ChatGPT", "Civitai", "ComfyUI", "Craiyon", "DALL-E",
    "DALL·E", "DiffusionBee", "Draw Things", "Dreamina", "DreamStudio", "Easy Diffusion", "FLUX.1", "FLUX1.1", "FLUX.2",
    "flux-dev", "flux-kontext", "flux-pro", "flux-schnell", "Fooocus", "FooocusPlus", "Gemini 2.5 Flash Image",
    "Gemini 3 Pro Image", "Google Gemini", "Google Imagen", "Google Nano Banana", "Google Veo", "GPT Image", "GPT-4o",
    "gpt-image", "Grok Imagine", "HiDream-I1", "Hunyuan Image", "HunyuanImage", "Ideogram", "ideogram.ai", "Imagen 3",
    "Imagen 4", "InvokeAI", "Jimeng", "Kling", "Krea 1", "Krea AI", "Leonardo AI", "Leonardo.Ai", "Magnific AI",
    "Midjourney", "Mochi Diffusion", "Nano Banana", "NightCafe", "niji journey", "nijijourney", "NovelAI", "OpenAI",
    "OpenAI Sora", "PixAI", "Playground v2.5", "Qwen-Image", "Qwen Image", "Recraft", "RuinedFooocus",
    "Runway Gen-3", "Runway Gen-4", "SD.Next", "SeaArt", "Seedream", "Stability AI", "Stability Matrix",
    "Stable Diffusion", "stable-diffusion-webui", "Stable Image", "SwarmUI", "Tensor.Art", "Veo 3", "xAI Grok",
    "即梦AI",
)  # fmt: skip
# What may follow a name: a version, a build, the name of one of the maker's models.
_VERSION = (
    r"(?:[\s,:;/_-]*(?:[vV]?\d[\w.+-]*|XL|Turbo|Ultra|Fast|Pro|Large|Medium|Preview|Phoenix|Kontext|Edit|SVG|Imagine"
    r"|Core|Alpha|AI|Image|Model|Diffusion|Web[Uu][Ii]|web|app|API|Forge|DALL[-·]E|gpt-image[\w.-]*|ChatGPT|niji"
    r"|by OpenAI|from Designer|Preset: [\w .-]{1,40}|\([^()]{1,40}\)|\[[^\[\]]{1,20}\]))*"
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
