"""A run that is held: why, what it would do, and what a person can do about it."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from core.access import Person
from core.runs import guard_words, holds
from core.runs.holds import Crossed, HeldPlan, Hold
from core.store import approvals, runs
from core.store.tables.connections import ConnectionRow
from core.store.tables.exports import ExportRow
from core.store.tables.runs import Run, RunStatus
from core.texts import _, many
from pages.runs import dependents, live, marks, why
from pages.ui import frame, kit
from pages.ui.words import percent, plain, when

LEAVE_HELD = _("Leave it held")
TAKE = "held-take"  # key of the tick: also take people off the list
ABOUT_LEAVING = frozenset({"remove", "shrink"})  # guards after which nobody leaves unless ticked
DEEDS = {
    "confirmed": _("{who} ran it anyway, confirmed at {n} people."),
    "tried again": _("{who} tried it again."),
    "discarded": _("{who} discarded it."),
}


def show(run: Run, acts: bool) -> None:
    """The reason; with the buttons for those who may act. Nothing for a run that isn't held."""
    if run.status != RunStatus.held:
        return
    title = _("Held: nothing has been sent")
    st.warning(plain(frame.readable(run.hold)), title=title, icon=":material/front_hand:")
    if not acts:
        return
    with st.container(horizontal=True, key="held-actions"):
        if run.asking is not None:
            if _waits_for_others(run):
                text = _("You started it: somebody else has to confirm it.")
                st.markdown(f":small[:gray[{text}]]", width="stretch")
            label = _("Review and decide")
            if st.button(label, icon=":material/rate_review:", key="confirm", type="primary"):
                _dialog(run.id)
        elif run.export_id:
            _again(run)
        if st.button(_("Discard"), icon=":material/delete:", key="discard"):
            _discard(run)


def story(run: Run) -> None:
    """Each hold of the run, also once it is over: which guards, what they saw, who decided."""
    found = holds.holds(run)
    if not found:
        return
    with st.container(border=True, gap="small", key="holds"):
        kit.section(_("Held"), _("before anything was sent"))
        for hold in found:
            st.markdown(
                f":violet[:material/front_hand:] &nbsp;**{when(hold.since)}** · {_by(hold)}"
            )
            for one in hold.crossed:
                seen = f"  \n:gray[{plain(frame.readable(one.text))}]" if hold.until else ""
                st.markdown(f"- {_guard(one)}{seen}")
            if not hold.crossed and hold.until:  # until then the warning above says it
                st.markdown(f":gray[{plain(frame.readable(hold.why))}]")
            st.markdown(_decided(hold))


def _by(hold: Hold) -> str:
    """Who held it."""
    if not hold.crossed:
        return _("by Segferry, since it could not begin")
    return many("by its guard", "by {n} of its guards", len(hold.crossed))


def _guard(one: Crossed) -> str:
    return f"*{plain(guard_words.sentence(one.name, one.limit))}*"


def _decided(hold: Hold) -> str:
    if hold.until is None:
        return f":violet[:material/hourglass_empty:] &nbsp;{_('Nobody has decided yet.')}"
    deed = DEEDS.get(hold.deed or "", _("{who} ran it anyway."))
    text = deed.format(who=f"**{plain(hold.by or '')}**", n=f"{hold.number or 0:,}")
    if hold.keeps:
        text += " " + _("Nobody was taken off the list.")
    icon = "cancel" if hold.deed == "discarded" else "how_to_reg"
    return f":gray[:material/{icon}:] &nbsp;**{when(hold.until)}** · {text}"


@st.dialog(_("Held: check the numbers"), width="medium", icon=":material/front_hand:")
def _dialog(run_id: int) -> None:
    frame.guard()
    with frame.store().begin() as session:
        run = runs.find(session, run_id)
        parts, connection = runs.siblings(session, run), runs.connection_of(session, run)
        export = session.get(ExportRow, run.export_id) if run.export_id else None
    if run.status != RunStatus.held:
        st.markdown(_("The run is no longer held."))
        if st.button(_("Close"), key="confirm-no", type="primary"):
            st.rerun()
        return
    plan, last = holds.plan_of(parts), holds.holds(run)[-1:]
    crossed = last[0].crossed if last else ()
    _heading(run, (export and export.list_name) or run.list_id, connection)
    for one in crossed:
        st.markdown(
            f"{plain(frame.readable(one.text))} {_('The guard that held it:')} {_guard(one)}"
        )
    if not crossed:
        st.markdown(plain(frame.readable(run.hold)))
    why.for_hold(run)
    dependents.lines(connection, parts[0].order.list_id)
    _numbers(parts, plan)
    _decide(plan, crossed, not _waits_for_others(run))


