"""Slots of schedules as rows: of which export, when, its outcome, and why it did not run."""

import streamlit as st

from core.store.tables.schedules import Slot
from core.texts import _
from pages.ui import frame, kit, links
from pages.ui.words import plain, when


def line(slot: Slot, place: str, named: bool = True) -> None:
    """A row within a card; `place` makes its keys unique, `named` adds the name of its export."""
    name = (slot.name or _("Refresh schedule")) if named else when(slot.at)
    second = when(slot.at) if named else ""
    key = f"{place}-slot-{slot.id}"
    with st.container(**kit.ROW, gap="xsmall", key=key):
        if named and slot.export_id:
            links.named(links.export(slot.export_id, name), second, 240, key)
        else:
            kit.named(name, second, 240)
        with st.container(width=112):
            kit.badge(slot.outcome)
        why = plain(frame.readable(slot.reason)) if slot.reason else ""
        st.markdown(f":small[{why}]" if why else "", width="stretch")
        if slot.run_id:
            links.draw(links.run(slot.run_id), f"{key}-run")
