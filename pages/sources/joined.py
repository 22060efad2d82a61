"""Fields that are made from other sources, in the form: the table, the keys, the fields."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from core.access import Role
from core.audience import joins
from core.configuration.source import Source
from core.profiles.joined.checks import KEYS
from core.profiles.joined.matches import Matches
from core.profiles.sources import Schema
from core.store import sources
from core.store.tables.data import SourceRow
from core.texts import _, many
from pages.sources import joined_data, joined_field
from pages.sources.joined_data import PART, Data
from pages.ui import cells, forms, frame, kit
from pages.ui.words import percent, plain

LOOK = f"{PART}-look"  # key in the session: what was found, and with which joins
SAMPLE = 5  # rows


@dataclass(frozen=True, slots=True)
class Look:
    """The fields as they were looked at."""

    joins: list[Data]
    found: joins.FoundJoins


def draw(form: str, own: Schema, given: Sequence[Data], row: SourceRow | None) -> list[Data]:
    """The card; the joins as they are filled in now. It begins with `given`."""
    others = _others(row)
    if not others and not given:
        return []
    with st.container(border=True, key="joined"):
        kit.section(_("Fields from another table"))
        numbered = enumerate(joined_data.numbered(given).items())
        filled = [
            _draw_join(form, (i, join), fields, own, others) for i, (join, fields) in numbered
        ]
        if not filled:
            text = _("Counts, sums or newest values of orders, consents or lists of members.")
            st.markdown(f":small[:gray[{text}]]")
        forms.problem(form, "joined")
        _draw_buttons(has_joins=bool(filled))
        _draw_look(filled)
    return filled


def _draw_buttons(*, has_joins: bool) -> None:
    with st.container(horizontal=True):
        st.button(
            _("Add a table"),
            key=f"{PART}-add",
            icon=":material/add:",
            on_click=joined_data.add_join,
        )
        if has_joins:
            st.button(_("Preview fields"), key=f"{PART}-try", icon=":material/search:")


def is_asked() -> bool:
    """Whether the fields are to be looked at."""
    return bool(st.session_state.get(f"{PART}-try"))


def look(form: str, data: list[Data], spec: Mapping[str, Any], row: SourceRow | None) -> None:
    """Looks at the fields; what was found is kept for the next drawing."""

    def read() -> None:
        person = frame.guard(Role.contributor)
        joined_data.refuse_unfinished(data)
        made = Source(**spec, joined=joined_data.as_joined(data))
        st.session_state[LOOK] = Look(data, joins.look(frame.store(), person, made, row))

    st.session_state.pop(LOOK, None)
    with st.spinner(_("Joining the tables …")):
        forms.attempt(form, read, "joined")


def _draw_look(data: list[Data]) -> None:
    """How many rows match, and the first rows with the fields."""
    seen: Look | None = st.session_state.get(LOOK)
    if seen is None or seen.joins != data:
        return
    for one in seen.found.matches:
        st.markdown(_matches_words(one))
    names = [field["name"] for join in data for field in join["fields"]]
    keys = list(dict.fromkeys(join["key"] for join in data))
    reveal = cells.reveal(f"{PART}-reveal")
    kit.table(
        [plain(name) for name in (*keys, *names)],
        [
            [cells.value(one.get(name), reveal) for name in (*keys, *names)]
            for one in seen.found.found.sample[:SAMPLE]
        ],
        _("The first rows with the fields from other tables"),
    )


def _matches_words(found: Matches) -> str:
    share = percent(found.matched / found.rows) if found.rows else "—"
    rows = many("{n} row", "{n} rows", found.rows)
    text = _("**{share}** of {rows} have at least one row in **{other}**;").format(
        share=share, rows=rows, other=plain(found.source)
    )
    lost = many("{n} row there matches nobody.", "{n} rows there match nobody.", found.unmatched)
    sign = ":green[:material/check:]" if found.matched else ":orange[:material/warning:]"
    return f"{sign} {text} {lost}"


def _draw_join(
    form: str,
    place: tuple[int, int],
    fields: Mapping[int, Data],
    own: Schema,
    others: Mapping[str, SourceRow],
) -> Data:
    """One table; `place` is which it is, and the number that it keeps."""
    i, join = place
    with st.container(border=True, key=f"{PART}-{join}"):
        found = _draw_key(join, own, others)
        forms.problem(form, *joined_data.of_join(i))
        table = others.get(found["source"])
        made = [
            joined_field.draw(form, (i, n), (join, field), data, table)
            for n, (field, data) in enumerate(fields.items())
        ]
        _draw_join_buttons(join, found["source"] or str(i + 1))
    return found | {"fields": made}


def _draw_join_buttons(join: int, name: str) -> None:
    with st.container(horizontal=True):
        st.button(
            kit.named_button(_("Add field"), name),
            key=f"{PART}-{join}-add",
            icon=":material/add:",
            on_click=joined_data.add_field,
            args=(join,),
        )
        st.button(
            kit.named_button(_("Remove table"), name),
            key=f"{PART}-{join}-remove",
            type="tertiary",
            on_click=joined_data.remove_join,
            args=(join,),
        )


def _draw_key(join: int, own: Schema, others: Mapping[str, SourceRow]) -> Data:
    """The other source, and the columns by which its rows belong to people."""
    given, key = joined_data.begun(join), f"{PART}-{join}"
    left, middle, right = st.columns(3)
    with left:
        source = joined_field.choice(_("Table"), others, given["source"], f"{key}-source")
    theirs = sources.schema(others[source]) if source in others else {}
    mine, other = given["key"] or _suggested(own, theirs), given["other_key"]
    with middle:
        names = joined_field.of_kinds(own, KEYS)
        chosen = joined_field.choice(_("Field here"), names, mine, f"{key}-key-{source}")
    with right:
        names = joined_field.of_kinds(theirs, KEYS)
        other = other or _suggested(own, theirs)
        there = joined_field.choice(_("Field there"), names, other, f"{key}-other-{source}")
    return {"source": source, "key": chosen, "other_key": there}


def _suggested(own: Schema, theirs: Schema) -> str | None:
    """A column of both that is called alike and holds the same: the first that can be a key."""
    return next((n for n, kind in own.items() if theirs.get(n) is kind and kind in KEYS), None)


def _others(row: SourceRow | None) -> dict[str, SourceRow]:
    """The sources that may be joined, by name."""
    with frame.store().begin() as session:
        every = sources.everything(session)
    return {one.name: one for one in every if row is None or one.id != row.id}
