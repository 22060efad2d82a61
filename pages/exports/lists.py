"""Reads an account's lists in a thread: a form doesn't wait for a destination that is silent.

While they are read again, a browser goes on with those that it knew: a widget whose options vanish
takes what was chosen for a text that was typed.
"""

import re
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
SHOWN = re.compile(r".*\((\w+)\)", re.DOTALL)  # how a list is shown whose name is known


@dataclass(frozen=True, slots=True)
class Reading:
    """Lists that are being read: since when, on the monotonic clock, and the answer to come."""

    since: float
    answer: Future[Names]


def of(person: Person, row: ConnectionRow) -> Names:
    """The account's lists; while they are read, or can't be, those known before, and it says so."""
    reading = _begun(row.id or 0, row.base_url, row.secret, person, row, frame.store())
    left = max(0.0, reading.since + WAIT - time.monotonic())
    try:
        st.session_state[_known(row.id)] = reading.answer.result(timeout=left)
    except TimeoutError:
        st.fragment(_watch, run_every="1s")(reading, marks.type_name(row))
    except SegferryError as error:
        _unread(error)
    return dict(st.session_state.get(_known(row.id), {}))


def add(connection_id: int | None, id: str, name: str) -> None:
    """A list that was just made is known at once; the others are read again."""
    known = st.session_state.get(_known(connection_id), {})
    st.session_state[_known(connection_id)] = {**known, id: name}
    forget()


def shown(id: str, known: Names) -> str:
    """A list with its name, as far as that is known."""
    return f"{known[id]} ({id})" if known.get(id) else id


def named(typed: str | None, known: Names) -> str | None:
    """The id of what was chosen or typed, an id or a list's name; what is unknown stays as it is.

    A name that several lists bear names none of them. A browser may also hand over what was `shown`
    before: then the list isn't known any more, or has another name by now.
    """
    typed = (typed or "").strip()
    if not typed or typed in known:
        return typed or None
    same = [id for id, name in known.items() if typed.casefold() == name.casefold()]
    if len(same) == 1:
        return same[0]
    before = SHOWN.fullmatch(typed)
    return before[1] if before and not same else typed


def forget() -> None:
    """Makes the next reader read the lists again."""
    _begun.clear()


def _known(connection_id: int | None) -> str:
    """The key in the session of the lists that its browser was shown."""
    return f"lists-{connection_id}"


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
