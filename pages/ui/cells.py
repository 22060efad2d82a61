"""How single values of people are written on the screen, and whether addresses are masked."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import polars as pl
import streamlit as st

from core.masking import mask
from core.profiles.sources import Kind, Schema
from core.profiles.sources.notes import shortened
from core.texts import _
from pages.ui import kit
from pages.ui.words import plain

LONGEST = 60  # letters of a value that are shown
COLUMNS = 7  # of a table of people


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


def columns(fields: list[str], named: list[str]) -> list[str]:
    """At most COLUMNS of the source's fields, in its order: those the rules name come first."""
    chosen = list(dict.fromkeys(named))[: COLUMNS - 1]
    others = [field for field in fields if field not in chosen]
    chosen += others[: COLUMNS - len(chosen)]
    return [field for field in fields if field in chosen]


def table(
    rows: Sequence[Mapping[str, Any]],
    schema: Schema,
    fields: Sequence[str],
    reveal: bool,
    alt: str,
) -> None:
    """A table of these fields; numbers are on the right, addresses masked unless `reveal`."""
    numbers = [field for field in fields if schema[field] is Kind.number]
    data = pl.DataFrame(
        {
            plain(field): [
                row[field] if field in numbers else value(row[field], reveal) for row in rows
            ]
            for field in fields
        }
    )
    kit.draw_table(data, {plain(field): number for field in numbers}, alt)


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
