"""Sources: where profiles are read from, and what was found there."""

import streamlit as st

from core.access import Role
from core.store import sources
from core.store.tables.data import SourceRow
from core.texts import _
from pages.sources import cards, detail, form
from pages.ui import frame, kit
from pages.ui.frame import guard, store

person = guard(Role.viewer)
MANAGES = person.role >= Role.contributor


def everything() -> list[tuple[SourceRow, list[str]]]:
    """Each source with the names of its segments."""
    with store().begin() as s:
        return [(row, sources.used_by(s, row.id or 0)) for row in sources.everything(s)]


def one() -> SourceRow:
    """The source that the address names."""
    name = st.query_params.get("source", "")
    with store().begin() as s:
        return sources.find(s, int(name) if name.isdecimal() else name)


def listing() -> None:
    """All sources."""
    form.leave()
    rows = everything()
    with kit.head(_("Sources"), _("Files of profiles. Segments are rules over their fields.")):
        adds = MANAGES and st.button(
            _("Add source"), icon=":material/add:", type="primary" if rows else "secondary"
        )
    if not rows:
        adds |= kit.empty(
            "database",
            _("No source yet"),
            _("A source is a file of profiles: CSV, Parquet or NDJSON, uploaded or on the server."),
            _("Add the first source") if MANAGES else None,
        )
    first, last = kit.paged(len(rows), "sources-page")
    for row, users in rows[first:last]:
        cards.card(person, row, users)
    kit.pages(len(rows), "sources-page")
    if adds:
        frame.stay(view="add")


view = st.query_params.get("view")
if view == "add" and MANAGES:
    form.draw(None)
elif view == "edit" and MANAGES:
    form.draw(one())
elif "source" in st.query_params:
    detail.draw(person, one())
else:
    listing()
