"""Pages about people: self-contained HTML without a script, every word escaped, readable on paper and on a phone."""

from jinja2 import Environment, PackageLoader, StrictUndefined

from provenance.statement.untrusted import plain


def render(template: str, **values: object) -> str:
    """The page that a template in provenance/show/pages makes of these values."""
    environment = Environment(
        loader=PackageLoader("provenance.show", "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["plain"] = lambda text, limit=2_000: plain(str(text), limit)
    environment.filters["plain_lines"] = lambda text: "\n".join(
        plain(each) for each in str(text).splitlines()
    )
    return environment.get_template(template).render(**values)
