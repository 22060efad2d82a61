"""The preview of an export, computed once until something about it changes, with its progress."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import streamlit as st

from core.access import Action, Person, may
from core.models import ExportRow
from core.preview import Preview, preview
from core.store import runs
from core.texts import _
from pages.ui import frame
from pages.ui.words import now

KEPT = "preview"  # key in the session; one preview at a time


@dataclass(frozen=True, slots=True)
class Kept:
    """A preview, of what, whether with whole addresses, and when it was computed."""

    order: dict[str, Any]
    whole: bool
    preview: Preview
    at: datetime


def of(person: Person, row: ExportRow) -> Kept:
    """The preview of the export as it is now. Raises SourceFailed, Invalid, Unknown."""
    with frame.store().begin() as session:
        order = runs.order_of(session, row)
    whole = may(person, Action.see_addresses)  # a role may have become smaller since
    kept: Kept | None = st.session_state.get(KEPT)
    if kept is None or (kept.order, kept.whole) != (order, whole):
        kept = Kept(order, whole, _computed(person, row), now())
        st.session_state[KEPT] = kept
    return kept


def forget() -> None:
    """The next look computes it anew."""
    st.session_state.pop(KEPT, None)


def _computed(person: Person, row: ExportRow) -> Preview:
    place = st.empty()
    bar = place.progress(0.0, text=_("Reading the source"))

    def told(share: float, what: str) -> None:
        bar.progress(min(1.0, max(0.0, share)), text=what)

    with st.spinner(_("Counting people and checking each profile…")):
        found = preview(frame.store(), person, row.id or 0, progress=told)
    place.empty()
    return found
