"""The parts of the look that all pages share: status words, page heads, cards, tables, dialogs."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain, count
from typing import Any

import polars as pl
import streamlit as st

from core.access import Person
from core.errors import Unknown
from core.texts import _
from pages.ui import frame, links
from pages.ui.links import Link
from pages.ui.words import plain

# One word, one icon, one colour for each state. Never another word, never colour alone.
STATUS = {
    "queued": (_("Queued"), "schedule", "gray"),
    "running": (_("Running"), "progress_activity", "blue"),
    "succeeded": (_("Succeeded"), "check_circle", "green"),
    "partial": (_("Partial"), "rule", "orange"),
    "held": (_("Held"), "front_hand", "violet"),
    "failed": (_("Failed"), "error", "red"),
    "cancelled": (_("Cancelled"), "cancel", "gray"),
    "over": (_("Over limit"), "block", "red"),
    "detached": (_("No connection"), "link_off", "gray"),
    "connected": (_("Connected"), "check_circle", "green"),
    "degraded": (_("Degraded"), "warning", "orange"),
    "broken": (_("Broken"), "error", "red"),
    "reconnect": (_("Reconnect"), "link_off", "red"),
    "unchecked": (_("Not checked"), "help", "gray"),
    "removing": (_("Being removed"), "hourglass_top", "gray"),
    "sandbox": (_("Sandbox"), "science", "blue"),
    "sample": (_("Sample"), "label", "gray"),
    "test": (_("Test account"), "labs", "blue"),
    "live": (_("Live"), "public", "gray"),
    "active": (_("Active"), "check_circle", "green"),
    "inactive": (_("Inactive"), "pause_circle", "gray"),
    "paused": (_("Paused"), "pause_circle", "gray"),
    "off": (_("Off"), "do_not_disturb_on", "gray"),
    "due": (_("Due"), "hourglass_top", "blue"),
    "ran": (_("Ran"), "check_circle", "green"),
    "skipped": (_("Skipped"), "skip_next", "gray"),
    "missed": (_("Missed"), "event_busy", "orange"),
    "done": (_("Done"), "check_circle", "green"),
    "todo": (_("To do"), "radio_button_unchecked", "gray"),
    "never": (_("Never run"), "radio_button_unchecked", "gray"),
    "readable": (_("Readable"), "check_circle", "green"),
    "unread": (_("Not read yet"), "radio_button_unchecked", "gray"),
}
ROW = {"horizontal": True, "vertical_alignment": "center"}
PAGE = 20  # rows of a list before it is paged


def badge(status: str, word: str | None = None) -> None:
    """The state of a thing, as a badge of its own."""
    label, icon, color = STATUS[status]
    st.badge(word or label, icon=f":material/{icon}:", color=color)


def badge_md(status: str, word: str | None = None) -> str:
    """The same badge, within a line of markdown."""
    label, icon, color = STATUS[status]
    return f":{color}-badge[:material/{icon}: {word or label}]"


@contextmanager
def head(title: str, text: str | None = None) -> Iterator[None]:
    """Page head: the title (plain) and one line of markdown on the left; draw its buttons inside.

    The last button is the primary one, and the page has no other.
    """
    with st.container(**ROW, horizontal_alignment="distribute", key="head"):
        with st.container(gap=None, width="content", key="head-text" if text else "head-title"):
            st.title(plain(title), anchor=False, width="content")
            if text:
                st.markdown(f":gray[{text}]", width="content")
        with st.container(horizontal=True, width="content", gap="small", key="head-buttons"):
            yield


def back(label: str, page: str) -> None:
    """The button above a page's head that leads back to the page of this name.

    Not st.page_link, which is drawn as chosen when it names the page itself.
    """
    if st.button(label, icon=":material/arrow_back:", type="tertiary", key="back"):
        frame.go(page)


@contextmanager
def finding() -> Iterator[None]:
    """Ends the page with a head and a sentence when what its address names doesn't exist."""
    try:
        yield
    except Unknown as error:
        st.title(_("Not found"), anchor=False)
        frame.fail(error)
        st.stop()


def section(title: str, note: str | None = None) -> None:
    """Head of a card (markdown), with a small note on the right."""
    # Always through this row: a bare heading brings 1 rem of air above it.
    with st.container(**ROW, horizontal_alignment="distribute"):
        st.header(title, anchor=False, width="content")
        if note:
            st.markdown(f":small[:gray[{note}]]", width="content")


def table(columns: Sequence[str], rows: Sequence[Sequence[object]], alt: str | None = None) -> None:
    """A table to read: text is markdown, whole numbers get separators and stand on the right.

    Of columns with one and the same heading each but the first gets a number.
    """
    data = pl.DataFrame(rows, schema=_distinct(columns), orient="row")
    whole = [name for name, kind in data.schema.items() if kind.is_integer()]
    draw_table(data, dict.fromkeys(whole, "{:,.0f}".format), alt)  # with a null they are floats


