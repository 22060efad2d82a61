"""A run that is held: why, and what a person can do about it."""

from functools import partial

import streamlit as st

from core.access import Person
from core.masking import masked
from core.store import requests, runs
from core.store.tables.runs import Run, RunStatus
from core.texts import _
from pages.runs import live
from pages.ui import frame, kit
from pages.ui.words import plain

RUN_ANYWAY, LEAVE_HELD = _("Run anyway"), _("Leave it held")


def show(run: Run, acts: bool) -> None:
    """The reason; with the buttons for those who may act. Nothing for a run that isn't held."""
    if run.status != RunStatus.held:
        return
    title = _("Held: nothing has been sent")
    st.warning(plain(masked(run.hold)), title=title, icon=":material/front_hand:")
    if not acts:
        return
    with st.container(horizontal=True, key="held-actions"):
        if run.asking is not None:
            if st.button(RUN_ANYWAY, icon=":material/check:", key="confirm", type="primary"):
                _confirm(run)
        elif run.export_id:
            _again(run)
        if st.button(_("Discard"), icon=":material/delete:", key="discard"):
            _discard(run)


def _confirm(run: Run) -> None:
    """The same reason again, with the button that lets the run go on."""
    kit.confirm(
        _("Run anyway?"),
        plain(masked(run.hold)),
        RUN_ANYWAY,
        partial(_let_go_on, run.id, run.asking or 0),
        _("The run continues."),
        LEAVE_HELD,
    )


def _let_go_on(run_id: int, number: int, person: Person) -> None:
    with frame.store().begin() as session:
        requests.confirm(session, person, runs.find(session, run_id), number)


def _again(run: Run) -> None:
    st.button(
        _("Try again"),
        icon=":material/replay:",
        key="held-again",
        type="primary",
        on_click=frame.pressed,
        args=(partial(live.start, run.export_id),),
    )


def _discard(run: Run) -> None:
    text = _("Run {n} of **{name}** is cancelled. Nothing of it was sent.")
    kit.confirm(
        _("Discard the held run?"),
        text.format(n=run.id, name=plain(run.export)),
        _("Discard"),
        partial(live.stop, run.id),
        otherwise=LEAVE_HELD,
    )
