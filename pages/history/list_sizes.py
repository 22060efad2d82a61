"""How large the largest lists are, where no export is chosen: a line each, and a table."""

from datetime import datetime

import streamlit as st

from core.runs.list_sizes import Largest, largest
from core.texts import _, many
from pages.history import lines
from pages.ui import frame, kit
from pages.ui.colors import LINES
from pages.ui.words import day, plain, zone


def show(since: datetime, connection_id: int | None) -> None:
    """The chart, and the same in numbers."""
    name = getattr(zone(), "key", "UTC")
    found = largest(frame.store(), since, name, len(LINES), connection_id=connection_id)
    if not found.lists:
        st.markdown(f":gray[{_('No list has been counted in this time.')}]")
        return
    lines.several({one.name: one.points for one in found.lists}, _in_words(found))
    if found.of > len(found.lists):
        text = _("The {n} largest of {all} lists. Choose an export to see its list.")
        st.caption(text.format(n=len(found.lists), all=f"{found.of:,}"))
    with st.expander(_("The same numbers as a table"), type="compact"):
        _table(found)


def _in_words(found: Largest) -> str:
    return many(
        "Profiles on {n} list by day; now: {each}",
        "Profiles on {n} lists by day; now: {each}",
        len(found.lists),
        each=", ".join(f"{one.name} {one.points[-1][1]:,}" for one in found.lists),
    )


def _table(found: Largest) -> None:
    first, last = (_("First day"), _("Profiles then")), (_("Last day"), _("Profiles"))
    rows = []
    for one in found.lists:
        (began, before), (ended, now) = one.points[0], one.points[-1]
        rows.append([plain(one.name), day(began), before, day(ended), now, now - before])
    kit.table([_("List"), *first, *last, _("Change")], rows)
