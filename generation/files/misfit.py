"""Why weights do not fit a network, out of what the libraries below us say when they are loaded. Pure.

>>> misfit("size mismatch for up.weight: copying a param with shape torch.Size([8, 48]) from checkpoint, "
...        "the shape in current model is torch.Size([8, 32]).")
'up.weight is 8 x 48 in the file and 8 x 32 in the model'
>>> misfit("Cannot load tiny because conv_in.weight expected shape torch.Size([8, 9, 3, 3]), but got "
...        "torch.Size([8, 4, 3, 3]). If you want to instead overwrite randomly initialized weights, set both")
'conv_in.weight is 8 x 4 x 3 x 3 in the file and 8 x 9 x 3 x 3 in the model'
>>> misfit('Missing key(s) in state_dict: "mid_block.weight", "conv_in.bias". ')
'mid_block.weight is not in the file'
>>> misfit("'to_k'")
''
"""

import re

_SIZE = r"torch\.Size\(\[({}[\d, ]*)\]\)"
_FILE, _MODEL = _SIZE.format("?P<file>"), _SIZE.format("?P<model>")
_FORMS = (
    re.compile(
        rf"size mismatch for (?P<name>[\w.]+): .*?{_FILE}.*?{_MODEL}", re.DOTALL
    ),  # torch, and peft above it
    re.compile(rf"because (?P<name>[\w.]+) expected shape {_MODEL}, but got {_FILE}"),  # diffusers
)
_LACKING = re.compile(r'(?P<which>Missing|Unexpected) key\(s\) in state_dict: "(?P<name>[\w.]+)"')


def misfit(words: str) -> str:
    """The first layer that differs and how; "" where the words name none."""
    for form in _FORMS:
        found = form.search(words)
        if found is not None:
            file, model = (found[each].replace(", ", " x ").strip(", ") for each in ("file", "model"))
            return f"{found['name'][:120]} is {file} in the file and {model} in the model"
    lacking = _LACKING.search(words)
    if lacking is not None:
        where = "file" if lacking["which"] == "Missing" else "model"
        return f"{lacking['name'][:120]} is not in the {where}"
    return ""
