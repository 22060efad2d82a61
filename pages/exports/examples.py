"""What matched columns hold, shown beside them; read once for each column of a session."""

from collections.abc import Iterable, Sequence
from typing import Any

import streamlit as st

from core.access import Action, Person, may
from core.audience import looks
from core.errors import SegferryError
from core.profiles.matching.examples import Held
from core.store.tables.data import SourceRow
from core.texts import _
from pages.ui import cells, frame
from pages.ui.words import percent, plain

KEY = "examples"  # in the session; those of one source as it is, and what was found


def show(
    person: Person,
    source: SourceRow,
    places: Sequence[tuple[str, Any]],
    trouble: Any,
    reveal: bool,
) -> None:
    """Writes into each column's place what it holds, or into `trouble` why nobody knows."""
    try:
        with trouble, st.spinner(_("Reading the columns …")):
            found = _read(person, source, [column for column, _place in places])
    except SegferryError as error:
        trouble.warning(plain(error), icon=":material/warning:")
        return
    for column, place in places:
        place.markdown(_in_words(found.get(column), reveal))


def _in_words(held: Held | None, reveal: bool) -> str:
    if held is None:
        text = _("The source no longer has this column.")
        return f":small[:orange[:material/warning: {text}]]"
    values = " · ".join(cells.value(one, reveal) for one in held.examples)
    share = _("{share} empty").format(share=percent(held.empty))
    color = "gray" if held.examples else "orange"
    return f":small[{values}]  \n:small[:{color}[{share}]]"


def _read(person: Person, source: SourceRow, columns: Iterable[str]) -> dict[str, Held]:
    """What is known of the source as it is, read where it isn't. Raises Denied, SourceFailed."""
    whole = may(person, Action.see_addresses)  # a role may have become smaller since
    version = (source.id, source.read_at, source.spec, whole)
    if st.session_state.get(KEY, (None,))[0] != version:
        st.session_state[KEY] = (version, {})
    known: dict[str, Held] = st.session_state[KEY][1]
    if unknown := [column for column in dict.fromkeys(columns) if column not in known]:
        known |= looks.columns(frame.store(), person, source, unknown)
        st.session_state[KEY] = (version, known)
    return known
