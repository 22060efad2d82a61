"""What a session keeps of one reading of a source, so that nothing is asked for again."""

from datetime import date
from typing import Any

import streamlit as st

from core.store.tables.data import SourceRow


def kept(key: str, row: SourceRow) -> dict[Any, Any]:
    """What is kept of the source under the key, to be written into.

    It is empty once the source is read again, or on another day.
    """
    version, every = f"{row.read_at} {date.today()}", st.session_state.setdefault(key, {})
    found = every.get(row.id)
    if not found or found[0] != version:
        found = every[row.id] = (version, {})
    return found[1]  # type: ignore[no-any-return]
