"""What waits for somebody: connections that don't work, and exports that can't go on."""

from typing import Any

import streamlit as st

from core.access import Action, Person, may
from core.store import runs
from core.store.tables.alerts import ChannelRow
from core.store.tables.connections import ConnectionRow
from core.store.tables.exports import ExportRow
from core.store.tables.people import DraftRow
from core.store.tables.runs import Run
from core.texts import _, many
from pages.runs import marks, standing
from pages.ui import frame, kit, links
from pages.ui.links import Link
from pages.ui.words import plain

Waiting = tuple[ExportRow, Run, standing.State]  # an export, its newest run, and how it stands


def broken(person: Person, rows: list[ConnectionRow]) -> list[ConnectionRow]:
    """Connections that don't work, to those who can do something about it."""
    if not may(person, Action.manage_connections):
        return []
    return [row for row in rows if row.problem]


def waiting(rows: list[ExportRow], latest: dict[int, list[Run]]) -> list[Waiting]:
    """Exports that wait for somebody."""
    return [
        (row, runs.standing_for(parts), state)
        for row in rows
        if (parts := latest.get(row.id or 0)) and (state := standing.of(row, parts)).needs
    ]


def connections(rows: list[ConnectionRow]) -> None:
    """Those that don't work, each with what is wrong."""
    for row in rows:
        with st.container(border=True, **kit.ROW, key=f"connection-{row.id}"):
            with st.container(width=116):
                kit.badge(marks.status(row))
            _named(links.connection(row.id, row.name), plain(row.problem), f"broken-{row.id}")


def channels(rows: list[ChannelRow]) -> None:
    """Channels at which no alert arrives, as one line."""
    if not rows:
        return
    text = many(
        "Alerts don’t reach the channel {names}.",
        "Alerts don’t reach the channels {names}.",
        len(rows),
        names=", ".join(f"**{plain(row.name)}**" for row in rows),
    )
    with st.container(**kit.ROW, horizontal_alignment="distribute", key="alerts-failing"):
        st.markdown(f":orange[:material/notifications_off:] {text}", width="content")
        is_own = all(row.account_id is not None for row in rows)
        label = _("Open your account") if is_own else _("Open alerts")
        if st.button(label, key="open-alerts", type="tertiary"):
            frame.go("account" if is_own else "alerts")


def proposals(found: list[tuple[ExportRow, str]]) -> None:
    """Changes that wait for somebody else than who proposed them."""
    if not found:
        return
    with st.container(border=True, gap="small", key="proposals"):
        kit.section(_("Changes to approve"))
        for row, by in found:
            text = _("proposed by {who}").format(who=plain(by))
            _named(links.export(row.id, row.name), text, f"proposal-{row.id}")


def drafted(rows: list[DraftRow]) -> None:
    """What the reader's agents drafted: each opens in its form, where it is saved or discarded."""
    texts = {
        "segment": _("An agent of yours drafted the segment {name}."),
        "export": _("An agent of yours drafted the export {name}."),
    }
    changes = {
        "segment": _("An agent of yours drafted a change of the segment {name}."),
        "export": _("An agent of yours drafted a change of the export {name}."),
    }
    for row in rows:
        key, name = row.kind, str(row.base.get("name") or row.data.get("name"))
        view: dict[str, Any] = {"view": "new"}
        if row.thing_id:
            key, view = f"{row.kind}-{row.thing_id}", {"view": "edit", row.kind: row.thing_id}
        with st.container(**kit.ROW, horizontal_alignment="distribute", key=f"drafted-{key}"):
            text = (changes if row.thing_id else texts)[row.kind]
            text = text.format(name=f"**{plain(name)}**")
            st.markdown(f":violet[:material/smart_toy:] {text}", width="content")
            label = kit.named_button(_("Open draft"), name)
            if st.button(label, key=f"open-drafted-{key}", type="tertiary"):
                frame.go(f"{row.kind}s", **view)


def exports(waiting: list[Waiting]) -> None:
    """Exports that wait for somebody, each with its reason and the button that leads there."""
    with st.container(border=True, gap="small", key="attention"):
        note = many("{n} export waits", "{n} exports wait", len(waiting)) if waiting else None
        kit.section(_("Needs attention"), note)
        for row, run, state in waiting:
            _export(row, run, state)
        if not waiting:
            st.markdown(f":green[:material/check_circle:] {_('All clear.')}")


def _export(row: ExportRow, run: Run, state: standing.State) -> None:
    with st.container(**kit.ROW, gap="small", key=f"needs-{row.id}"):
        with st.container(width=110):
            kit.badge(state.status)
        _named(links.export(row.id, row.name), state.note or "", f"needs-{row.id}")
        with st.container(horizontal=True, horizontal_alignment="right"):
            standing.act(row, run, state, "alert")


def _named(link: Link, note: str, key: str) -> None:
    """What it is about, which opens it, and below it why (markdown)."""
    links.named(link, note, 520, key)
