"""What narrows a list: its states, the search as one types, and boxes of values.

All of it stands in the address, so a link can lead to some of the rows: `Filter` of the key
“source” is `by-source` there.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import streamlit as st

from core.profiles.folding import folded
from core.texts import _
from pages.ui import kit, row_heads, rows
from pages.ui.rows import Table

FIND = "find"  # key of the search, the same on every page
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Filter(Generic[T]):
    """A box of this title, and the values of a thing that it offers."""

    title: str
    values: Callable[[T], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Finders(Generic[T]):
    """What narrows the rows of a table."""

    table: Table[T]
    label: str  # of the search
    placeholder: str  # what is searched
    text: Callable[[T], str]  # the same of one thing
    states: Mapping[str, tuple[str, Callable[[T], bool]]]  # by key: its word, who is in it
    filters: Mapping[str, Filter[T]]


def choose(finders: Finders[T], items: Sequence[T]) -> list[T]:
    """Draws them, and says which of the things they let through."""
    page = rows.page_key(finders.table)
    with st.container(**kit.ROW, horizontal_alignment="distribute", key="filters"):
        in_state = finders.states[_state(finders, items, page)][1]
        with st.container(**kit.ROW, width="content", gap="small", key="finders"):
            words = search(finders.label, finders.placeholder, page)
            chosen = _boxes(finders, items, page)
    return [
        item
        for item in items
        if in_state(item)
        and all(word in folded(finders.text(item)) for word in words)
        and all(value in finders.filters[key].values(item) for key, value in chosen.items())
    ]


def show(finders: Finders[T], items: Sequence[T], nothing: str) -> None:
    """What they let through of the things, as rows; else this sentence, that nothing matches."""
    if wanted := choose(finders, items):
        rows.draw(finders.table, wanted)
    else:
        no_match(nothing)


def no_match(nothing: str) -> None:
    """In place of the rows: this sentence, and what to do."""
    kit.empty("search_off", nothing, _("Clear the search, or choose another filter."))


def search(label: str, placeholder: str, page: str) -> list[str]:
    """The words that were typed, folded; `page` is the key of the list's pages."""
    typed = st.text_input(
        label,
        type="search",
        placeholder=placeholder,
        icon=":material/search:",
        key=FIND,
        label_visibility="collapsed",
        width=220,
        live=True,
        on_change=kit.first_page,
        args=(page,),
        bind="query-params",
    )
    return folded(typed or "").split()


def _state(finders: Finders[T], items: Sequence[T], page: str) -> str:
    words = {
        key: f"{word} {sum(map(holds, items)):,}" for key, (word, holds) in finders.states.items()
    }
    return st.radio(
        _("Show"),
        list(words),
        format_func=words.__getitem__,
        horizontal=True,
        key="show",
        label_visibility="collapsed",
        width="content",
        on_change=kit.first_page,
        args=(page,),
        bind="query-params",
    )


def _boxes(finders: Finders[T], items: Sequence[T], page: str) -> dict[str, str]:
    """What was chosen, by the keys of the filters."""
    label = _("Filters")
    if active := sum(bool(st.session_state.get(f"by-{key}")) for key in finders.filters):
        label += f" · {active}"
    chosen = {}
    with st.popover(label, icon=":material/filter_list:", key="filter-box"):
        for key, one in finders.filters.items():
            known = {value for item in items for value in one.values(item)}
            picked = st.selectbox(
                one.title,
                sorted(known, key=str.casefold),
                index=None,
                placeholder=_("Any"),
                key=f"by-{key}",
                on_change=kit.first_page,
                args=(page,),
                bind="query-params",
            )
            if picked is not None:
                chosen[key] = picked
        row_heads.sort_box(finders.table)
    return chosen
