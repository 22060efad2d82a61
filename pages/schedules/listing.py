"""The schedules of the exports, as a list."""

import streamlit as st

from core.texts import _, many
from pages.runs import schedule_row
from pages.runs.schedule_row import ScheduleRow
from pages.ui import frame, kit

PAGE = "schedules-page"  # key of the list's pages


def show(rows: list[ScheduleRow]) -> None:
    """The card, with the button that changes several at once."""
    with st.container(border=True, gap="small", key="exports"):
        kit.section(_("Exports"), many("{n} export", "{n} exports", len(rows)))
        first, last = kit.paged(len(rows), PAGE)
        for row in rows[first:last]:
            schedule_row.draw(row)
        if not rows:
            st.markdown(f":gray[{_('There is no export yet.')}]")
        kit.pages(len(rows), PAGE)
        if sum(row.may_change for row in rows) > 1 and st.button(
            _("Change several at once"), icon=":material/checklist:", key="several"
        ):
            frame.stay(view="exports")
