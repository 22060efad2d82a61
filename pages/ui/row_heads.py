"""What is above dense rows: heads that sort them, or what can be done with those selected."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import streamlit as st

from core.texts import _, many
from pages.ui import frame, kit

if TYPE_CHECKING:
    from pages.ui.rows import Column, Table

TICK = 22  # pixels
SORT = "sort"  # in the address: the key of a column, with a minus in front for the other order
T = TypeVar("T")


def heads(table: "Table[T]", shown: Sequence[T]) -> None:
    """A head for each column, and the tick that selects all of these rows."""
    with st.container(**kit.ROW, gap="xsmall", wrap=False, key="heads"):
        if table.bulk:
            keys = [tick(table, table.identity(one)[0]) for one in shown]
            label, key = _("Select all"), f"all-{table.kind}"
            st.checkbox(
                label,
                key=key,
                label_visibility="collapsed",
                width=TICK,
                on_change=_tick_all,
                args=(key, keys),
            )
        _head("name", table.name_title, table.name_width, table.is_sortable("name"))
        for column in (*table.link_columns, *table.cell_columns):
            _head(column.key, column.title, column.width, table.is_sortable(column.key), column)
        if table.actions:
            st.markdown("&nbsp;", width=table.action_width)


def _head(
    key: str, title: str, width: int | None, sortable: bool, column: "Column[Any] | None" = None
) -> None:
    with st.container(
        width=width or "stretch",
        horizontal_alignment="right" if column and column.number else "left",
        key=f"{_place(column) if column else ''}head-{key}",
    ):
        by, down = sorted_by()
        arrow = ":material/arrow_downward:" if down else ":material/arrow_upward:"
        if sortable:
            st.button(
                title,
                key=f"sort-{key}",
                type="tertiary",
                icon=arrow if key == by else None,
                icon_position="right",
                on_click=_sort_by,
                args=(key,),
            )
        else:
            st.markdown(f":gray[{title}]")


def _place(column: "Column[Any]") -> str:
    """By what pages/static/layout.css knows where a column is drawn, and where it is slim."""
    room = "widest-" if column.widest else "wide-" if column.wide else ""
    return room + ("slim-" if column.slim != column.width else "")


def bulk(table: "Table[T]", chosen: list[T]) -> None:
    """In the place of the heads, as high as they: rows stay under the pointer."""
    with st.container(**kit.ROW, gap="small", key="bulk"):
        text = many("**{n} selected**", "**{n} selected**", len(chosen))
        st.markdown(text, width="content")
        if table.bulk:
            table.bulk(chosen)
        keys = [tick(table, table.identity(one)[0]) for one in chosen]
        st.button(
            _("Clear"),
            icon=":material/close:",
            key="bulk-clear",
            type="tertiary",
            on_click=_clear,
            args=(keys,),
        )


def sort_box(table: "Table[T]") -> None:
    """The order as a box, for where there are no heads: on a telephone."""
    titles = {"name": table.name_title} | {one.key: one.title for one in table.columns}
    titles = {key: title for key, title in titles.items() if table.is_sortable(key)}
    key, _down = sorted_by()
    keys = list(titles)
    box = f"{table.kind}-sort"
    st.selectbox(
        _("Sorted by"),
        keys,
        index=keys.index(key) if key in titles else 0,
        format_func=titles.__getitem__,
        key=box,
        on_change=lambda: _sort_by(st.session_state[box]),
    )


def ticked(table: "Table[T]", rows: Sequence[T]) -> list[T]:
    """Those of the rows that are ticked."""
    if table.bulk is None:
        return []
    ids = [(table.identity(one)[0], one) for one in rows]
    return [one for id, one in ids if st.session_state.get(tick(table, id))]


def sorted_by() -> tuple[str, bool]:
    """The key of the column that the address names, and whether it goes downwards."""
    asked = frame.query(SORT)
    return asked.removeprefix("-"), asked.startswith("-")


def _sort_by(key: str) -> None:
    """By this column; downwards where it was by it already."""
    st.query_params[SORT] = f"-{key}" if frame.query(SORT) == key else key


def _clear(keys: Sequence[str]) -> None:
    """Unticks rows, by the keys of their ticks."""
    for key in keys:
        st.session_state[key] = False


def tick(table: "Table[T]", id: int) -> str:
    """The key of a row's tick."""
    return f"tick-{table.kind}-{id}"


def _tick_all(key: str, keys: Sequence[str]) -> None:
    wanted = bool(st.session_state.get(key))
    for one in keys:
        st.session_state[one] = wanted
    st.session_state[key] = False
