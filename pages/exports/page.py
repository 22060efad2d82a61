"""Exports: which segments go to which list, how each stands, and what runs now."""

import streamlit as st

from core.access import Action, Person, may
from core.runs.run_all import scheduled
from core.texts import _, many
from pages.exports import filters, form, listing, run_all
from pages.exports.rows import ExportItem, read
from pages.runs import live
from pages.ui import frame, kit


def all_exports(person: Person) -> None:
    """All exports."""
    may_run, may_add = may(person, Action.run), may(person, Action.manage_exports)
    items = read(person)
    with frame.store().begin() as session:
        runs_now = [row.name for row in scheduled(session, person)] if may_run else []
    with kit.head(_("Exports"), _summary(items)):
        if items and may_run:
            run_all.button(runs_now)
        label = _("New export")
        if items and may_add and st.button(label, icon=":material/add:", type="primary", key="new"):
            frame.stay(view="new")
    if not items:
        text = _("An export takes one or more segments to one list. Saving never runs it.")
        if kit.empty("upload", _("No exports yet"), text, _("New export") if may_add else None):
            frame.stay(view="new")
        return
    live.follow()
    listing.show(items)


def _summary(items: list[ExportItem]) -> str:
    """How many there are, on how many connections, and how many need somebody."""
    if not items:
        return _("Segments of your profiles, sent to your lists.")
    connections = {item.connection.id for item in items if item.connection}
    text = many("{n} export", "{n} exports", len(items))
    on = many("on {n} connection", "on {n} connections", len(connections))
    needs = sum(filters.needs_attention(item) for item in items)
    attention = many("{n} needs attention", "{n} need attention", needs) if needs else ""
    return " · ".join(part for part in (f"{text} {on}", attention) if part)


person = frame.guard()
if frame.query("view") in ("new", "edit", "duplicate"):
    form.show()
else:
    all_exports(person)
