"""Segments: groups of people by rules over the sources."""

from dataclasses import dataclass

import streamlit as st

from core.access import Role
from core.store import sources
from core.store.segments import everything, used_by
from core.store.tables.data import SegmentRow, SourceRow
from core.texts import _, many
from pages.segments import builder, cards
from pages.ui import frame, kit
from pages.ui.frame import guard, store

person = guard(Role.viewer)
MANAGES = person.role >= Role.contributor
FILTERS = {"all": _("All"), "active": _("Active"), "inactive": _("Inactive")}


@dataclass(frozen=True, slots=True)
class Shelf:
    """All that the list shows."""

    sources: dict[int | None, SourceRow]
    segments: list[SegmentRow]
    users: dict[int | None, list[str]]  # names of the exports by segment


def shelf() -> Shelf:
    """Everything, in one transaction."""
    with store().begin() as s:
        rows = everything(s)
        return Shelf(
            {row.id: row for row in sources.everything(s)},
            rows,
            {row.id: used_by(s, row.id or 0) for row in rows},
        )


def listing() -> None:
    """All segments, narrowed by state and by words."""
    builder.tidy()
    have = shelf()
    with kit.head(_("Segments"), _about(have)):
        again = MANAGES and have.segments and st.button(_("Count again"), icon=":material/refresh:")
        adds = (
            MANAGES
            and have.sources
            and st.button(
                _("New segment"),
                icon=":material/add:",
                type="primary" if have.segments else "secondary",
            )
        )
    if again:
        cards.count_again(person, list(have.sources.values()))
    if not have.segments:
        adds = _empty(have) or adds
    else:
        _cards(have, _narrowed(have))
    if adds:
        frame.stay(view="new")


def _about(have: Shelf) -> str:
    people = sum(row.rows or 0 for row in have.sources.values())
    text = _("Groups of people, by rules over your sources.")
    total = many("{n} person altogether.", "{n} people altogether.", people)
    return f"{text} {total}" if people else text


def _narrowed(have: Shelf) -> list[SegmentRow]:
    with st.container(**kit.ROW, horizontal_alignment="distribute", key="filters"):
        state = st.radio(
            _("Show"),
            list(FILTERS),
            format_func=FILTERS.__getitem__,
            horizontal=True,
            key="segments-state",
            label_visibility="collapsed",
        )
        query = st.text_input(
            _("Find a segment"),
            type="search",
            placeholder=_("Find a segment"),
            key="segments-query",
            label_visibility="collapsed",
            width=260,
        )
    words = (query or "").casefold().split()
    return [
        row
        for row in have.segments
        if state in ("all", "active" if row.active else "inactive")
        and all(word in row.name.casefold() for word in words)
    ]


def _cards(have: Shelf, rows: list[SegmentRow]) -> None:
    if not rows:
        st.markdown(f":gray[{_('No segment fits. Change the words or the filter.')}]")
    first, last = kit.paged(len(rows), "segments-page")
    for row in rows[first:last]:
        cards.card(person, row, have.users[row.id])
    kit.pages(len(rows), "segments-page")


def _empty(have: Shelf) -> bool:
    """Whether a new segment was asked for."""
    if not have.sources:
        text = _("Segments are rules over a source. Add a source of profiles first.")
        if kit.empty("filter_alt", _("No segment yet"), text, MANAGES and _("Go to sources")):
            frame.go("sources")
        return False
    text = _("A segment is a group of people by rules, such as all who ordered in 90 days.")
    return kit.empty("filter_alt", _("No segment yet"), text, MANAGES and _("Build the first one"))


view = st.query_params.get("view") if MANAGES else None
if view in ("new", "edit") and shelf().sources:
    kit.back(_("Segments"), "segments")
    id = st.query_params.get("segment", "") if view == "edit" else ""
    builder.draw(int(id) if id.isdecimal() else None)
else:
    listing()
