"""The past of an export: its newest runs, and the newest times of its schedule."""

import streamlit as st

from core.texts import _, many
from pages.preview.facts import LAST, Facts
from pages.runs import schedule_row, slots, undo_dialog
from pages.runs.rows import table
from pages.ui import frame, kit, rows


def runs(facts: Facts) -> None:
    """The card of its runs."""
    n = facts.run_count
    with st.container(border=True, gap="small", key="runs"):
        kit.section(_("Runs of this export"), many("{n} run", "{n} runs", n) if n else None)
        rows.draw_few(table(of_export=True), facts.past)
        if not facts.runs:
            st.markdown(f":gray[{_('No runs yet.')}]")
        with st.container(horizontal=True, gap="small", key="past-actions"):
            if n > LAST and st.button(_("All its runs"), icon=":material/history:", key="all"):
                frame.go("history", export=facts.row.name)
            if n and facts.may_run and facts.connection:
                label = _("Restore the list to a day…")
                if st.button(label, icon=":material/settings_backup_restore:", key="restore"):
                    undo_dialog.ask_day(facts.row.id)


def schedule(facts: Facts) -> None:
    """The card of its schedule."""
    with st.container(border=True, gap="small", key="schedule"):
        kit.section(_("Schedule"), _("each with its outcome"))
        schedule_row.draw(facts.schedule)
        for slot in facts.slots:
            slots.line(slot, "own", named=False)
