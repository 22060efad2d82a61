"""The fields of a source from other tables as its form holds them: plain data, as drafts keep it.

A list of joins, each with its fields. Joins and fields have numbers that stay with them, whatever
is removed before, by which widgets are named.
"""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from core.configuration.source import Source
from core.errors import Invalid
from core.profiles.joined.fields import JoinedField, Make
from core.texts import _
from pages.segments import draft

PART = "source-joined"  # how the keys of its widgets, and of what it keeps, begin
JOINS, FIELDS, LAST = f"{PART}-joins", f"{PART}-fields", f"{PART}-last"
SECOND = ("by", "within_days")  # besides how a field is made
RULES = "rules"  # of a field: those of its rows, as pages/segments/draft.py has them
EMPTY = {"name": "", "make": str(Make.number), **dict.fromkeys(("column", *SECOND, RULES))}
Data = dict[str, Any]


def as_data(spec: Source) -> list[Data]:
    """The joins of a saved source as the form holds them."""
    return [
        {
            "source": join.source,
            "key": join.key,
            "other_key": join.other_key,
            "fields": [_field_data(field) for field in join.fields],
        }
        for join in spec.joins
    ]


def as_joined(data: Sequence[Data]) -> list[Data] | None:
    """The same as `joined` of a source has it; None where nothing is joined."""
    return [
        {
            "source": one["source"],
            "on": {one["key"]: one["other_key"]},
            "fields": [_made(field) for field in one["fields"]],
        }
        for one in data
    ] or None


def refuse_unfinished(data: Sequence[Data]) -> None:
    """Raises Invalid for rules of rows that aren't finished: without them all rows would count."""
    for i, join in enumerate(data):
        for n, field in enumerate(join["fields"]):
            rules = field.get(RULES)
            if rules and any(draft.unfinished(node) for node in draft.nodes(rules)):
                text = _("Some rules of the rows aren’t finished. Fill them in, or take all rows.")
                raise Invalid(text, f"joined.{i}.fields.{n}.where")


def problems(data: Sequence[Data]) -> list[str]:
    """The places whose problems are shown beside what is wrong."""
    found = ["joined"]
    for i, join in enumerate(data):
        found += of_join(i)
        for n in range(len(join["fields"])):
            found += of_field(i, n)
    return found


def of_join(i: int) -> list[str]:
    """The places of a join."""
    return [f"joined.{i}", *(f"joined.{i}.{name}" for name in ("source", "on", "fields"))]


def of_field(i: int, n: int) -> list[str]:
    """The places of a field of a join."""
    place = f"joined.{i}.fields.{n}"
    return [place, *(f"{place}.{name}" for name in ("name", *Make, *SECOND, "where"))]


def numbered(given: Sequence[Data]) -> dict[int, dict[int, Data]]:
    """The fields of each join by their numbers, with what each began with."""
    if FIELDS not in st.session_state:
        st.session_state[JOINS], st.session_state[FIELDS] = {}, {}
        for join in given:
            number = _next()
            st.session_state[JOINS][number] = dict(join)
            st.session_state[FIELDS][number] = {_next(): field for field in join["fields"]}
    found: dict[int, dict[int, Data]] = st.session_state[FIELDS]
    return found


def begun(join: int) -> Data:
    """What a join began with."""
    found: Data = st.session_state[JOINS][join]
    return found


def add_join() -> None:
    """One more, with a field."""
    number = _next()
    st.session_state[JOINS][number] = dict.fromkeys(("source", "key", "other_key"))
    st.session_state[FIELDS][number] = {}
    add_field(number)


def remove_join(join: int) -> None:
    """Without this one."""
    del st.session_state[JOINS][join], st.session_state[FIELDS][join]


def add_field(join: int) -> None:
    """One more of this join."""
    st.session_state[FIELDS][join][_next()] = dict(EMPTY)


def remove_field(join: int, field: int) -> None:
    """Without this one."""
    del st.session_state[FIELDS][join][field]


def forget() -> None:
    """Drops what was filled in: the form was left."""
    for key in [key for key in st.session_state if str(key).startswith(PART)]:
        del st.session_state[key]


def _next() -> int:
    st.session_state[LAST] = st.session_state.get(LAST, 0) + 1
    return int(st.session_state[LAST])


def _field_data(field: JoinedField) -> Data:
    rules = draft.bare(draft.opened(field.where)) if field.where else None
    own = {"name": field.name, "make": str(field.make), "column": field.column, "by": field.by}
    return own | {"within_days": field.within_days, RULES: rules}


def _made(field: Data) -> Data:
    """A field as a source has it; what isn't filled in is missing there, too."""
    made = {"name": field["name"], field["make"]: field["column"] or "rows"}
    made |= {key: field[key] for key in SECOND if field[key] is not None}
    where = draft.value_of(field[RULES]) if field.get(RULES) else None
    return made | ({"where": where.as_data()} if where else {})
