"""Whether the SQLite of this Python is new enough for the engine: with an older one no run starts.

DBOS 3.4 calls unixepoch('subsec'), which SQLite knows from 3.42 on; in Python 3.11 it doesn't.
"""

import sqlite3
import sys
from dataclasses import dataclass

from core.errors import StorageFailed
from core.settings import Settings
from core.texts import _

NEEDED = (3, 42)
CALLED_FROM = (3, 12)  # version of Python


@dataclass(frozen=True, slots=True)
class Versions:
    """Those of Python and of the SQLite in it."""

    python: tuple[int, ...]
    sqlite: tuple[int, ...]


HERE = Versions(sys.version_info[:2], sqlite3.sqlite_version_info)


def check(settings: Settings, versions: Versions = HERE) -> str:
    """SQLite's version. Raises StorageFailed where runs need a newer one; on PostgreSQL never."""
    found = _written(versions.sqlite)
    needs = settings.on_sqlite and versions.python >= CALLED_FROM
    if needs and versions.sqlite < NEEDED:
        raise StorageFailed(
            _(
                "SQLite {found} of this Python {python} is too old: runs need SQLite {needed} or "
                "newer. Use Python 3.11, a Python with a newer SQLite, as uv installs it, or "
                "PostgreSQL (SEGFERRY_DATABASE_URL)."
            ).format(found=found, python=_written(versions.python), needed=_written(NEEDED))
        )
    return found


def _written(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))