def _heading(run: Run, name: str, connection: ConnectionRow | None) -> None:
    to = f":gray[:material/arrow_forward:] **{plain(name)}**"
    text = f"**{plain(run.export)}** {to}"
    if connection:
        text += f" :gray[{_('on')}] **{plain(connection.name)}** &nbsp; {marks.mark(connection)}"
    st.markdown(text)


def _numbers(parts: Sequence[Run], plan: HeldPlan) -> None:
    members, back = sum(one.members for one in parts), parts[0].read_back
    of_members = _("of {n}").format(n=f"{members:,}")
    before = back.before if back else None
    of_list = _("{share} of the list").format(share=percent(plan.leave / before)) if before else ""
    with st.grid(3, min_column_width=88, gap="small", key="held-figures"):
        _number(f":green[:material/person_add:] {_('Join')}", plan.join, of_members)
        _number(f":blue[:material/sync:] {_('Change')}", plan.change, of_members)
        _number(f":orange[:material/person_remove:] {_('Leave')}", plan.leave, of_list)


def _number(label: str, n: int, words: str) -> None:
    st.metric(label, f"{n:,}", delta_description=words or None, border=True)


def _waits_for_others(run: Run) -> bool:
    """Whether its reader made it, and a second person has to confirm it."""
    person = frame.guard()
    with frame.store().begin() as session:
        return run.by == person.name and approvals.confirmed_by_others(session, run)


def _decide(plan: HeldPlan, crossed: Sequence[Crossed], may_confirm: bool) -> None:
    """Leaving it held is what the dialog proposes, until the reader has ticked who leaves."""
    takes = False
    if plan.leave:
        text = many("Also take {n} off the list", "Also take the {n} off the list", plan.leave)
        usual = not ABOUT_LEAVING & {one.name for one in crossed} or plan.undoes
        takes = st.checkbox(text, value=usual, key=TAKE)
    with st.container(horizontal=True, horizontal_alignment="right", key="dialog-buttons"):
        primary = "primary" if takes else "secondary"
        if st.button(LEAVE_HELD, key="confirm-no", type="secondary" if takes else "primary"):
            st.rerun()
        pressed = st.button(
            _run_label(plan, takes),
            key="confirm-yes",
            type=primary,
            disabled=not may_confirm,
            on_click=frame.pressed,
            args=(partial(_run_anyway, plan), _("The run continues.")),
        )
        if pressed:
            st.rerun()


def _run_label(plan: HeldPlan, takes: bool) -> str:
    """What running it anyway does."""
    does = [many("{n} joins", "{n} join", plan.join)] if plan.join else []
    does += [many("{n} changes", "{n} change", plan.change)] if plan.change else []
    does += [many("{n} leaves", "{n} leave", plan.leave)] if takes else []
    what = ", ".join(does) or _("nobody joins, changes or leaves")
    return _("Run anyway: {what}").format(what=what)


def _run_anyway(plan: HeldPlan, person: Person) -> None:
    keeps = bool(plan.leave) and not st.session_state.get(TAKE)
    with frame.store().begin() as session:
        holds.run_anyway(session, person, plan, keep_leavers=keeps)


def _again(run: Run) -> None:
    st.button(
        _("Try again"),
        icon=":material/replay:",
        key="held-again",
        type="primary",
        on_click=frame.pressed,
        args=(partial(live.start, run.export_id),),
    )


def _discard(run: Run) -> None:
    text = _("This cancels run {n} of **{name}**. Nothing of it has been sent.")
    kit.confirm(
        _("Discard the held run?"),
        text.format(n=run.id, name=plain(run.export)),
        _("Discard"),
        partial(live.stop, run.id),
        otherwise=LEAVE_HELD,
    )