def _distinct(headings: Sequence[str]) -> list[str]:
    """The headings so that each stands there once, which a frame needs: City, City (2)."""
    found: list[str] = []
    for heading in headings:
        numbered = (f"{heading} ({n})" for n in count(2))
        found.append(next(h for h in chain([heading], numbered) if h not in found))
    return found


def draw_table(
    data: pl.DataFrame, formats: Mapping[str, Callable[[Any], str]], alt: str | None
) -> None:
    """The frame as a table; the numbers of a column as its format writes them, nulls as a dash."""
    # Streamlit puts only numbers on the right, and writes them with separators only where pandas,
    # which it brings along, has styled them.
    styled = data.to_pandas().style.format(formats, na_rep="—")
    st.table(styled, border="horizontal", hide_index=True, alt=alt)


def number(value: object, unit: str | None = None, width: int | str = 84) -> None:
    """A right-aligned number above its unit, for columns of numbers outside tables."""
    text = f"{value:,}" if isinstance(value, int) else str(value)
    below = f"  \n:small[:gray[{unit}]]" if unit else ""
    st.markdown(text + below, text_alignment="right", width=width)


def named(name: str, second: str, width: int | str) -> None:
    """A row's name (plain) above its second line (markdown)."""
    st.markdown(f"**{plain(name)}**  \n:small[:gray[{second}]]", width=width)


def named_button(verb: str, thing: str) -> str:
    """The label of a button that stands beside what it is about, `thing` (plain).

    Its name has both, for those who hear it; the verb alone is seen, by pages/static/layout.css.
    """
    return f"{verb} :gray-background[{plain(thing)}]"


def empty(icon: str, title: str, text: str, button: str | None = None) -> bool:
    """What stands where nothing is yet; whether its button was pressed."""
    with st.container(border=True, horizontal_alignment="center", gap="small", key=f"empty-{icon}"):
        st.space("small")
        st.markdown(f":material/{icon}: **{title}**", text_alignment="center")
        st.caption(text, text_alignment="center")
        pressed = bool(button) and st.button(button, type="primary", key=f"empty-{icon}-button")
        st.space("small")
    return pressed


def problem(sentence: str | None) -> None:
    """A sentence (markdown) at the field above it, for what can't be accepted there."""
    if sentence:
        st.markdown(f":small[:red[:material/error: {sentence}]]")


def confirm(
    title: str,
    text: str,
    label: str,
    action: Callable[[Person], object],
    done: str | None = None,
    otherwise: str = _("Cancel"),
    named: Sequence[Link] = (),
) -> None:
    """Asks before what can't be undone: `text` (markdown) says what, with names and numbers.

    `label` is the verb of the button, `otherwise` that of the other one; `action` is done as who
    is signed in then, and `done` shown after it. `named` are things that the text ends with.
    """

    @st.dialog(title)
    def dialog() -> None:
        frame.guard()
        st.markdown(text)
        links.each(named, "confirm-links")
        with st.container(horizontal=True, horizontal_alignment="right"):
            if st.button(otherwise, key="confirm-no", type="tertiary"):
                st.rerun()
            if st.button(
                label,
                type="primary",
                key="confirm-yes",
                on_click=frame.pressed,
                args=(action, done),
            ):
                st.rerun()

    dialog()


def inform(title: str, text: str, named: Sequence[Link] = ()) -> None:
    """A dialog that only says something: `text` is markdown, `named` are things it ends with."""

    @st.dialog(title)
    def dialog() -> None:
        frame.guard()
        st.markdown(text)
        links.each(named, "inform-links")
        with st.container(horizontal=True, horizontal_alignment="right"):
            if st.button(_("Close"), key="close", type="primary"):
                st.rerun()

    dialog()


def paged(n: int, key: str, size: int = PAGE) -> tuple[int, int]:
    """Below a list of n rows: its pages, if one isn't enough. The slice to show, (from, to)."""
    pages = max(1, -(-n // size))
    page = min(st.session_state.get(key) or 1, pages)
    return (page - 1) * size, min(n, page * size)


def first_page(key: str) -> None:
    """For `on_change` of a filter: other rows begin at the first page."""
    if key in st.session_state:
        st.session_state[key] = 1


def pages(n: int, key: str, size: int = PAGE) -> None:
    """The line below a paged list: which rows are shown of how many, and buttons for the others."""
    if n <= size:
        return
    first, last = paged(n, key, size)
    with st.container(**ROW, horizontal_alignment="distribute", key=f"{key}-line"):
        text = _("{first} to {last} of {n}").format(first=first + 1, last=last, n=f"{n:,}")
        st.markdown(f":small[:gray[{text}]]", width="content")
        st.pagination(-(-n // size), key=key)
