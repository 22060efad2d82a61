"""A run that is held: why, and what a person can do about it."""

from functools import partial

import streamlit as st

from core.masks import masked
from core.models import Run, RunStatus
from core.texts import _
from pages.ui import frame, kit, live
from pages.ui.words import plain


def show(run: Run, acts: bool) -> None:
    """The reason; with the buttons for those who may act. Nothing for a run that isn't held."""
    if run.status != RunStatus.held:
        return
    title = _("Held: nothing has been sent")
    st.warning(plain(masked(run.hold)), title=title, icon=":material/front_hand:")
    if not acts:
        return
    with st.container(horizontal=True, key="held-actions"):
        if run.export_id:
            _again(run)
        if st.button(_("Discard"), icon=":material/delete:", key="discard"):
            _ask(run)


def _again(run: Run) -> None:
    st.button(
        _("Try again"),
        icon=":material/replay:",
        key="held-again",
        type="primary",
        on_click=frame.pressed,
        args=(partial(live.start, run.export_id),),
    )


def _ask(run: Run) -> None:
    text = _("Run {n} of **{name}** ends as cancelled; nothing of it was sent.")
    kit.confirm(
        _("Discard the held run?"),
        text.format(n=run.id, name=plain(run.export)),
        _("Discard"),
        partial(live.stop, run.id),
    )
