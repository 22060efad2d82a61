"""The question before a run is undone, or a list goes back to a day: the plan, then one click."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial

import streamlit as st

from core.access import Action, Person, may
from core.errors import SegferryError
from core.runs import undo, undo_words
from core.runs.undo_plan import UndoPlan
from core.store import exports, preferences
from core.store.tables.exports import ExportRow
from core.texts import _, many
from pages.ui import frame, kit
from pages.ui.words import plain

PLAN, STARTED = "undo-plan", "undo-started"  # in the session: what is shown, and what came of it
CLEARS, PAUSES, DAY = "undo-clears", "undo-pauses", "undo-day"  # keys of what is chosen
NAMED = 8  # people left alone, of a page of the table


def ask(run_id: int) -> None:
    """Opens the question whether to undo this run."""
    st.session_state.pop(PLAN, None)
    _of_run(run_id)


def ask_day(export_id: int) -> None:
    """Opens the question to which day the export's list is to go back."""
    st.session_state.pop(PLAN, None)
    _of_day(export_id)


@st.dialog(_("Undo this run?"), width="medium", icon=":material/undo:")
def _of_run(run_id: int) -> None:
    person = frame.guard()
    _question(person, run_id, lambda: undo.plan(frame.store(), person, run_id))


@st.dialog(_("Restore the list to a day?"), width="medium", icon=":material/history:")
def _of_day(export_id: int) -> None:
    person = frame.guard()
    with frame.store().begin() as session:
        today = preferences.day_of_rules(session)[0]
    first = undo.first_day(frame.store(), person, export_id)
    last = today - timedelta(days=1)
    if first is None or first > last:
        text = _("Who was on this list is known from the end of its first day on: come back later.")
        st.markdown(text)
        _closing()
        return
    day = st.date_input(
        _("As at the end of"),
        value=last,
        min_value=first,
        max_value=last,
        key=DAY,
        help=_("In the time zone of the refresh schedule. Nothing is known of earlier days."),
    )
    if isinstance(day, date):
        _question(
            person,
            (export_id, day),
            lambda: undo.plan_of_day(frame.store(), person, export_id, day),
        )


def _question(person: Person, what: object, make: Callable[[], UndoPlan]) -> None:
    if run_id := st.session_state.pop(STARTED, None):
        frame.go("history", run=run_id)
    try:
        plan = _kept(what, make)
    except SegferryError as error:
        frame.fail(error)
        _closing()
        return
    with frame.store().begin() as session:
        row = exports.find(session, plan.export_id)
        connection = exports.connection_of(session, row)
    _heading(plan, row)
    _warnings(plan)
    _figures(plan)
    _alone(plan)
    if connection is None or not may(person, Action.run, connection) or plan.does_nothing:
        if plan.does_nothing:
            st.markdown(_("Nothing is left to be done, so nothing would be sent."))
        _closing()
        return
    _choices(plan, may(person, Action.manage_exports, connection))
    _decide(plan)


def _kept(what: object, make: Callable[[], UndoPlan]) -> UndoPlan:
    """The plan as its reader saw it first: counted again once the dialog is opened again."""
    known, plan = st.session_state.get(PLAN, (None, None))
    if plan is None or known != what:
        with st.spinner(_("Looking up what it changed")):
            plan = make()
        st.session_state[PLAN] = what, plan
    found: UndoPlan = plan
    return found


def _heading(plan: UndoPlan, row: ExportRow) -> None:
    to = f":gray[:material/arrow_forward:] **{plain(row.list_name or plan.list_id)}**"
    what = _("Run {n}").format(n=plan.undoes) if plan.undoes else _("List")
    st.markdown(f"{what} · **{plain(plan.export)}** {to}")


def _warnings(plan: UndoPlan) -> None:
    """What can't be undone comes first."""
    lines = "\n".join(f"- {plain(sentence)}" for sentence in plan.warnings)
    st.warning(lines, title=_("What stays as it is"), icon=":material/info:")


