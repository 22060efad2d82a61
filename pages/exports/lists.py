"""Reads an account's lists in a thread: a form doesn't wait for a destination that is silent."""

import time
from concurrent.futures import Future
from dataclasses import dataclass
from threading import Thread

import streamlit as st

from core.access import Person, Role
from core.connections import lists
from core.errors import SegferryError
from core.store import Store
from core.store.tables.connections import ConnectionRow
from core.texts import _
from pages.runs import marks
from pages.ui import frame
from pages.ui.words import plain

WAIT = 1.5  # seconds that the page waits before it is drawn without the lists
CACHED_FOR = 120  # seconds
Names = dict[str, str]  # a list's id -> its name


@dataclass(frozen=True, slots=True)
class Reading:
    """Lists that are being read: since when, on the monotonic clock, and the answer to come."""

    since: float
    answer: Future[Names]


def of(person: Person, row: ConnectionRow) -> Names:
    """The account's lists; empty while they aren't known, and the page says so."""
    reading = _begun(row.id or 0, row.base_url, row.secret, person, row, frame.store())
    left = max(0.0, reading.since + WAIT - time.monotonic())
    try:
        return reading.answer.result(timeout=left)
    except TimeoutError:
        st.fragment(_watch, run_every="1s")(reading, marks.type_name(row))
    except SegferryError as error:
        _unread(error)
    return {}


def named(typed: str | None, known: Names) -> str | None:
    """The id of what was chosen or typed, an id or a list's name; what is unknown stays as it is.

    A name that several lists bear names none of them.
    """
    typed = (typed or "").strip()
    if not typed or typed in known:
        return typed or None
    same = [id for id, name in known.items() if typed.casefold() == name.casefold()]
    return same[0] if len(same) == 1 else typed


def forget() -> None:
    """Makes the next reader read the lists again."""
    _begun.clear()


def _watch(reading: Reading, destination: str) -> None:
    """Draws the page again once the lists are there."""
    frame.guard(Role.contributor)
    if reading.answer.done():
        st.rerun()
    text = _("Reading the lists from {destination}. You can type the list’s ID meanwhile.")
    text = text.format(destination=destination)
    st.markdown(f":small[:gray[:material/progress_activity: {text}]]")


def _unread(error: SegferryError) -> None:
    text = _("The lists can’t be read, so type the ID.")
    with st.container(horizontal=True, vertical_alignment="center"):
        text = f":small[:orange[:material/warning: {text}] {plain(error)}]"
        st.markdown(text, width="stretch")
        label = _("Read the lists again")
        if st.button(label, icon=":material/refresh:", type="tertiary", key="lists-again"):
            forget()
            st.rerun()


@st.cache_resource(ttl=CACHED_FOR, max_entries=16, show_spinner=False)
def _begun(
    connection_id: int, url: str, secret: str, _person: Person, _row: ConnectionRow, _store: Store
) -> Reading:
    del connection_id, url, secret  # the key of the cache
    reading = Reading(time.monotonic(), Future())
    Thread(target=_read, args=(reading, _store, _person, _row), daemon=True).start()
    return reading


def _read(reading: Reading, store: Store, person: Person, row: ConnectionRow) -> None:
    try:
        found = lists.lists(store, person, row)
    except Exception as error:  # whatever it was, the page waits for this answer
        reading.answer.set_exception(error)
    else:
        reading.answer.set_result({facts.id: facts.name for facts in found})
