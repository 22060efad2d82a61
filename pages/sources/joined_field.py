"""One field from another table in the form of a source: its name, how it is made, of which rows."""

from collections.abc import Collection
from typing import Any

import streamlit as st

from core.profiles.joined.fields import DATED, Make
from core.profiles.sources import Kind, Schema
from core.store import sources
from core.store.tables.data import SourceRow
from core.texts import _
from pages.sources import joined_data, joined_rows
from pages.sources.joined_data import PART, RULES, Data
from pages.ui import forms, kit


def draw(
    form: str,
    place: tuple[int, int],
    ids: tuple[int, int],
    given: Data,
    table: SourceRow | None,
) -> Data:
    """One field; `place` is which it is of which table, `ids` are the numbers that they keep."""
    key = f"{PART}-{ids[0]}-{ids[1]}"
    with st.container(border=True, gap="small", key=f"{key}-row"):
        made = _draw_parts(key, ids, given, sources.schema(table) if table else {})
        rules = joined_rows.draw(given, key, table, made["name"])
        forms.problem(form, *joined_data.of_field(*place))
    return made | {RULES: rules}


def _draw_parts(key: str, ids: tuple[int, int], given: Data, theirs: Schema) -> Data:
    """What it is called and how it is made, side by side, and a way to remove it."""
    parts = st.columns([4, 4, 3, 2, 3, 2], vertical_alignment="bottom")
    names, makes, columns, days_place, dates, removes = parts
    with names:
        name = st.text_input(_("Name"), given["name"], key=f"{key}-name", placeholder="orders_90d")
    with makes:
        make = Make(choice(_("What it is"), [*Make], given["make"], f"{key}-make", _make_words))
    column = _draw_column(columns, make, given, theirs, key)
    with days_place:
        days = st.number_input(
            _("Last days"), 0, None, given["within_days"], key=f"{key}-days", placeholder=_("all")
        )
    by = _draw_by(dates, (make, column, days), given, theirs, key)
    with removes:
        st.button(
            kit.named_button(_("Remove"), name or _("field")),
            key=f"{key}-remove",
            type="tertiary",
            on_click=joined_data.remove_field,
            args=ids,
        )
    made = {"name": (name or "").strip(), "make": str(make), "column": column, "by": by}
    return made | {"within_days": days}


def _draw_column(place: Any, make: Make, given: Data, theirs: Schema, key: str) -> str | None:
    """The column that the field is made of; none where it is made of rows."""
    if make.takes_rows:
        return None
    with place:
        names = of_kinds(theirs, make.kinds)
        return choice(_("Of"), names, given["column"], f"{key}-column-{make}") or None


def _draw_by(
    place: Any,
    made: tuple[Make, str | None, int | None],
    given: Data,
    theirs: Schema,
    key: str,
) -> str | None:
    """The column of dates, asked for only where it makes a difference."""
    make, column, days = made
    if not make.is_ordered and days is None:
        return None
    with place:
        names = of_kinds(theirs, DATED)
        optional = days is None and theirs.get(column or "") in DATED
        offered = ["", *names] if optional else names
        return choice(_("By the date"), offered, given["by"], f"{key}-by-{optional}") or None


def choice(
    label: str, names: Collection[str], given: str | None, key: str, words: Any = None
) -> str:
    offered = list(names)
    index = offered.index(given) if given in offered else (0 if offered else None)
    found = st.selectbox(label, offered, index, key=key, format_func=words or _or_own)
    return found or ""


def _or_own(name: str) -> str:
    return name or _("its own")


def _make_words(make: str) -> str:
    return Make(make).words


def of_kinds(schema: Schema, kinds: Collection[Kind]) -> list[str]:
    return [name for name, kind in schema.items() if kind in kinds or kind is Kind.nothing]
