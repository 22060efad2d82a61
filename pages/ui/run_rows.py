"""One run as a row: whose, when, how it ended, its numbers, and what to know about it."""

import streamlit as st

from core import history
from core.models import Run
from core.texts import _
from pages.ui import kit, standing
from pages.ui.words import plain, took, when


def row(run: Run, border: bool = True) -> None:
    """A row of History; without a border inside a card."""
    with st.container(border=border, gap="small", key=f"run-{run.id}"):
        with st.container(**kit.ROW, gap="xsmall"):
            kit.named(run.export, _whence(run), 272)
            with st.container(width=112):
                kit.badge(run.status)
            _numbers(run)
            with st.container(horizontal=True, horizontal_alignment="right"):
                if st.button(_("Details"), key=f"details-{run.id}"):
                    st.switch_page("history.py", query_params={"run": str(run.id)})
        _note(run)


def by(run: Run) -> str:
    """How the run came about: a person's name, or the schedule."""
    words = {"schedule": _("the schedule"), "api": _("the interface")}
    return words.get(run.trigger, plain(run.by))


def _whence(run: Run) -> str:
    part = _(" · part {n} of {m}").format(n=run.part, m=run.parts) if run.parts > 1 else ""
    return f"{when(run.created_at)} · {by(run)}{part}"


def _numbers(run: Run) -> None:
    ended = run.finished_at is not None
    rejected = sum(history.reason_counts(run).values())
    kit.number(run.accepted, _("accepted"), 78)
    kit.number(rejected, _("rejected"), 72)
    kit.number(run.undelivered, _("undelivered"), 88)
    kit.number(took(history.seconds(run)) if ended else "…", _("took"), 100)


def _note(run: Run) -> None:
    how = standing.of_run(run)
    if how.needs and how.note:
        icon, color = kit.STATUS[how.status][1:]
        st.markdown(f":small[:{color}[:material/{icon}:] {how.note}]")
