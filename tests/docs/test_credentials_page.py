"""docs/credentials.md is what the program prints."""

from pathlib import Path

from docs.credentials_page import page
from docs.printed import NOTE


def test_the_page_on_credentials_is_what_the_program_prints() -> None:
    shown = Path(__file__).parents[2] / "docs" / "credentials.md"
    assert shown.read_text(encoding="utf-8") == NOTE + page()
