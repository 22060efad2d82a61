"""Audit: who did what to what, when and from where."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import streamlit as st
from sqlmodel import Session

from core.access import Role
from core.profiles.segments.contents import folded
from core.runs import downloads
from core.store import audit, connections, exports, segments, sources
from core.store.audit import Deed
from core.store.tables.people import AuditRow
from core.texts import _
from pages.ui import download, finders, frame, kit, links, row_cells, rows
from pages.ui.links import Link
from pages.ui.rows import Column, Table
from pages.ui.words import brief, now, when

person = frame.guard(Role.administrator)
SHOWN = 200
PAGE = "entrys-page"  # key of the table's pages
ANY = _("All")
WORDS = {Deed.asked: _("requested"), Deed.lifted: _("unlocked")}  # of actions that need others
PERIODS = {_("Last 24 hours"): 1, _("Last 7 days"): 7, _("Last 30 days"): 30}  # days


def in_words(action: str) -> str:
    """The action as the page names it."""
    return WORDS.get(action, action)


def things(session: Session) -> dict[tuple[str, str], Link]:
    """Where the things that there are lead, by their kind and name as the audit has them."""
    found: dict[tuple[str, str], Link] = {}
    for kind, everything, to in (
        ("connection", connections.everything, links.connection),
        ("source", sources.everything, links.source),
        ("segment", segments.everything, links.segment),
        ("export", exports.everything, links.export),
        ("run", exports.everything, links.export),  # a run is written down by its export
    ):
        found |= {
            (kind, row.name): to(row.id, named(kind, row.name)) for row in everything(session)
        }
    return found


def named(kind: str, what: str) -> str:
    """What something was done to, as a row names it."""
    return f"{kind} {what}".strip() or "—"


def table(leads: dict[tuple[str, str], Link]) -> Table[AuditRow]:
    """How entries look as rows; what is still there is a link."""
    return Table(
        kind="entry",
        columns=COLUMNS,
        identity=lambda row: (row.id, named(row.kind, row.what)),
        link=lambda row: leads.get((row.kind, row.what)),
        name_title=_("What"),
        name_width=300,
    )


def text(value: Callable[[AuditRow], str]) -> Callable[[AuditRow], str]:
    """A cell of words, all of which are shown on pointing."""
    return lambda row: row_cells.text(value(row), whole=value(row))


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


COLUMNS: tuple[Column[AuditRow], ...] = (
    Column(
        "action", _("Action"), text(lambda row: in_words(row.action)), 100, lambda row: row.action
    ),
    Column("who", _("Who"), text(lambda row: row.by), order=lambda row: row.by.casefold()),
    Column(
        "when",
        _("When"),
        lambda row: row_cells.text(brief(row.at), gray=True, whole=when(row.at)),
        90,
        lambda row: -row.at.timestamp(),
    ),
    Column("role", _("Role"), text(lambda row: row.role), 100, lambda row: row.role, wide=True),
    Column("from", _("From"), text(lambda row: row.origin), 130, lambda row: row.origin, wide=True),
)
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
