"""How far long work is that goes on in a thread of the server, with a button that stops it."""

from collections.abc import Callable

import streamlit as st

from core.access import Person, Role
from core.store.runtime import LongWork
from core.texts import _
from pages.ui import frame, kit
from pages.ui.words import plain

TICK = "1s"
Work = Callable[[], LongWork | None]


def is_going_on(work: LongWork | None) -> bool:
    """Whether it is to be followed."""
    return work is not None and not work.is_done


def follow(key: str, title: str, work: Work, cancel: Callable[[Person], object]) -> None:
    """A card with its progress until it has ended; then the whole page is drawn again."""
    st.fragment(_follow, run_every=TICK)(key, title, work, cancel)


def say_problem(work: LongWork | None) -> None:
    """What the last one failed with."""
    if work and work.problem:
        st.warning(plain(work.problem), icon=":material/warning:")


def _follow(key: str, title: str, find: Work, cancel: Callable[[Person], object]) -> None:
    frame.guard(Role.administrator)
    work = find()
    if work is None or not is_going_on(work):
        st.rerun()
        return
    with st.container(border=True, key=key):
        kit.section(title)
        st.progress(work.share, plain(work.doing))
        st.button(
            _("Cancelling …") if work.is_stopping else _("Cancel"),
            key=f"{key}-cancel",
            disabled=work.is_stopping,
            on_click=frame.pressed,
            args=(cancel,),
        )
