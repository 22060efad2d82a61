"""The lists of the history: the runs, and the times of schedules at which none began."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import streamlit as st

from core.store import runs as runs_store
from core.store import slots
from core.texts import _, many
from pages.runs import rows as run_rows
from pages.runs.slots import line
from pages.ui import frame, kit, row_heads, rows

TABLE = run_rows.table(follows=True)
PAGE = rows.page_key(TABLE)
NOT_RUN = "unrun-page"  # key of the pages of the times that did not run
FEW = 5  # of them on a page


def runs(wanted: Mapping[str, Any]) -> None:
    """The runs that the filters let through, a split as one, in the order that the address asks.

    The database filters and sorts them, so no more are read than are shown.
    """
    with frame.store().begin() as session:
        n = runs_store.how_many(session, **wanted, whole=True)
        first, last = kit.paged(n, PAGE)
        window = {"limit": last - first, "offset": first, "sort": row_heads.sorted_by()}
        found = run_rows.items(
            session, runs_store.everything(session, **wanted, whole=True, **window)
        )
    if found:
        rows.draw_page(TABLE, found, n, kit.PAGE)
    else:
        kit.empty(
            "search_off", _("No run matches"), _("Choose a longer period, or remove filters.")
        )


def not_run(since: datetime, export_id: int | None) -> None:
    """Times of schedules at which no run began: skipped, missed, or failed before one."""
    wanted = {"unrun_since": since, "export_id": export_id}
    with frame.store().begin() as session:
        n = slots.how_many(session, **wanted)
        first, last = kit.paged(n, NOT_RUN, FEW)
        found = slots.everything(session, **wanted, limit=last - first, offset=first)
    if not n:
        return
    with st.container(border=True, gap="small", key="unrun"):
        kit.section(_("Scheduled, but not run"), many("{n} time", "{n} times", n))
        for slot in found:
            line(slot, "unrun")
        kit.pages(n, NOT_RUN, FEW)
