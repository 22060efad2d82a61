"""Audit: who did what to what, when and from where."""

from datetime import timedelta
from typing import Any

import streamlit as st

from core.access import Role
from core.runs import downloads
from core.store import audit
from core.store.audit import Deed
from core.texts import _
from pages.ui import download, frame, kit
from pages.ui.words import now, when

person = frame.guard(Role.administrator)
SHOWN = 200
ANY = _("All")
WORDS = {Deed.asked: _("requested"), Deed.lifted: _("unlocked")}  # of actions that need others
PERIODS = {_("Last 24 hours"): 1, _("Last 7 days"): 7, _("Last 30 days"): 30}  # days


def in_words(action: str) -> str:
    """The action as the page names it."""
    return WORDS.get(action, action)


def filters(names: list[str]) -> dict[str, Any]:
    """Of which person, which action and what time; as `core.store.audit` takes it."""
    with st.container(horizontal=True):
        who = st.selectbox(_("Person"), [ANY, *names])
        what = st.selectbox(_("Action"), [ANY, *Deed], format_func=in_words)
        time = st.selectbox(_("Time"), [ANY, *PERIODS])
    return {
        "by": None if who == ANY else who,
        "deed": None if what == ANY else Deed(what),
        "since": now() - timedelta(days=PERIODS[time]) if time in PERIODS else None,
    }


place = kit.head(
    _("Audit"), _("Every change, sign-in, run and denied action. Entries can't be changed.")
)
with place:
    button = st.empty()
with frame.store().begin() as session:
    wanted = filters(audit.people(session, person))
    rows = audit.entries(session, person, **wanted, limit=SHOWN)
with button:
    download.button(
        _("Download (CSV)"),
        lambda who: downloads.audit_csv(frame.store(), who, **wanted),
        "audit.csv",
        key="download",
    )
if rows:
    columns = {
        _("When"): [when(row.at) for row in rows],
        _("Who"): [row.by for row in rows],
        _("Role"): [row.role for row in rows],
        _("From"): [row.origin for row in rows],
        _("Action"): [in_words(row.action) for row in rows],
        _("What"): [f"{row.kind} {row.what}".strip() for row in rows],
    }
    st.dataframe(columns, hide_index=True, width="stretch")
    st.markdown(f":small[:gray[{_('The newest {n} are shown.').format(n=SHOWN)}]]")
else:
    st.info(_("No such entries yet."))
