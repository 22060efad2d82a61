"""The four steps to the first export, and the line that leads on to the next one of them."""

from dataclasses import dataclass

import streamlit as st
from sqlmodel import Session, SQLModel

from core.access import Action, Person, may
from core.store import is_empty
from core.store.tables.connections import ConnectionRow
from core.store.tables.data import SegmentRow, SourceRow
from core.store.tables.exports import ExportRow
from core.texts import _
from pages.ui import frame, kit
from pages.ui.words import plain


@dataclass(frozen=True, slots=True)
class Step:
    """One of the steps: whoever may do `action` does it in the form `view` of `page`."""

    title: str
    button: str
    page: str
    view: str
    action: Action
    table: type[SQLModel]  # it is done once there is a row
    needs: tuple[type[SQLModel], ...] = ()  # of these there has to be a row before

    def open(self) -> None:
        """Goes to its form."""
        frame.go(self.page, view=self.view)


CONNECT = Step(
    _("Add a connection"),
    _("Add connection"),
    "connections",
    "add",
    Action.manage_connections,
    ConnectionRow,
)
SOURCE = Step(
    _("Add a source"), _("Add source"), "sources", "add", Action.manage_sources, SourceRow
)
SEGMENT = Step(
    _("Build a segment"),
    _("Build segment"),
    "segments",
    "new",
    Action.manage_segments,
    SegmentRow,
    (SourceRow,),
)
EXPORT = Step(
    _("Export it"),
    _("New export"),
    "exports",
    "new",
    Action.manage_exports,
    ExportRow,
    (ConnectionRow, SegmentRow),
)
STEPS = (CONNECT, SOURCE, SEGMENT, EXPORT)


def show(person: Person, page: str) -> None:
    """Above the list of what one step makes: the next step that is left, one click away.

    Nothing once there is an export, before the first step, and where the page itself offers it.
    """
    if page not in {step.page for step in STEPS} or frame.query("view"):
        return
    with frame.store().begin() as session:
        left = _left(session)
    mine = [step for step in left if may(person, step.action)]
    if EXPORT not in left or len(left) == len(STEPS) or not mine or mine[0].page == page:
        return
    _line(mine[0], STEPS.index(mine[0]) + 1)


def _left(session: Session) -> list[Step]:
    if not is_empty(session, ExportRow):
        return []
    return [step for step in STEPS if is_empty(session, step.table)]


def _line(step: Step, n: int) -> None:
    with st.container(**kit.ROW, border=True, horizontal_alignment="distribute", key="next-step"):
        title = _("Next: {step}").format(step=plain(step.title))
        note = _("Step {n} of {m}").format(n=n, m=len(STEPS))
        st.markdown(f"**{title}** :gray[· {note}]", width="content")
        icon = ":material/arrow_forward:"  # the page has a primary button of its own
        if st.button(step.button, key="next-step-go", icon=icon):
            step.open()
