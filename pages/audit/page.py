"""Audit: who did what to what, when and from where."""

from datetime import timedelta
from typing import Any

import streamlit as st

from core.access import Role
from core.profiles.folding import folded
from core.runs import downloads
from core.store import audit
from core.store.audit import Deed
from core.texts import _
from pages.audit.rows import in_words, table, things
from pages.ui import download, finders, frame, kit, rows
from pages.ui.words import now

person = frame.guard(Role.administrator)
SHOWN = 200
PAGE = "entrys-page"  # key of the table's pages
ANY = _("All")
PERIODS = {_("Last 24 hours"): 1, _("Last 7 days"): 7, _("Last 30 days"): 30}  # days


def filters(names: list[str]) -> tuple[dict[str, Any], list[str]]:
    """Of which person, action and time, as `core.store.audit` takes it; and words to be found."""
    in_address = {"bind": "query-params", "on_change": kit.first_page, "args": (PAGE,)}
    with st.container(horizontal=True, vertical_alignment="bottom", key="labelled-filters"):
        who = st.selectbox(_("Person"), [ANY, *names], key="by-person", width=180, **in_address)
        what = st.selectbox(
            _("Action"),
            [ANY, *Deed],
            format_func=in_words,
            key="by-action",
            width=180,
            **in_address,
        )
        time = st.selectbox(_("Time"), [ANY, *PERIODS], key="by-time", width=180, **in_address)
        words = finders.search(_("Find an entry"), _("Who, what"), PAGE)
    chosen = {
        "by": None if who == ANY else who,
        "deed": None if what == ANY else Deed(what),
        "since": now() - timedelta(days=PERIODS[time]) if time in PERIODS else None,
    }
    return chosen, words


place = kit.head(
    _("Audit"), _("Every change, sign-in, run and denied action. Entries can't be changed.")
)
with place:
    button = st.empty()
with frame.store().begin() as session:
    wanted, words = filters(audit.people(session, person))
    newest = audit.entries(session, person, **wanted, limit=SHOWN)
    leads = things(session)
found = [
    row
    for row in newest
    if all(word in folded(f"{row.by} {row.kind} {row.what}") for word in words)
]
with button:
    download.button(
        _("Download (CSV)"),
        lambda who: downloads.audit_csv(frame.store(), who, **wanted),
        "audit.csv",
        key="download",
    )
if found:
    rows.draw(table(leads), found)
    st.markdown(f":small[:gray[{_('The newest {n} are shown.').format(n=SHOWN)}]]")
else:
    st.info(_("No such entries yet."))
