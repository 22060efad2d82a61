"""Who is in an export, in its form: the segments it takes, and those it leaves out."""

import streamlit as st

from core.store.tables.data import SegmentRow
from core.texts import _, many
from pages.exports.draft import Draft, problem
from pages.ui import frame


def segments(draft: Draft) -> list[str]:
    """The names of the chosen segments."""
    rows = {row.name: row for row in draft.segments}
    if not rows:
        st.info(_("There is no segment yet."), icon=":material/filter_alt:")
        st.page_link(
            frame.file_of("segments"), label=_("Build a segment"), icon=":material/filter_alt:"
        )
    chosen = st.multiselect(
        _("Segments"),
        list(rows),
        [name for name in draft.data.get("segments", ()) if name in rows],
        format_func=lambda name: _counted(rows[name]),
        placeholder=_("Choose one or more"),
        key=f"{draft.form}-segments",
        label_visibility="collapsed",
    )
    problem(draft, "segments", chosen, _("Choose at least one segment."))
    return chosen


def excluded(draft: Draft, chosen: list[str]) -> list[str]:
    """The names of the segments whose members are left out."""
    others = [row.name for row in draft.segments if row.name not in chosen]
    return st.multiselect(
        _("Exclude the members of"),
        others,
        [name for name in draft.data.get("exclude", ()) if name in others],
        placeholder=_("Nobody is excluded"),
        key=f"{draft.form}-exclude",
    )


def without_suppressed(draft: Draft, destination: str) -> bool:
    """Whether people are skipped who get no marketing by email."""
    help = _(
        "Suppressed in {destination}: they bounced, complained, unsubscribed or were "
        "suppressed by hand. In mirror mode those that exports put on the list are taken "
        "off it. Looking them up takes about one request for every hundred people."
    )
    return st.checkbox(
        _("Skip suppressed profiles"),
        bool(draft.data.get("leave_out_suppressed")),
        key=f"{draft.form}-suppressed",
        help=help.format(destination=destination),
    )


def _counted(row: SegmentRow) -> str:
    if row.members is None:
        return row.name
    return f"{row.name} · {many('{n} member', '{n} members', row.members)}"
