"""The first steps of a new installation: four cards on the way to the first export."""

from dataclasses import dataclass

import streamlit as st

from core.access import Action, Person, may, may_use
from core.destinations.register import titles
from core.store.tables.connections import ConnectionRow
from core.store.tables.data import SegmentRow, SourceRow
from core.texts import _, many
from pages.overview.facts import Facts
from pages.ui import frame, kit
from pages.ui.words import plain, when

NAMED = 3  # of each kind, in a step that is done


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


def steps(person: Person, facts: Facts) -> list[Step]:
    """The steps in order, with what is done of each."""
    return [
        _connect(person, facts.connections),
        _source(facts.sources),
        _segment(facts.segments),
        Step(
            _("Export it"),
            _("Choose the list and match the fields. Saving never runs an export."),
            bool(facts.exports),
            _("New export"),
            "exports",
            Action.manage_exports,
        ),
    ]


def show(person: Person, steps: list[Step]) -> None:
    """The page while one of them is left."""
    done = sum(step.done for step in steps)
    counts = [_("None is done yet."), _("One is done."), _("Two are done."), _("Three are done.")]
    with kit.head(
        _("Welcome, {name}").format(name=person.name),
        _("Four steps to the first export.") + " " + counts[done],
    ):
        pass
    st.progress(done / len(steps), text=_("{n} of {m} steps done").format(n=done, m=len(steps)))
    current = next(i for i, step in enumerate(steps) if not step.done)
    for i, step in enumerate(steps):
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


def _connect(person: Person, rows: list[ConnectionRow]) -> Step:
    text = _("An account at {destinations} and its key, kept encrypted. This sends nothing.")
    text = text.format(destinations=titles())
    if rows:
        usable = [row for row in rows if may_use(person, row)]
        text = ", ".join(_connection(person, row) for row in usable[:NAMED])
        text = text or _("Done by an administrator of your team.")
    button = _("Open") if rows else _("Add connection")
    action = Action.manage_connections
    return Step(_("Add a connection"), text, bool(rows), button, "connections", action, "add")


def _connection(person: Person, row: ConnectionRow) -> str:
    """Its name; only administrators see to which account it belongs."""
    if may(person, Action.manage_connections):
        return f"{plain(row.name)} ({plain(row.account_name or row.base_url)})"
    return plain(row.name)


def _source(rows: list[SourceRow]) -> Step:
    text = _("A file of your profiles: Parquet, CSV, JSON, Excel or Arrow.")
    if rows:
        text = ", ".join(_read(row) for row in rows[:NAMED])
    button = _("Open") if rows else _("Add source")
    return Step(_("Add a source"), text, bool(rows), button, "sources", Action.manage_sources)


def _read(row: SourceRow) -> str:
    """A source's name, and what was found in it when it was read last."""
    if row.rows is None:
        return plain(row.name)
    rows = many("{n} row", "{n} rows", row.rows)
    return f"{plain(row.name)}, {rows}, {_('read')} {when(row.read_at)}"


def _segment(rows: list[SegmentRow]) -> Step:
    text = _("Choose people by rules over the fields of your source.")
    if rows:
        text = ", ".join(plain(row.name) for row in rows[:NAMED])
        text += ", …" if len(rows) > NAMED else ""
    button = _("Open") if rows else _("Build segment")
    action = Action.manage_segments
    return Step(_("Build a segment"), text, bool(rows), button, "segments", action)
