"""Sources: where profiles are read from, and what was found there."""

import streamlit as st

from core.access import Role
from core.store import sources
from core.store.tables.data import SourceRow
from core.texts import _
from pages.sources import detail, form, listing
from pages.sources.rows import read
from pages.ui import frame, kit
from pages.ui.words import named

person = frame.guard(Role.viewer)
manages = person.role >= Role.contributor


def one() -> SourceRow:
    """The source that the address names."""
    with frame.store().begin() as s:
        return sources.find(s, named(frame.query("source")))


def all_sources() -> None:
    """All sources."""
    form.leave()
    rows = read()
    what = _("Where profiles are read from. Segments are rules over their fields.")
    with kit.head(_("Sources"), what):
        adds = manages and st.button(
            _("Add source"),
            icon=":material/add:",
            type="primary" if rows else "secondary",
            key="new",
        )
    if not rows:
        adds |= kit.empty(
            "database",
            _("No source yet"),
            _("A source is a file of profiles (CSV, Parquet, Excel and more), or a table."),
            _("Add the first source") if manages else None,
        )
    if rows:
        listing.show(rows)
    if adds:
        frame.stay(view="add")


view = frame.query("view")
if view == "add" and manages:
    form.draw(None)
elif view == "edit" and manages:
    form.draw(one())
elif "source" in st.query_params:
    detail.draw(person, one())
else:
    all_sources()
