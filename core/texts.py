"""Texts for people: English is the source language, translations come from gettext catalogues."""

import gettext
from pathlib import Path

DOMAIN = "segferry"
CATALOGUES = Path(__file__).parent / "locale"

_catalogue = gettext.translation(DOMAIN, CATALOGUES, fallback=True)


def _(text: str) -> str:
    """The text in the reader's language."""
    return _catalogue.gettext(text)


def many(one: str, several: str, n: int, **more: str) -> str:
    """The form that fits n; `{n}` in it becomes the number with separators, `more` its texts."""
    return _catalogue.ngettext(one, several, n).format(n=f"{n:,}", **more)
