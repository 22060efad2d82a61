"""The preview of an export, computed once until something about it changes, with its progress."""

from dataclasses import dataclass
from datetime import datetime

import streamlit as st

from core.access import Action, Person, may
from core.configuration.export import Mode
from core.configuration.order import Order
from core.preview import freshness
from core.preview.freshness import Basis
from core.preview.plan import Preview, preview
from core.store.tables.exports import ExportRow
from core.texts import _
from pages.ui import frame
from pages.ui.words import now, plain

KEY = "preview"  # in the session; one preview at a time


@dataclass(frozen=True, slots=True)
class CachedPreview:
    """A preview, what it rests on, whether with whole addresses, and when it was computed."""

    basis: Basis
    whole: bool
    preview: Preview
    at: datetime

    @property
    def order(self) -> Order:
        """The export as it was when the preview was computed."""
        return self.basis.order

    @property
    def join(self) -> int:
        """People who would join the list: none of a run that only updates profiles."""
        return 0 if self.order.export.mode is Mode.update else self.preview.add

    @property
    def change(self) -> int:
        """People of whom something would be changed: all others that are sent."""
        return self.send - self.join

    @property
    def send(self) -> int:
        """People who would be handed over."""
        return self.preview.add + self.preview.update


def preview_of(person: Person, row: ExportRow) -> CachedPreview:
    """The preview of the export as it is now. Raises SourceFailed, Invalid, Unknown."""
    basis = freshness.look(frame.store(), person, row.id, now())
    whole = may(person, Action.see_addresses)  # a role may have become smaller since
    cached: CachedPreview | None = st.session_state.get(KEY)
    if cached is None or (cached.basis, cached.whole) != (basis, whole):
        cached = CachedPreview(basis, whole, _compute(person, row), now())
        st.session_state[KEY] = cached
    return cached


def require_unchanged(person: Person, export_id: int) -> None:
    """For whoever acts on what they have seen: raises Conflict where it holds no longer."""
    basis = freshness.look(frame.store(), person, export_id, now())
    if (cached := st.session_state.get(KEY)) is not None:
        freshness.hold_to(cached.basis, basis)


def forget() -> None:
    """The next look computes it again."""
    st.session_state.pop(KEY, None)


def _compute(person: Person, row: ExportRow) -> Preview:
    place = st.empty()
    bar = place.progress(0.0, text=_("Reading the source"))

    def progress(share: float, what: str) -> None:
        bar.progress(min(1.0, max(0.0, share)), text=plain(what))

    with st.spinner(_("Counting people and checking each profile…")):
        found = preview(frame.store(), person, row.id or 0, progress=progress)
    place.empty()
    return found
