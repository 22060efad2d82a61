"""An export with more profiles than one run takes: what happens then, and what can be done."""

from functools import partial

import streamlit as st

from core.access import Person
from core.preview.plan import Preview
from core.store import exports
from core.store.tables.exports import ExportRow
from core.texts import _, many
from pages.preview.facts import Facts
from pages.ui import frame, kit
from pages.ui.words import plain


def show(facts: Facts, found: Preview) -> None:
    """The sentence, with the ways out for those who may change the export."""
    if not found.over_limit:
        return
    title = many("{n} profile over the limit", "{n} profiles over the limit", found.over)
    if not facts.stops:
        text = _("They are sent in **{n} runs** of at most {limit} each, one after the other.")
        text = text.format(n=f"{found.runs:,}", limit=f"{found.limit:,}")
        st.info(text, title=title, icon=":material/call_split:")
        return
    text = _(
        "One run takes at most {limit} profiles, and this export is set to **stop** above that. "
        "Nothing has been sent."
    )
    st.error(text.format(limit=f"{found.limit:,}"), title=title, icon=":material/block:")
    if facts.may_change:
        _ways_out(facts.row, found)


def _ways_out(row: ExportRow, found: Preview) -> None:
    with st.container(horizontal=True, key="over-actions"):
        label = _("Split into {n} runs").format(n=f"{found.runs:,}")
        if st.button(label, icon=":material/call_split:", type="primary", key="split"):
            _confirm_split(row, found, label)
        if st.button(_("Narrow the segments"), icon=":material/filter_alt:", key="narrow"):
            frame.go("segments")


def _confirm_split(row: ExportRow, found: Preview, label: str) -> None:
    text = _(
        "From now on **{name}** makes several runs of at most {limit} profiles when it is over the "
        "limit, one after the other: {n} now, for {valid} profiles. This sends nothing yet."
    )
    kit.confirm(
        _("Split the runs of this export?"),
        text.format(
            name=plain(row.name),
            limit=f"{found.limit:,}",
            n=f"{found.runs:,}",
            valid=f"{found.valid:,}",
        ),
        label,
        partial(_split, row.id or 0),
        _("“{name}” splits its runs from now on.").format(name=row.name),
    )


def _split(export_id: int, person: Person) -> None:
    with frame.store().begin() as session:
        row = exports.find(session, export_id)
        spec = exports.spec(session, row).model_copy(update={"over_limit": "split"})
        exports.change(session, person, row, spec)
