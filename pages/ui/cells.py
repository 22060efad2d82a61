"""How single values of people are written on the screen, and whether addresses are masked."""

from datetime import datetime
from typing import Any

import streamlit as st

from core.masking import mask
from core.profiles.sources.notes import shortened
from core.texts import _
from pages.ui.words import plain

LONGEST = 60  # letters of a value that are shown


def value(content: Any, reveal: bool = False) -> str:
    """One value as markdown; an email address masked unless `reveal`."""
    text = _text(content)
    if not text:
        return ":gray[—]"
    if not reveal and "@" in text:
        text = " ".join(mask(word) if "@" in word else word for word in text.split())
    return plain(shortened(text, LONGEST))


def reveal(key: str) -> bool:
    """Asks whether whole email addresses are to be shown."""
    return st.toggle(_("Show full email addresses"), key=key)


def number(content: float) -> str:
    """A number as it is; an em dash for none."""
    return "—" if content is None or content != content else f"{content:,.12g}"


def _text(content: Any) -> str:
    if content is None:
        return ""
    if isinstance(content, bool):
        return _("yes") if content else _("no")
    if isinstance(content, datetime):
        return content.isoformat(" ", "minutes")
    if isinstance(content, float):
        return number(content)
    if isinstance(content, list):
        return ", ".join(_text(item) for item in content)
    return " ".join(str(content).split())