def _figures(plan: UndoPlan) -> None:
    numbers = plan.numbers
    of_run = plan.undoes is not None
    with st.grid(3 if of_run else 2, min_column_width=118, gap="small", key="undo-figures"):
        off = f":orange[:material/person_remove:] {_('Taken off')}"
        st.metric(off, f"{numbers.leave:,}", border=True)
        back = f":green[:material/person_add:] {_('Put back')}"
        st.metric(back, f"{numbers.add:,}", border=True)
        if of_run:
            values = f":blue[:material/settings_backup_restore:] {_('Restored')}"
            st.metric(values, f"{numbers.update:,}", border=True)


def _alone(plan: UndoPlan) -> None:
    """Who is left as they are, by reason; by name where one looks."""
    if not plan.alone:
        return
    total = sum(plan.alone.values())
    lines = [f"{n:,} {undo_words.alone(reason, n)}" for reason, n in plan.alone.items()]
    title = many("{n} person is left alone", "{n} people are left alone", total)
    st.markdown(f":gray[:material/front_hand:] &nbsp;**{title}**: {plain('; '.join(lines))}.")
    with st.expander(_("Who is left alone"), key="undo-alone"):
        people = plan.people.drop_nulls("alone")
        first, last = kit.paged(people.height, "undo-page", NAMED)
        rows = [
            [
                plain(email),
                plain(undo_words.alone(reason, 1)),
                _("Run {n}").format(n=by) if by else "—",
            ]
            for email, reason, by in people[first:last].select("email", "alone", "by").iter_rows()
        ]
        kit.table([_("Email"), _("Reason"), _("By")], rows)
        kit.pages(people.height, "undo-page", NAMED)


def _choices(plan: UndoPlan, may_pause: bool) -> None:
    if plan.numbers.update:
        st.checkbox(
            _("Also clear fields that only this run had sent of people it changed"),
            value=False,
            key=CLEARS,
            help=_("Another program may have filled such a field too: then that is lost as well."),
        )
    if not plan.scheduled:
        return
    if may_pause:
        text = _("Pause the export: else its schedule sends all of this again")
        st.checkbox(text, value=True, key=PAUSES)
    else:
        text = _("The export runs by a schedule, which sends all of this again: have it paused.")
        st.markdown(f":orange[:material/schedule:] &nbsp;{text}")


def _decide(plan: UndoPlan) -> None:
    with _buttons():
        if st.button(_("Cancel"), key="undo-no"):
            st.rerun()
        pressed = st.button(
            _label(plan),
            key="undo-yes",
            type="primary",
            on_click=frame.pressed,
            args=(partial(_start, plan),),
        )
        if pressed:
            if run_id := st.session_state.pop(STARTED, None):
                frame.go("history", run=run_id)
            st.rerun()


def _label(plan: UndoPlan) -> str:
    """What the button does."""
    numbers = plan.numbers
    does = [_("take {n} off").format(n=f"{numbers.leave:,}")] if numbers.leave else []
    does += [_("put {n} back").format(n=f"{numbers.add:,}")] if numbers.add else []
    does += [_("restore {n}").format(n=f"{numbers.update:,}")] if numbers.update else []
    what = ", ".join(does)
    if plan.undoes is None:
        return _("Restore: {what}").format(what=what)
    return _("Undo run {n}: {what}").format(n=plan.undoes, what=what)


def _start(plan: UndoPlan, person: Person) -> None:
    """What is sent is what its reader saw: a list that has changed since holds the run."""
    run = undo.ask(
        frame.store(),
        person,
        plan,
        seen=True,
        clears=bool(st.session_state.get(CLEARS)),
        pauses=bool(st.session_state.get(PAUSES)),
    )
    st.session_state[STARTED] = run.id


def _closing() -> None:
    with _buttons():
        if st.button(_("Close"), key="undo-no", type="primary"):
            st.rerun()


def _buttons():
    return st.container(horizontal=True, horizontal_alignment="right", key="dialog-buttons")
