"""How what sources hold is written on the screen: kinds of fields, and single values of people."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import polars as pl
import streamlit as st

from core.access import mask
from core.profiles.sources import Kind, Schema
from core.texts import _
from pages.ui import kit
from pages.ui.words import plain

LONGEST = 60  # letters of a value that are shown


def value(content: Any, reveal: bool = False) -> str:
    """One value as markdown; an email address masked unless `reveal`."""
    text = _text(content)
    if not text:
        return ":gray[—]"
    if not reveal and "@" in text:
        text = " ".join(mask(word) if "@" in word else word for word in text.split())
    shown = plain(text if len(text) <= LONGEST else text[: LONGEST - 1] + "…")
    return shown.replace("@", ":gray[@]")  # or markdown makes a link of half an address


def table(
    rows: Sequence[Mapping[str, Any]], schema: Schema, fields: Sequence[str], reveal: bool
) -> None:
    """A table of these fields; numbers stand on the right."""
    numbers = [field for field in fields if schema[field] is Kind.number]
    data = pl.DataFrame(
        {
            plain(field): [
                row[field] if field in numbers else value(row[field], reveal) for row in rows
            ]
            for field in fields
        }
    )
    kit.draw_table(data, {plain(field): _number for field in numbers}, _("The first members"))


def reveal(key: str) -> bool:
    """Asks whether whole email addresses are to be shown."""
    return st.toggle(_("Show whole email addresses"), key=key)


def _number(content: float) -> str:
    return "—" if content is None or content != content else f"{content:,.12g}"


def _text(content: Any) -> str:
    if content is None:
        return ""
    if isinstance(content, bool):
        return _("yes") if content else _("no")
    if isinstance(content, datetime):
        return content.isoformat(" ", "minutes")
    if isinstance(content, float):
        return _number(content)
    if isinstance(content, list):
        return ", ".join(_text(item) for item in content)
    return " ".join(str(content).split())
