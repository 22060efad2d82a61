"""Other runs than the usual one: to everybody again, and to those who were refused."""

from functools import partial

import streamlit as st

from core.configuration.export import Mode
from core.plan.freeze import REFUSED_BEFORE
from core.preview.plan import Preview
from core.store.tables.exports import ExportRow
from core.texts import _
from pages.preview.facts import Facts
from pages.runs import run_dialog
from pages.runs.cached import CachedPreview
from pages.ui import frame, kit


def show(facts: Facts, shown: CachedPreview, busy: bool) -> None:
    """The buttons, for those who may run it, unless its limit stops it."""
    found = shown.preview
    if facts.connection is None or not facts.may_run or (found.over_limit and facts.stops):
        return
    refused = found.rejected.get(REFUSED_BEFORE, 0)
    if not refused and not found.unchanged:
        return
    with st.container(horizontal=True, gap="small", key="other-runs"):
        if refused:
            st.button(
                _("Try the {n} refused again").format(n=f"{refused:,}"),
                icon=":material/replay:",
                key="refused-again",
                disabled=busy,
                help=_("Runs the export and also sends the profiles that were refused last time."),
                on_click=frame.pressed,
                args=(partial(run_dialog.start, facts.row.id, refused_again=True),),
            )
        if found.unchanged:  # else it would be the same as running it
            _send_all(facts.row, shown, busy or not (found.valid or found.leave))


def _send_all(row: ExportRow, shown: CachedPreview, disabled: bool) -> None:
    label = _("Send everyone again")
    if not st.button(label, icon=":material/replay:", key="send-all", disabled=disabled):
        return
    kit.confirm(
        _("Send everyone again?"),
        _consequences(shown.preview, shown.order.export.mode),
        label,
        partial(run_dialog.start, row.id, send_all=True),
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
