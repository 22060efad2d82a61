"""The last refreshes, each with how it went and what depends on what failed."""

import streamlit as st

from core.store import refreshes
from core.texts import _
from pages.runs.refreshes import line
from pages.ui import frame, kit

PAGE = "refreshes-page"  # key of the list's pages
SIZE = 5  # refreshes of a page


def show() -> None:
    """The card; nothing before the first refresh."""
    with frame.store().begin() as session:
        n = refreshes.how_many(session)
        first, last = kit.paged(n, PAGE, SIZE)
        found = refreshes.everything(session, limit=last - first, offset=first)
        parts = refreshes.of(session, [one.id for one in found])
    if not found:
        return
    with st.container(border=True, gap="small", key="refreshes"):
        kit.section(_("Refreshes"), _("what each has read and counted"))
        for one in found:
            line(one, parts[one.id])
        kit.pages(n, PAGE, SIZE)
