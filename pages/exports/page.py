"""Exports: which segments go to which list, how each stands, and what runs now."""

import streamlit as st

from core.access import Action, Person, may
from core.runs.run_all import scheduled
from core.store import exports, runs
from core.texts import _
from pages.exports import form, listing, run_all
from pages.runs import figures, live
from pages.ui import frame, kit


def all_exports(person: Person) -> None:
    """All exports, with the figures of the last week above them."""
    may_run, may_add = may(person, Action.run), may(person, Action.manage_exports)
    with frame.store().begin() as session:
        rows, latest = exports.everything(session), runs.latest(session)
        runs_now = [row.name for row in scheduled(session, person)] if may_run else []
    with kit.head(_("Exports"), _("Segments of your profiles, sent to your lists.")):
        if rows and may_run:
            run_all.button(runs_now)
        label = _("New export")
        if rows and may_add and st.button(label, icon=":material/add:", type="primary", key="new"):
            frame.stay(view="new")
    if not rows:
        text = _("An export takes one or more segments to one list. Saving never runs it.")
        if kit.empty("upload", _("No exports yet"), text, _("New export") if may_add else None):
            frame.stay(view="new")
        return
    figures.show()
    live.follow()
    listing.show(person, rows, latest)


person = frame.guard()
if frame.query("view") in ("new", "edit", "duplicate"):
    form.show()
else:
    all_exports(person)
