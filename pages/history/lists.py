"""The lists of the history: the runs, and the times of schedules at which none began."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import streamlit as st

from core.store import runs as runs_store
from core.store import slots
from core.texts import _, many
from pages.runs import live, standing
from pages.runs.rows import card
from pages.runs.slots import line
from pages.ui import frame, kit

RUNS = "history-page"  # key of the runs' pages
NOT_RUN = "unrun-page"  # and of those of the times that did not run
FEW = 5  # of them on a page


def runs(wanted: Mapping[str, Any]) -> None:
    """The runs that the filters let through, newest first, a split as one.

    Those whose numbers change are drawn each second.
    """
    with frame.store().begin() as session:
        n = runs_store.how_many(session, **wanted, whole=True)
        first, last = kit.paged(n, RUNS)
        window = {"limit": last - first, "offset": first}
        found = runs_store.everything(session, **wanted, whole=True, **window)
        parts = runs_store.parts_of(session, found)
        again = runs_store.retries(session, found)
    for run in found:
        each = parts.get(run.id, [run])
        if any(part.status in standing.BUSY or part.is_settling for part in each):
            st.fragment(_moving, run_every=live.TICK)(run.id, str(run.status))
        else:
            card(run, each, again.get(run.id))
    if not found:
        kit.empty(
            "search_off", _("No run matches"), _("Choose a longer period, or remove filters.")
        )
    kit.pages(n, RUNS)


def _moving(run_id: int, known: str) -> None:
    frame.guard()
    with frame.store().begin() as session:
        run = runs_store.find(session, run_id)
        parts, again = runs_store.siblings(session, run), runs_store.retried_by(session, run)
    if str(run.status) != known:
        st.rerun()
    card(run, parts, again)


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
