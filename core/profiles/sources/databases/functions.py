"""Functions of ours for SQLite, which has none that keep the meaning of rules."""

import re
import sqlite3
import unicodedata
from datetime import UTC, date, datetime
from functools import lru_cache

from core.profiles.cleaning import ANY, comparable_text
from core.profiles.matching.emails import as_sent
from core.profiles.patterns import PYTHON, translated
from core.profiles.segments.shares import digits


def register(connection: sqlite3.Connection) -> None:
    """Makes them known to the connection; statements with rules call them."""
    for function in (text, found, day, moment, share, address):
        name, takes = f"segferry_{function.__name__}", function.__code__.co_argcount
        connection.create_function(name, takes, function, deterministic=True)


def text(value: object) -> str | None:
    """A text, or a number as it is written, as it is compared; None for what is blank, or bytes."""
    if isinstance(value, int | float):
        value = str(value)
    if not isinstance(value, str):
        return None
    if value.isascii() and value.isprintable():
        return value if value and not value.isspace() else None
    if _changing().search(value) or not unicodedata.is_normalized("NFC", value):
        value = comparable_text(value)
    return value if value.strip() else None


def found(value: str | None, pattern: str) -> int | None:
    """Whether a regular expression finds something in a text."""
    return None if value is None else _compiled(pattern).search(value) is not None


def day(value: object) -> str | None:
    """The day of a text that begins with one, as in 2026-12-31; None without."""
    try:
        return date.fromisoformat(value[:10]).isoformat() if isinstance(value, str) else None
    except ValueError:
        return None


def moment(value: object) -> str | None:
    """The moment of a text, as in 2026-12-31 23:59:59, in UTC where it has a zone; None without."""
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    if found and found.tzinfo:
        found = found.astimezone(UTC).replace(tzinfo=None)
    return found.isoformat(" ") if found else None


def share(value: str | None, prefix: str) -> str | None:
    """The digits of a text that say whether it is of a share."""
    return None if value is None else digits(prefix, value)


def address(value: str | None) -> str | None:
    """A text as an address is sent."""
    return None if value is None else as_sent(value)


@lru_cache(maxsize=1)
def _changing() -> "re.Pattern[str]":
    return re.compile(translated(ANY, PYTHON, ""))


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> "re.Pattern[str]":
    return re.compile(translated(pattern, PYTHON, "SQLite"))
