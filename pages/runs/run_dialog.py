"""The question before a run: what it would do, who can't be sent, and one more click to send."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import streamlit as st

from core.access import Action, Person, may
from core.configuration.export import Mode
from core.errors import SegferryError
from core.preview.plan import Preview
from core.runs import run_all
from core.store import exports
from core.store.tables.connections import ConnectionRow
from core.store.tables.exports import ExportRow
from core.texts import _, many
from pages.runs import cached, live, marks, reports, standing
from pages.runs.cached import CachedPreview
from pages.ui import frame
from pages.ui.words import percent, plain, took, when

NAMED = 3  # reasons that are named
SEVERAL = 12  # exports that the question for several lists


def ask(export_id: int) -> None:
    """Opens the question for this export."""
    _dialog(export_id)


@st.dialog(_("Run this export?"), width="medium", icon=":material/play_arrow:")
def _dialog(export_id: int) -> None:
    person = frame.guard()
    with frame.store().begin() as session:
        row = exports.find(session, export_id)
        connection = exports.connection_of(session, row)
    _heading(row, connection)
    try:
        shown = cached.preview_of(person, row)
    except SegferryError as error:
        frame.fail(error)
        _closing()
        return
    if connection is None or not may(person, Action.run, connection):
        _closing()
    elif shown.preview.over_limit and shown.order.export.over_limit == "stop":
        _over(row, shown.preview)
    elif not shown.send and not shown.preview.leave:
        _nothing(row, shown)
    else:
        _plan(row, shown)


def _send_label(shown: CachedPreview, name: str) -> str:
    """What the button says that starts it: what it sends, and where."""
    found = shown.preview
    if shown.order.export.mode is Mode.update:
        text = many("Update {n} profile", "Update {n} profiles", shown.send)
    elif shown.send:
        text = _("Send {n} to {list}").format(n=f"{shown.send:,}", list=plain(name))
    else:
        text = _("Take {n} off {list}").format(n=f"{found.leave:,}", list=plain(name))
    if found.runs > 1:
        text += " " + _("in {n} parts").format(n=found.runs)
    return text


def _heading(row: ExportRow, connection: ConnectionRow | None) -> None:
    to = f":gray[:material/arrow_forward:] **{plain(row.list_name or row.list_id)}**"
    text = f"**{plain(row.name)}** {to}"
    if connection:
        text += f" :gray[{_('on')}] **{plain(connection.name)}** &nbsp; {marks.mark(connection)}"
    st.markdown(text)


def _plan(row: ExportRow, shown: CachedPreview) -> None:
    found = shown.preview
    with st.grid(3, min_column_width=88, gap="small", key="run-figures"):
        st.metric(f":green[:material/person_add:] {_('Join')}", f"{shown.join:,}", border=True)
        st.metric(f":blue[:material/sync:] {_('Change')}", f"{shown.change:,}", border=True)
        leave = f":orange[:material/person_remove:] {_('Leave')}"
        st.metric(leave, f"{found.leave:,}", border=True)
    for line in _lines(shown):
        st.markdown(line)
    _counted(shown)
    label = _send_label(shown, row.list_name or row.list_id)
    with _buttons():
        if st.button(_("Cancel"), key="run-no"):
            st.rerun()
        _send(label, partial(start, row.id), "run-yes", type="primary")


def _lines(shown: CachedPreview) -> list[str]:
    """What else there is to know before it is sent."""
    found, there = shown.preview, shown.order.capabilities
    lines = []
    if found.unchanged:
        text = many(
            "{n} is the same as last time and is not sent again.",
            "{n} are the same as last time and are not sent again.",
            found.unchanged,
        )
        lines.append(f":gray[:material/check:] &nbsp;{text}")
    if rejected := sum(found.rejected.values()):
        reasons = list(found.rejected.items())
        named = ", ".join(f"{n:,} {standing.reason(k, there)}" for k, n in reasons[:NAMED])
        more = " …" if len(reasons) > NAMED else ""
        share = percent(rejected / found.members)
        text = _("{n} can't be sent ({share}): {reasons}")
        words = text.format(n=f"{rejected:,}", share=share, reasons=plain(named))
        lines.append(f":red[:material/block:] &nbsp;{words}{more}")
    if found.billing and found.billing.over:
        over = _("Up to {n} new, up to {over} over the plan").format(
            n=f"{found.billing.new:,}", over=f"{found.billing.over:,}"
        )
        lines.append(f":orange[:material/payments:] &nbsp;{over}")
    guards = _("Guards look at the plan again before anything is sent, and hold it where needed.")
    lines.append(f":green[:material/verified_user:] &nbsp;{guards}")
    return lines


def _counted(shown: CachedPreview) -> None:
    text = _("Counted {when} · {n} · about {time}").format(
        when=when(shown.at, in_sentence=True),
        n=many("{n} request", "{n} requests", shown.preview.requests),
        time=took(shown.preview.seconds),
    )
    st.markdown(f":small[:gray[{text}]]")


def _nothing(row: ExportRow, shown: CachedPreview) -> None:
    """A run that would send nothing is not what the dialog proposes."""
    found = shown.preview
    if found.valid:
        text = _(
            "All **{n}** people are on **{list}** already, and nothing about them has changed "
            "since the last run. A run now would send nothing."
        )
        st.markdown(
            text.format(n=f"{found.valid:,}", list=plain(row.list_name or row.list_id)),
        )
    else:
        st.markdown(_("Nobody can be sent, so a run would send nothing."))
    for line in _lines(shown)[1 if found.unchanged else 0 : -1]:
        st.markdown(line)
    _counted(shown)
    with _buttons():
        again = _("Send all {n} again").format(n=f"{found.valid:,}")
        if found.valid:
            _send(again, partial(start, row.id, send_all=True), "run-all-again")
        _close()


def _over(row: ExportRow, found: Preview) -> None:
    text = _("**{n} profiles, limit {limit}**: {over} above it. Nothing can be sent as it is.")
    st.error(
        text.format(n=f"{found.valid:,}", limit=f"{found.limit:,}", over=f"{found.over:,}"),
        icon=":material/block:",
    )
    with _buttons():
        if st.button(_("See what can be done"), key="run-over"):
            frame.go("preview", export=row.id)
        _close()


def _buttons():
    return st.container(horizontal=True, horizontal_alignment="right", key="dialog-buttons")


def _send(label: str, action: Callable[[Person], object], key: str, **look: Any) -> None:
    """Done before the dialog is drawn again: what is sent is what its reader saw."""
    if st.button(label, key=key, on_click=frame.pressed, args=(action,), **look):
        st.rerun()


def _close() -> None:
    if st.button(_("Close"), key="run-no", type="primary"):
        st.rerun()


def _closing() -> None:
    with _buttons():
        _close()


def start(
    export_id: int, person: Person, *, send_all: bool = False, refused_again: bool = False
) -> None:
    """Starts what was shown; Conflict where that has changed since."""
    cached.require_unchanged(person, export_id)
    live.start(export_id, person, send_all=send_all, refused_again=refused_again)


def ask_several(chosen: Sequence[tuple[int, str]]) -> None:
    """Opens the question for several exports: their ids and names."""
    _several(chosen)


@st.dialog(_("Run several exports?"), width="medium", icon=":material/playlist_play:")
def _several(chosen: Sequence[tuple[int, str]]) -> None:
    frame.guard()
    names = "\n".join(f"- {plain(name)}" for _id, name in chosen[:SEVERAL])
    if len(chosen) > SEVERAL:
        names += "\n- " + many("{n} more", "{n} more", len(chosen) - SEVERAL)
    st.markdown(names)
    text = _("They run one after another. One that a guard holds doesn't stop the others.")
    st.markdown(f":small[:gray[{text}]]")
    with _buttons():
        if st.button(_("Cancel"), key="run-no"):
            st.rerun()
        label = many("Run {n} export", "Run {n} exports", len(chosen))
        ids = [id for id, _name in chosen]
        _send(label, partial(_start_several, ids), "run-yes", type="primary")


def _start_several(export_ids: Sequence[int], person: Person) -> None:
    reports.report(run_all.run_each(frame.store(), person, export_ids), reports.queued)
