"""One run as a row: its export, when, how it ended, its numbers, and what needs attention."""

import streamlit as st

from core.runs import history, reasons
from core.store.tables.runs import Run
from core.texts import _, many
from pages.runs import standing
from pages.ui import frame, kit
from pages.ui.words import plain, took, when

WIDE = 548  # pixels for the numbers and the button


def card(run: Run) -> None:
    """A row of its own, with the sentence that it may need."""
    with st.container(border=True, gap="small", key=f"run-{run.id}"):
        line(run, run.export)
        state = standing.of_run(run)
        if state.needs and state.note:
            icon, color = kit.STATUS[state.status][1:]
            st.markdown(f":small[:{color}[:material/{icon}:] {state.note}]")


def line(run: Run, name: str) -> None:
    """A row within a card, under a name (plain)."""
    with st.container(**kit.ROW, gap="xsmall", key=f"run-line-{run.id}"):
        kit.named(name, _origin(run), 300)
        with st.container(width=112):
            kit.badge(run.status)
        # So wide that it stands on a line of its own on a phone, whole.
        with st.container(**kit.ROW, gap="xsmall", wrap=False, width=WIDE):
            _numbers(run)
            with st.container(horizontal=True, horizontal_alignment="right"):
                if st.button(_("Details"), key=f"details-{run.id}"):
                    frame.go("history", run=run.id)


def started_by(run: Run) -> str:
    """Who started the run: a person's name, the schedule or the interface."""
    words = {"schedule": _("the schedule"), "api": _("the interface")}
    return words.get(run.trigger, plain(run.by))


def _origin(run: Run) -> str:
    part = _(" · part {n} of {m}").format(n=run.part, m=run.parts) if run.parts > 1 else ""
    lost = many(" · {n} undelivered", " · {n} undelivered", run.undelivered)
    text = f"{when(run.created_at)} · {started_by(run)}{part}"
    return f"{text}:orange[{lost}]" if run.undelivered else text


def _numbers(run: Run) -> None:
    rejected = sum(reasons.reason_counts(run).values())
    length = took(history.seconds(run)) if run.finished_at else "…"
    kit.number(run.accepted or "—", _("accepted"), 74)
    kit.number(rejected or "—", _("rejected"), 64)
    kit.number(length, _("took"), 84)
