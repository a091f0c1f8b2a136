"""The inputs of a form, by name.

A handler whose inputs are a set is given one dict, from each component to its value. A form names its components once,
where it makes them, and reads that dict by these names: no order is kept by eye.
"""

from collections.abc import Mapping
from typing import Any

from gradio.components import Component

Named = Mapping[str, Component]
Values = Mapping[Any, Any]  # what a handler gets


def read(named: Named, values: Values) -> dict[str, Any]:
    """The values by their names."""
    return {name: values[component] for name, component in named.items()}
