"""The people of a run by what became of them: who they are, and why."""

import polars as pl
import streamlit as st

from core.access import Person
from core.runs import history, people
from core.runs.people import Outcome
from core.store import runs
from core.store.tables.runs import Run
from core.texts import _, many
from pages.runs import standing
from pages.ui import frame, kit, links
from pages.ui.words import plain

PAGE = 50  # people of a page
WORDS = {  # what becomes of people -> the title, and what it means
    Outcome.rejected: (_("Rejected"), _("Not sent, each for one reason.")),
    Outcome.refused: (_("Refused"), _("Sent and not accepted, or not found on the list.")),
    Outcome.new: (_("New"), _("Sent for the first time, and accepted.")),
    Outcome.changed: (_("Changed"), _("Sent again because something about them had changed.")),
    Outcome.same: (_("Same"), _("As they were sent before, so not sent again.")),
    Outcome.undelivered: (
        _("Undelivered"),
        _("Not sent, or sent and not accepted. A retry sends them."),
    ),
}


def show(person: Person, chosen: str, wanted: Outcome) -> None:
    """A page of the people of this run."""
    with kit.finding(), frame.store().begin() as session:
        run = runs.find(session, chosen)
        parts = runs.siblings(session, run)
        again = runs.retried_by(session, run)
    label = _("Run {n}").format(n=run.id)
    if st.button(label, icon=":material/arrow_back:", type="tertiary", key="back"):
        frame.go("history", run=run.id)
    title, text = WORDS[wanted]
    name = _("{title}, run {n} of {export}").format(title=title, n=run.id, export=run.export)
    with kit.head(name, text):
        pass
    if gone := people.removed_since(parts[0], wanted):
        st.info(plain(gone), icon=":material/auto_delete:")
        return
    if again and wanted is Outcome.undelivered:
        links.draw(links.run(again.id, history.of_retry(again)), "again", strong=True)
    with frame.show_errors():
        _table(person, parts, wanted)


def _table(person: Person, parts: list[Run], wanted: Outcome) -> None:
    with st.spinner(_("Looking them up …")):
        found = people.of_run(frame.store(), person, parts, wanted)
    with st.container(border=True, key="people"):
        kit.section(many("{n} person", "{n} people", found.height))
        if found.is_empty():
            st.markdown(f":gray[{_('Nobody, or a later run has sent them again.')}]")
            return
        first, last = kit.paged(found.height, "people-page", PAGE)
        kit.table(*_columns(found.slice(first, last - first), parts[0]))
        kit.pages(found.height, "people-page", PAGE)


def _columns(shown: pl.DataFrame, run: Run) -> tuple[list[str], list[list[object]]]:
    """The heads and the rows; a reason and a detail only where anybody has one."""
    there, explained = run.order.capabilities, bool(shown["reason"].count())
    detailed = bool(shown["detail"].count())
    heads = [
        _("Email"),
        *([_("Reason")] if explained else []),
        *([_("Detail")] if detailed else []),
    ]
    rows: list[list[object]] = []
    for email, reason, detail in shown.iter_rows():
        why = [standing.reason(reason, there)] if explained else []
        said = [plain(detail or "—")] if detailed else []
        rows.append([plain(email or "—"), *why, *said])
    return heads, rows
