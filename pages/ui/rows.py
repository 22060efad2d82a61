"""Tables of things that come in dozens: dense rows under heads that sort them.

A row has few elements, for each costs the browser time: a tick, the name as a link, other links,
one piece of HTML for all that is only read (made by pages/ui/row_cells.py), and what can be done.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import streamlit as st

from core.texts import _
from pages.ui import frame, kit, links, row_cells, row_heads
from pages.ui.links import Link
from pages.ui.words import plain

PAGE = 25  # rows before the table is paged: more take a browser longer than a second
HEIGHT = 44  # pixels of a row; it has it before its contents come, so that nothing moves
NAME = 176  # pixels
SLIM = 74  # pixels at most of a column of numbers where room is little
FLEXIBLE = 100  # pixels at least of a column that takes what the others leave
TICK_EVERY = "1s"  # a row whose numbers change
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Column(Generic[T]):
    """One column: of cells, or of links, which stand beside the name and need a width."""

    key: str  # in the address and in the page's keys
    title: str
    cell: Callable[[T], str] | None = None  # HTML; made by pages/ui/row_cells.py
    width: int | None = None  # pixels; without, what the others leave
    order: Callable[[T], Any] | None = None  # by what it is sorted; without, it isn't
    wide: bool = False  # drawn from 1280 pixels of window on
    widest: bool = False  # drawn from 1440 on
    number: bool = False  # on the right; narrower where there is little room
    link: Callable[[T], Link | str | None] | None = None  # instead of a cell; or words for none

    @property
    def slim(self) -> int | None:
        """Its width where room is little."""
        return min(self.width, SLIM) if self.number and self.width else self.width


@dataclass(frozen=True, slots=True)
class Table(Generic[T]):
    """What a kind of things looks like as rows."""

    kind: str  # in the page's keys, such as “export”
    columns: Sequence[Column[T]]
    identity: Callable[[T], tuple[int, str]]  # id and name
    link: Callable[[T], Link | None]  # what the name opens; None where nothing is to be opened
    actions: Callable[[T], None] | None = None  # draws what can be done with a row
    action_width: int = 60  # pixels
    bulk: Callable[[list[T]], None] | None = None  # draws what can be done with those ticked
    name_title: str = _("Name")
    name_width: int = NAME
    sorts: Collection[str] | None = None  # keys of columns; None: by `order`, and the name
    moves: Callable[[T], bool] | None = None  # whether its numbers change by themselves
    is_sample: Callable[[T], bool] = lambda _one: False  # whether the demo made it
    again: Callable[[T], T] | None = None  # the same thing, as it is now

    @property
    def link_columns(self) -> list[Column[T]]:
        """Those beside the name."""
        return [column for column in self.columns if column.link]

    @property
    def cell_columns(self) -> list[Column[T]]:
        """Those after them."""
        return [column for column in self.columns if column.cell]

    def is_sortable(self, key: str) -> bool:
        """Whether the column's head sorts; “name” is the key of the name's."""
        if self.sorts is not None:
            return key in self.sorts
        return key == "name" or any(one.key == key and one.order for one in self.columns)


def draw(table: Table[T], rows: Sequence[T]) -> None:
    """The rows in the order that the address asks for, by pages; heads or what is ticked above."""
    place = page_key(table)
    ordered = sort(table, rows)
    first, last = kit.paged(len(ordered), place, PAGE)
    draw_page(table, ordered[first:last], len(ordered), PAGE)


def draw_page(table: Table[T], shown: Sequence[T], n: int, size: int) -> None:
    """One page of n rows, in their order, for what is sorted and cut where it is read."""
    with st.container(gap=None, key=_rows_key(table)):
        if chosen := row_heads.ticked(table, shown):
            row_heads.bulk(table, chosen)
        else:
            row_heads.heads(table, shown)
        for one in shown:
            _draw(table, one)
    kit.pages(n, page_key(table), size)


def draw_few(table: Table[T], shown: Sequence[T]) -> None:
    """Rows within a card, without heads and ticks."""
    with st.container(gap=None, key=_rows_key(table)):
        for one in shown:
            _draw(table, one)


def _rows_key(table: Table[T]) -> str:
    """Rows with links are higher on a telephone, and are so from the start."""
    return f"rows-linked-{table.kind}" if table.link_columns else f"rows-{table.kind}"


def page_key(table: Table[T]) -> str:
    """The key of the table's pages."""
    return f"{table.kind}s-page"


def sort(table: Table[T], rows: Sequence[T]) -> list[T]:
    """In the order that the address asks for; as they are where it asks for none that there is."""
    key, down = row_heads.sorted_by()
    orders = {column.key: column.order for column in table.columns} | {"name": _by_name(table)}
    if (order := orders.get(key)) is None:
        return list(rows)
    return sorted(rows, key=order, reverse=down)


def _draw(table: Table[T], one: T) -> None:
    """The row, again each second while its numbers change."""
    if table.moves and table.moves(one):
        st.fragment(_moving, run_every=TICK_EVERY)(table, one)
    else:
        _row(table, one)


def _moving(table: Table[T], one: T) -> None:
    frame.guard()
    now = table.again(one) if table.again else one
    if table.moves and not table.moves(now):
        st.rerun()
    _row(table, now)


def _row(table: Table[T], one: T) -> None:
    id, name = table.identity(one)
    kind = table.kind
    with st.container(
        **kit.ROW, gap="xsmall", wrap=False, key=f"row-{kind}-{id}", height=HEIGHT, border=False
    ):
        if table.bulk:
            label = _("Select {name}").format(name=plain(name))
            key = row_heads.tick(table, id)
            st.checkbox(label, key=key, label_visibility="collapsed", width=row_heads.TICK)
        if link := table.link(one):
            below = row_cells.sample() if table.is_sample(one) else ""
            links.draw(link, f"{kind}-{id}", table.name_width, strong=True, below=below)
        else:
            with st.container(width=table.name_width, key=f"name-{kind}-{id}"):
                st.markdown(f"**{plain(name)}**")
        for column in table.link_columns:
            _linked(table, column, one)
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


def _linked(table: Table[T], column: Column[T], one: T) -> None:
    """A cell that leads somewhere; it keeps its place where there is nothing to lead to."""
    key = f"{column.key}-{table.kind}-{table.identity(one)[0]}"
    link = column.link(one) if column.link else None
    if isinstance(link, Link):
        links.draw(link, key, column.width or NAME)
    else:
        with st.container(width=column.width or NAME, key=f"link-{key}"):
            st.markdown(f":gray[{plain(link) if link else '—'}]")


def _cells(table: Table[T], one: T) -> str:
    columns = table.cell_columns
    widest = _tracks(column.width for column in columns)
    wide = _tracks(column.slim for column in columns if not column.widest)
    narrow = _tracks(column.slim for column in columns if not (column.widest or column.wide))
    cells = "".join(
        f'<span class="{_seen_from(column)}">{column.cell(one)}</span>'
        for column in columns
        if column.cell
    )
    style = f"--widest:{widest};--wide:{wide};--narrow:{narrow}"
    return f'<div class="sf-cells" style="{style}">{cells}</div>'


def _tracks(widths: Iterable[int | None]) -> str:
    return " ".join(f"{px}px" if px else f"minmax({FLEXIBLE}px,1fr)" for px in widths)


def _seen_from(column: Column[Any]) -> str:
    return "sf-widest" if column.widest else "sf-wide" if column.wide else ""


def _by_name(table: Table[T]) -> Callable[[T], str]:
    return lambda one: table.identity(one)[1].casefold()
