"""How what sources hold is written on the screen: kinds of fields, and single values of people."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import streamlit as st

from core.sources import Kind
from core.texts import _
from pages.ui.words import mask, plain

KINDS = {
    Kind.text: _("Text"),
    Kind.number: _("Number"),
    Kind.boolean: _("Yes or no"),
    Kind.date: _("Date"),
    Kind.moment: _("Date and time"),
    Kind.list: _("List"),
    Kind.other: _("Other"),
}
LONGEST = 60  # letters of a value that are shown


def value(content: Any, reveal: bool = False) -> str:
    """One value as markdown; an email address masked unless `reveal`."""
    if content is None or content == "":
        return ":gray[—]"
    text = _text(content)
    if not reveal and "@" in text:
        text = " ".join(mask(word) if "@" in word else word for word in text.split())
    return plain(text if len(text) <= LONGEST else text[: LONGEST - 1] + "…")


def table(
    rows: Sequence[Mapping[str, Any]], fields: Sequence[str], reveal: bool
) -> list[list[str]]:
    """The fields of each row as markdown."""
    return [[value(row.get(field), reveal) for field in fields] for row in rows]


def reveal(key: str) -> bool:
    """Asks whether whole email addresses are to be shown."""
    return st.toggle(_("Show whole email addresses"), key=key)


def _text(content: Any) -> str:
    if isinstance(content, bool):
        return _("yes") if content else _("no")
    if isinstance(content, datetime):
        return content.isoformat(" ", "minutes")
    if isinstance(content, float):
        return f"{content:.12g}"
    if isinstance(content, list):
        return ", ".join(_text(item) for item in content)
    return " ".join(str(content).split())
