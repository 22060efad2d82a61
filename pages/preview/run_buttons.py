"""Runs the export whose preview is shown: what is new and changed, or everybody again."""

from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.access import Person
from core.configuration.export import Mode
from core.plan.freeze import REFUSED_BEFORE
from core.preview.plan import Preview
from core.store.tables.exports import ExportRow
from core.texts import _
from pages.preview import cached
from pages.preview.cached import CachedPreview
from pages.preview.facts import Facts
from pages.runs import live
from pages.ui import frame, kit


def show(facts: Facts, shown: CachedPreview, place: DeltaGenerator, busy: bool) -> None:
    """The buttons, in `place`; for those who may run it, unless its limit stops it."""
    found = shown.preview
    if facts.connection is None or not facts.may_run or (found.over_limit and facts.stops):
        return
    label = _("Run export")
    if found.runs > 1:
        label = _("Run in {n} parts").format(n=f"{found.runs:,}")
    disabled = busy or not (found.valid or found.leave)
    with place:
        if n := found.rejected.get(REFUSED_BEFORE, 0):
            st.button(
                _("Try the {n} refused again").format(n=f"{n:,}"),
                icon=":material/replay:",
                key="refused-again",
                disabled=busy,
                help=_("Runs the export and also sends the profiles that were refused last time."),
                on_click=frame.pressed,
                args=(partial(_start, facts.row.id, refused_again=True),),
            )
        if found.unchanged:  # else it would be the same as running it
            _send_all(facts.row, shown, disabled)
        st.button(
            label,
            icon=":material/play_arrow:",
            type="primary",
            key="run",
            disabled=disabled,
            on_click=frame.pressed,
            args=(partial(_start, facts.row.id),),
        )


def _start(
    export_id: int, person: Person, *, send_all: bool = False, refused_again: bool = False
) -> None:
    """Starts what was shown; Conflict where that has changed since."""
    cached.require_unchanged(person, export_id)
    live.start(export_id, person, send_all=send_all, refused_again=refused_again)


def _send_all(row: ExportRow, shown: CachedPreview, disabled: bool) -> None:
    label = _("Send everyone again")
    if not st.button(label, icon=":material/replay:", key="send-all", disabled=disabled):
        return
    kit.confirm(
        _("Send everyone again?"),
        _consequences(shown.preview, shown.order.export.mode),
        label,
        partial(_start, row.id, send_all=True),
    )


def _consequences(found: Preview, mode: str) -> str:
    """What sending everybody again does, and what the run does besides as each run does."""
    sentences = [
        _("Sends all **{n}** profiles again, including the **{same}** unchanged ones.").format(
            n=f"{found.valid:,}", same=f"{found.unchanged:,}"
        )
    ]
    if mode != Mode.update:  # which touches no list
        sentences.append(_("Nobody joins or leaves the list because of it."))
        if found.add or found.leave:
            text = _("As with any other run, {add} join and {leave} leave.")
            sentences.append(text.format(add=f"{found.add:,}", leave=f"{found.leave:,}"))
    return " ".join(sentences)
