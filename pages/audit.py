"""Audit: who did what to what, when and from where."""

from datetime import timedelta
from typing import Any

import streamlit as st

from core.access import Role
from core.runs import downloads
from core.store import audit
from core.store.audit import Deed
from core.store.tables.people import AuditRow
from core.texts import _
from pages.ui import frame, kit
from pages.ui.frame import guard, store
from pages.ui.words import now, when

person = guard(Role.administrator)
SHOWN = 200
ANY = _("All")
PERIODS = {
    _("Last 24 hours"): timedelta(days=1),
    _("Last 7 days"): timedelta(days=7),
    _("Last 30 days"): timedelta(days=30),
}


def filters() -> dict[str, Any]:
    """Whose deeds, which, and of what time are to be shown."""
    with store().begin() as s:
        names = audit.people(s, person)
    with st.container(horizontal=True):
        who = st.selectbox(_("Person"), [ANY, *names])
        what = st.selectbox(_("Action"), [ANY, *Deed])
        time = st.selectbox(_("Time"), [ANY, *PERIODS])
    return {
        "by": None if who == ANY else who,
        "deed": None if what == ANY else Deed(what),
        "since": now() - PERIODS[time] if time in PERIODS else None,
    }


def table(rows: list[AuditRow]) -> dict[str, list[str]]:
    """The columns of what was found."""
    return {
        _("When"): [when(row.at) for row in rows],
        _("Who"): [row.by for row in rows],
        _("Role"): [row.role for row in rows],
        _("From"): [row.origin for row in rows],
        _("Action"): [row.action for row in rows],
        _("What"): [f"{row.kind} {row.what}".strip() for row in rows],
    }


place = kit.head(_("Audit"), _("Each change, sign-in, run and refusal. Entries can't be changed."))
with place:
    button = st.empty()
wanted = filters()
whole = frame.on_download(lambda who: downloads.audit_csv(store(), who, **wanted))
label = _("Download (CSV)")
button.download_button(label, whole, "audit.csv", "text/csv", icon=":material/download:")
with store().begin() as session:
    rows = audit.entries(session, person, **wanted, limit=SHOWN)
if rows:
    st.dataframe(table(rows), hide_index=True, width="stretch")
    st.markdown(f":small[:gray[{_('The newest {n} are shown.').format(n=SHOWN)}]]")
else:
    st.info(_("Nothing of this kind was written down yet."))
