"""The schedules of the exports, as a list."""

import streamlit as st

from core.texts import _
from pages.runs.schedule_row import ScheduleRow
from pages.schedules.rows import finders
from pages.ui import finders as find
from pages.ui import frame


@st.fragment
def show(rows: list[ScheduleRow]) -> None:
    """Those that the search lets through, and the button that changes several at once."""
    frame.guard()
    frame.show_notices()
    with st.container(gap="small", key="exports"):
        if not rows:
            st.markdown(f":gray[{_('There is no export yet.')}]")
            return
        find.show(finders(rows), rows, _("No schedule matches"))
        if sum(row.may_change for row in rows) > 1 and st.button(
            _("Change several at once"), icon=":material/checklist:", key="several"
        ):
            frame.stay(view="exports")
