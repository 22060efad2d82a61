"""Where things stand: the first steps, then the figures, who is needed, what happened."""

from dataclasses import dataclass

import streamlit as st

from core.access import Action, Person, may, may_use
from core.store import exports, runs, segments, sources
from core.store.connections import everything
from core.store.tables.connections import ConnectionRow
from core.store.tables.data import SegmentRow, SourceRow
from core.store.tables.exports import ExportRow
from core.store.tables.runs import ENDED, Run
from core.texts import _, many
from pages.runs import figures, live, marks, standing
from pages.runs.rows import line
from pages.ui import frame, kit
from pages.ui.words import plain, today, when

LAST = 6  # outcomes shown


@dataclass(frozen=True, slots=True)
class Step:
    """One of the steps to the first export."""

    title: str
    text: str
    done: bool
    button: str
    page: str
    action: Action  # who may do it sees the button
    view: str = "new"  # of the page, while the step is not done


@dataclass(frozen=True, slots=True)
class Things:
    """All that is set up."""

    connections: list[ConnectionRow]
    sources: list[SourceRow]
    segments: list[SegmentRow]
    exports: list[ExportRow]
    latest: dict[int, Run]
    ended: list[Run]


def read() -> Things:
    """What there is now."""
    with frame.store().begin() as session:
        return Things(
            everything(session),
            sources.everything(session),
            segments.everything(session),
            exports.everything(session),
            runs.latest(session),
            runs.everything(session, statuses=ENDED, limit=LAST),
        )


def steps(person: Person, things: Things) -> list[Step]:
    """The way to the first export, with what is done of it."""
    return [
        _connect(person, things.connections),
        _source(things.sources),
        _segment(things.segments),
        Step(
            _("Export it"),
            _("Choose the list and match the fields. Saving never runs an export."),
            bool(things.exports),
            _("New export"),
            "exports",
            Action.manage_exports,
        ),
    ]


def _connect(person: Person, rows: list[ConnectionRow]) -> Step:
    text = _("A Klaviyo account and its private key, kept encrypted. Nothing is sent by that.")
    if rows:
        usable = [row for row in rows if may_use(person, row)]
        told = ", ".join(_connection_told(person, row) for row in usable[:3])
        text = told or _("An administrator of your team has done it.")
    button = _("Open") if rows else _("Add connection")
    action = Action.manage_connections
    return Step(_("Connect Klaviyo"), text, bool(rows), button, "connections", action, "add")


def _connection_told(person: Person, row: ConnectionRow) -> str:
    """Whose account it is only administrators see."""
    if may(person, Action.manage_connections):
        return f"{plain(row.name)} ({plain(row.account_name or row.base_url)})"
    return plain(row.name)


def _source(rows: list[SourceRow]) -> Step:
    text = _("A file of your profiles: Parquet, CSV or NDJSON.")
    if rows:
        text = ", ".join(_source_told(r) for r in rows[:3])
    button = _("Open") if rows else _("Add source")
    return Step(_("Add a source"), text, bool(rows), button, "sources", Action.manage_sources)


def _source_told(row: SourceRow) -> str:
    if row.rows is None:
        return plain(row.name)
    told = many("{n} row", "{n} rows", row.rows)
    return f"{plain(row.name)}, {told}, {_('read')} {when(row.read_at)}"


def _segment(rows: list[SegmentRow]) -> Step:
    text = _("Choose who: rules over the fields of your source.")
    if rows:
        text = ", ".join(plain(r.name) for r in rows[:3]) + (", …" if len(rows) > 3 else "")
    button = _("Open") if rows else _("Build segment")
    action = Action.manage_segments
    return Step(_("Build a segment"), text, bool(rows), button, "segments", action)


def start(person: Person, way: list[Step]) -> None:
    """A new installation: four steps with their state."""
    done = sum(step.done for step in way)
    told = [_("None is done yet."), _("One is done."), _("Two are done."), _("Three are done.")]
    with kit.head(
        _("Welcome, {name}").format(name=person.name),
        _("Four steps to the first export.") + " " + told[done],
    ):
        pass
    st.progress(done / len(way), text=_("{n} of {m} steps done").format(n=done, m=len(way)))
    current = next(i for i, step in enumerate(way) if not step.done)
    for i, step in enumerate(way):
        _card(i, step, current, may(person, step.action))


def _card(i: int, step: Step, current: int, acts: bool) -> None:
    with st.container(border=True, **kit.ROW, key=f"step-{i + 1}"):
        st.markdown(f"**{i + 1}. {step.title}**  \n:small[:gray[{step.text}]]", width=520)
        with st.container(width=90):
            kit.badge("done" if step.done else "todo")
        with st.container(horizontal=True, horizontal_alignment="right"):
            kind = "primary" if i == current else "secondary"
            waits = i > current and not step.done
            if acts and st.button(step.button, key=f"go-{i + 1}", type=kind, disabled=waits):
                frame.go(step.page, **({} if step.done else {"view": step.view}))


def attention(things: Things) -> None:
    """Exports that wait for somebody, each with its reason and the way to it."""
    waiting = [
        (export, run, how)
        for export in things.exports
        if (run := things.latest.get(export.id or 0)) and (how := standing.of(export, run)).needs
    ]
    with st.container(border=True, gap="small", key="attention"):
        note = many("{n} export waits", "{n} exports wait", len(waiting)) if waiting else None
        kit.section(_("Needs you"), note)
        for export, run, how in waiting:
            _alert(export, run, how)
        if not waiting:
            st.markdown(f":green[:material/check_circle:] {_('Nothing waits for you.')}")


def _alert(export: ExportRow, run: Run, how: standing.Standing) -> None:
    with st.container(**kit.ROW, gap="small", key=f"needs-{export.id}"):
        with st.container(width=110):
            kit.badge(how.status)
        st.markdown(f"**{plain(export.name)}** :gray[· {how.note}]", width=520)
        with st.container(horizontal=True, horizontal_alignment="right"):
            standing.act(export, run, how, "alert")


def alerts(person: Person, things: Things) -> None:
    """Connections that don't work, to those who can do something about it."""
    if not may(person, Action.manage_connections):
        return
    for row in things.connections:
        if row.problem:
            with st.container(border=True, **kit.ROW, key=f"connection-{row.id}"):
                with st.container(width=116):
                    kit.badge(marks.status(row))
                st.markdown(f"**{plain(row.name)}** :gray[· {plain(row.problem)}]", width=520)
                with st.container(horizontal=True, horizontal_alignment="right"):
                    if st.button(_("Open"), key=f"open-connection-{row.id}"):
                        frame.go("connections")


def last(things: Things) -> None:
    """How the newest ended runs went."""
    with st.container(border=True, gap="small", key="last"):
        kit.section(_("Last outcomes"))
        for run in things.ended:
            line(run, run.export)
        if not things.ended:
            st.markdown(
                f":gray[{_('No export has run yet. Open one, look at its preview, run it.')}]"
            )


person = frame.guard()
things = read()
way = steps(person, things)
if not all(step.done for step in way):
    start(person, way)
    st.stop()
with kit.head(_("Overview"), today()):
    if may(person, Action.manage_exports) and st.button(
        _("New export"), icon=":material/add:", type="primary", key="new"
    ):
        frame.go("exports", view="new")
figures.show()
live.follow()
alerts(person, things)
attention(things)
last(things)
