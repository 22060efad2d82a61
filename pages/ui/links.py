"""Where the name of a thing leads: exports, segments, sources, connections and runs.

All of them are links of the same tab, drawn by Streamlit: what is written in markdown opens
another one.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import streamlit as st

from core.texts import _, many
from pages.ui import frame
from pages.ui.words import plain


@dataclass(frozen=True, slots=True)
class Link:
    """A name (plain), the page that it opens, by its name in the router, and the query of it."""

    label: str
    page: str
    query: Mapping[str, str] = field(default_factory=dict)


def export(id: int | None, name: str) -> Link:
    """The page of an export."""
    return Link(name, "preview", {"export": str(id)})


def users(exports: Collection[int | None], box: str, name: str) -> Link | None:
    """To the exports that use a thing: to the only one, or to their list, filtered by the thing.

    `box` is that filter's in the list of exports, `name` the thing's.
    """
    if not exports:
        return None
    text = many("{n} export", "{n} exports", len(exports))
    if len(exports) == 1:
        return export(*exports, text)
    return Link(text, "exports", {f"by-{box}": name})


def segment(id: int | None, name: str) -> Link:
    """The page of a segment."""
    return Link(name, "segment", {"segment": str(id)})


def source(id: int | None, name: str) -> Link:
    """The page of a source."""
    return Link(name, "sources", {"source": str(id)})


def connection(id: int | None, name: str) -> Link:
    """The page of a connection, which is for administrators."""
    return Link(name, "connections", {"connection": str(id)})


def run(id: int | None, name: str | None = None) -> Link:
    """The page of a run, under its number where it has no better name."""
    return Link(name or _("Run {n}").format(n=id), "history", {"run": str(id)})


def draw(
    link: Link, key: str, width: int | str = "content", strong: bool = False, below: str = ""
) -> None:
    """The link as part of a line; `strong` where it is the name of what the line is about.

    `key` is its own on the page, `below` HTML made by pages/ui/row_cells.py.
    """
    with st.container(width=width, gap=None, key=f"{'name' if strong else 'link'}-{key}"):
        st.page_link(
            frame.file_of(link.page), label=plain(link.label), query_params=dict(link.query)
        )
        if below:
            st.html(below)


def named(link: Link, second: str, width: int | str, key: str) -> None:
    """A name that opens what it names, above its second line (markdown)."""
    with st.container(gap=None, width=width):
        draw(link, key, strong=True)
        if second:
            st.markdown(f":small[:gray[{second}]]")


def each(links: Sequence[Link], key: str) -> None:
    """One below the other, as in a dialog that says what uses something."""
    if not links:
        return
    with st.container(gap=None, key=key):
        for n, link in enumerate(links):
            draw(link, f"{key}-{n}", strong=True)
