"""Audit: who did what to what, when and from where."""

import streamlit as st

from core import history
from core.access import Role
from core.models import AuditRow
from core.store import accounts, audit
from core.store.audit import Deed
from core.texts import _
from pages.ui import frame, kit
from pages.ui.frame import guard, store
from pages.ui.words import when

person = guard(Role.administrator)
SHOWN = 200
ANY = _("All")


def filters() -> tuple[str | None, Deed | None]:
    """Whose deeds, and which, are to be shown."""
    with store().begin() as s:
        names = [row.name for row in accounts.everybody(s)]
    with st.container(horizontal=True):
        who = st.selectbox(_("Person"), [ANY, *names])
        what = st.selectbox(_("Action"), [ANY, *Deed])
    return (None if who == ANY else who), (None if what == ANY else Deed(what))


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
who, what = filters()
whole = frame.made_for(lambda person: history.audit_csv(store(), person, who, what))
label = _("Download (CSV)")
button.download_button(label, whole, "audit.csv", "text/csv", icon=":material/download:")
with store().begin() as session:
    rows = audit.entries(session, person, by=who, deed=what, limit=SHOWN)
if rows:
    st.dataframe(table(rows), hide_index=True, width="stretch")
    st.markdown(f":small[:gray[{_('The newest {n} are shown.').format(n=SHOWN)}]]")
else:
    st.info(_("Nothing of this kind was written down yet."))
