"""Tables of things that come in dozens: dense rows under heads that sort them.

A row has few elements, for each costs the browser time: a tick, the name as a link, one piece of
HTML for all that is only read (made by pages/ui/row_cells.py), and what can be done.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import streamlit as st

from core.texts import _, many
from pages.ui import frame, kit
from pages.ui.words import plain

PAGE = 50  # rows before the table is paged
HEIGHT = 44  # pixels of a row; it has it before its contents come, so that nothing moves
NAME, TICK, SLIM = 176, 22, 62  # pixels; SLIM of a column of numbers where room is little
SORT = "sort"  # in the address: the key of a column, with a minus in front for the other order
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Column(Generic[T]):
    """One column of cells."""

    key: str  # in the address and in the page's keys
    title: str
    cell: Callable[[T], str]  # HTML; made by pages/ui/row_cells.py
    width: int | None = None  # pixels; without, what the others leave
    order: Callable[[T], Any] | None = None  # by what it is sorted; without, it isn't
    wide: bool = False  # drawn where there is room alone
    number: bool = False  # on the right; narrower where there is little room


@dataclass(frozen=True, slots=True)
class Table(Generic[T]):
    """What a kind of things looks like as rows."""

    kind: str  # in the page's keys, such as “export”
    columns: Sequence[Column[T]]
    identity: Callable[[T], tuple[int, str]]  # id and name
    link: Callable[[T], tuple[str, dict[str, str]]]  # the page that the name opens, its query
    actions: Callable[[T], None] | None = None  # draws what can be done with a row
    action_width: int = 60  # pixels
    bulk: Callable[[list[T]], None] | None = None  # draws what can be done with those ticked
    name_title: str = _("Name")
    name_width: int = NAME


def draw(table: Table[T], rows: Sequence[T]) -> None:
    """The rows in the order that the address asks for, by pages; heads or what is ticked above."""
    place = f"{table.kind}s-page"
    ordered = sort(table, rows)
    first, last = kit.paged(len(ordered), place, PAGE)
    shown = ordered[first:last]
    with st.container(gap=None, key=f"rows-{table.kind}"):
        if chosen := ticked(table, rows):
            _bulk(table, chosen)
        else:
            _heads(table, shown)
        for one in shown:
            _row(table, one)
    kit.pages(len(ordered), place, PAGE)


def sort(table: Table[T], rows: Sequence[T]) -> list[T]:
    """In the order that the address asks for; as they are where it asks for none that there is."""
    key, down = _sorted_by()
    orders = {column.key: column.order for column in table.columns} | {"name": _by_name(table)}
    if (order := orders.get(key)) is None:
        return list(rows)
    return sorted(rows, key=order, reverse=down)


def sort_box(table: Table[T]) -> None:
    """The order as a box, for where there are no heads: on a telephone."""
    titles = {"name": table.name_title}
    titles |= {one.key: one.title for one in table.columns if one.order}
    key, _down = _sorted_by()
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


def ticked(table: Table[T], rows: Sequence[T]) -> list[T]:
    """Those of the rows that are ticked."""
    if table.bulk is None:
        return []
    ids = [(table.identity(one)[0], one) for one in rows]
    return [one for id, one in ids if st.session_state.get(_tick(table, id))]


def _heads(table: Table[T], shown: Sequence[T]) -> None:
    with st.container(**kit.ROW, gap="xsmall", wrap=False, key="heads"):
        if table.bulk:
            keys = [_tick(table, table.identity(one)[0]) for one in shown]
            label, key = _("Select all"), f"all-{table.kind}"
            st.checkbox(
                label,
                key=key,
                label_visibility="collapsed",
                width=TICK,
                on_change=_tick_all,
                args=(key, keys),
            )
        _head("name", table.name_title, table.name_width, sortable=True)
        for column in table.columns:
            _head(column.key, column.title, column.width, column.order is not None, column)
        if table.actions:
            st.markdown("&nbsp;", width=table.action_width)


def _head(
    key: str, title: str, width: int | None, sortable: bool, column: Column[Any] | None = None
) -> None:
    wide, number = (column.wide, column.number) if column else (False, False)
    with st.container(
        width=width or "stretch",
        horizontal_alignment="right" if number else "left",
        key=f"{'wide-' if wide else 'slim-' if number else ''}head-{key}",
    ):
        by, down = _sorted_by()
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


def _bulk(table: Table[T], chosen: list[T]) -> None:
    """In the place of the heads, as high as they: rows stay under the pointer."""
    with st.container(**kit.ROW, gap="small", key="bulk"):
        text = many("**{n} selected**", "**{n} selected**", len(chosen))
        st.markdown(text, width="content")
        if table.bulk:
            table.bulk(chosen)
        keys = [_tick(table, table.identity(one)[0]) for one in chosen]
        st.button(
            _("Clear"),
            icon=":material/close:",
            key="bulk-clear",
            type="tertiary",
            on_click=_clear,
            args=(keys,),
        )


def _clear(keys: Sequence[str]) -> None:
    """Unticks rows, by the keys of their ticks."""
    for key in keys:
        st.session_state[key] = False


def _row(table: Table[T], one: T) -> None:
    id, name = table.identity(one)
    page, query = table.link(one)
    kind = table.kind
    with st.container(
        **kit.ROW, gap="xsmall", wrap=False, key=f"row-{kind}-{id}", height=HEIGHT, border=False
    ):
        if table.bulk:
            label = _("Select {name}").format(name=plain(name))
            key = _tick(table, id)
            st.checkbox(label, key=key, label_visibility="collapsed", width=TICK)
        with st.container(width=table.name_width, key=f"name-{kind}-{id}"):
            st.page_link(frame.file_of(page), label=plain(name), query_params=query)
        with st.container(width="stretch", key=f"cells-{kind}-{id}"):
            st.html(_cells(table, one))
        if table.actions:
            with st.container(
                **kit.ROW,
                wrap=False,
                gap=None,
                width=table.action_width,
                horizontal_alignment="right",
                key=f"act-{kind}-{id}",
            ):
                table.actions(one)


def _cells(table: Table[T], one: T) -> str:
    wide = " ".join(_track(column) for column in table.columns)
    narrow = " ".join(
        f"{SLIM}px" if column.number else _track(column)
        for column in table.columns
        if not column.wide
    )
    cells = "".join(
        f'<span class="{"sf-wide" if column.wide else ""}">{column.cell(one)}</span>'
        for column in table.columns
    )
    return f'<div class="sf-cells" style="--wide:{wide};--narrow:{narrow}">{cells}</div>'


def _track(column: Column[Any]) -> str:
    return f"{column.width}px" if column.width else "minmax(80px,1fr)"


def _sorted_by() -> tuple[str, bool]:
    """The key of the column that the address names, and whether it goes downwards."""
    asked = frame.query(SORT)
    return asked.removeprefix("-"), asked.startswith("-")


def _sort_by(key: str) -> None:
    """By this column; downwards where it was by it already."""
    st.query_params[SORT] = f"-{key}" if frame.query(SORT) == key else key


def _by_name(table: Table[T]) -> Callable[[T], str]:
    return lambda one: table.identity(one)[1].casefold()


def _tick(table: Table[T], id: int) -> str:
    return f"tick-{table.kind}-{id}"


def _tick_all(key: str, keys: Sequence[str]) -> None:
    wanted = bool(st.session_state.get(key))
    for one in keys:
        st.session_state[one] = wanted
    st.session_state[key] = False
