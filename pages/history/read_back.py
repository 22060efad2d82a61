"""Who of a run's people is on the list, and how the list has changed, as it was read back."""

from datetime import timedelta

import streamlit as st

from core.destinations.read_back import WORDS, Arrived, Drift, Why
from core.masking import mask
from core.runs.steps.read_back import is_due
from core.store import runs
from core.store.tables.runs import Run
from core.texts import _, many
from pages.runs import live
from pages.runs.rows import part_of
from pages.ui import frame, kit
from pages.ui.words import now, plain

AWAITED = timedelta(minutes=2)  # after the end of a run
# (runs of ours changed the list meanwhile, people may have joined late) -> how it changed.
CAUSES = {
    (False, False): _("in other ways"),
    (True, False): _("by other runs or in other ways"),
    (False, True): _("by people sent earlier who joined late, or in other ways"),
    (True, True): _("by other runs, by people who joined late, or in other ways"),
}


def show(run: Run, whole: bool) -> None:
    """A card, once something is known; `whole`: its reader may see email addresses whole.

    The list is read after the end of a run: until then the page looks each second whether it was.
    """
    if _is_awaited(run):
        st.fragment(_follow, run_every=live.TICK)(run.id)
    found = run.read_back
    if found is None or found.arrived is None or not (found.arrived.asked or found.drift):
        return
    arrived = found.arrived
    with st.container(border=True, gap="small", key="read-back"):
        notes = (part_of(run), _size(arrived))
        kit.section(_("On the list"), " · ".join(note for note in notes if note) or None)
        if arrived.asked:
            st.markdown(_looked_for(arrived))
        for why, n in arrived.missing.items():
            st.markdown(f":small[:gray[:material/info: **{n:,}** {_why(run, why)}.]]")
        for person in arrived.people:
            st.markdown(f":small[{_address(person.email, whole)} · {_why(run, person.why)}]")
        if found.drift:
            _drift(found.drift, whole)


def _why(run: Run, why: Why) -> str:
    return plain(WORDS[why].format(destination=run.order.capabilities.title))


def _is_awaited(run: Run) -> bool:
    ended_recently = run.finished_at and now() - run.finished_at < AWAITED
    return bool(ended_recently and is_due(run))


def _follow(run_id: int) -> None:
    frame.guard()
    with frame.store().begin() as session:
        run = runs.find(session, run_id)
    if not _is_awaited(run):
        st.rerun()
    st.markdown(f":small[:gray[{_('The list is being read back…')}]]")


def _drift(drift: Drift, whole: bool) -> None:
    """How the list has changed since the last run, and who of those sent earlier isn't on it."""
    if drift.grown is not None:
        st.markdown(_grown(drift, drift.grown))
    if drift.asked:
        st.markdown(_missing(drift))
    for email in drift.people:
        st.markdown(f":small[{_address(email, whole)}]")


def _grown(drift: Drift, n: int) -> str:
    run, cause = plain(drift.since), CAUSES[drift.other_runs, drift.late and n > 0]
    if n > 0:
        return many(
            "Since run {run} the list has grown by **{n}** profile {how}.",
            "Since run {run} the list has grown by **{n}** profiles {how}.",
            n,
            run=run,
            how=cause,
        )
    if n < 0:
        return many(
            "Since run {run} the list has lost **{n}** profile {how}.",
            "Since run {run} the list has lost **{n}** profiles {how}.",
            -n,
            run=run,
            how=cause,
        )
    return _("Since run {run} the size of the list hasn't changed.").format(run=run)


def _missing(drift: Drift) -> str:
    text = many(
        "Spot check of {n} person sent earlier",
        "Spot check of {n} people sent earlier",
        drift.asked,
    )
    if not drift.gone:
        return text + _(": all are still on the list.")
    missing = many(
        ": **{n}** is no longer on the list.",
        ": **{n}** are no longer on the list.",
        drift.gone,
    )
    if drift.double_opt_in:
        missing += " " + _("The list is double opt-in, so they may never have confirmed.")
    return text + missing


def _address(email: str, whole: bool) -> str:
    return plain(email if whole else mask(email))


def _looked_for(found: Arrived) -> str:
    """All who were accepted, or a sample of them."""
    on_list = f"{found.on_list:,}"
    if found.asked < found.accepted:
        return many(
            "Spot check: **{on_list}** of {n} sampled person is on the list.",
            "Spot check: **{on_list}** of {n} sampled people are on the list.",
            found.asked,
            on_list=on_list,
        )
    return many(
        "**{on_list}** of {n} accepted person is on the list.",
        "**{on_list}** of {n} accepted people are on the list.",
        found.asked,
        on_list=on_list,
    )


def _size(found: Arrived) -> str | None:
    before, after = found.before, found.after
    if before is None or after is None:
        return None
    return _("{before} profiles before, {after} after").format(
        before=f"{before:,}", after=f"{after:,}"
    )
