"""What happened in a run, step by step, from its row and its import jobs."""

from dataclasses import dataclass
from datetime import datetime

import streamlit as st

from core.runs import history, holds
from core.store.tables.runs import ENDED, Job, Run, RunKind, RunStatus
from core.texts import _, many
from pages.runs.rows import part_of, started_by
from pages.runs.standing import is_counted
from pages.ui import frame, kit
from pages.ui.words import clock, plain, size, took, when

MARKS = {
    **{"done": "green", "failed": "red", "partial": "orange", "held": "violet"},
    **dict.fromkeys(("todo", "cancelled"), "gray"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One step: a state of kit.STATUS, what it was, what is known about it, when it was over."""

    status: str
    title: str
    text: str
    at: datetime | None = None


def show(run: Run, jobs: list[Job]) -> None:
    """The steps of the run."""
    with st.container(border=True, gap="small", key="steps"):
        kit.section(_("Steps"), _summary(run))
        before = run.created_at
        for step in story(run, jobs):
            _line(step, before)
            before = step.at or before


def story(run: Run, jobs: list[Job]) -> list[Step]:
    """What happened, in order; a step that was not reached is to do, or failed with the run."""
    who = _("by {who}").format(who=started_by(run))
    if run.retry_of:
        who += _(", a retry of run {n}").format(n=run.retry_of)
    if run.undo_of:
        who += _(", to undo run {n}").format(n=run.undo_of)
    if run.order.send_all:
        who += _(", sending everyone again")
    requested = Step("done", _("Requested"), who, run.created_at)
    held = [_held(hold) for hold in holds.holds(run)]
    return [requested, _frozen(run, jobs), *held, *_beyond(run, jobs), _ended(run)]


def _held(hold: holds.Hold) -> Step:
    """Since when it was held and why, and what a person did then; waiting is no running time."""
    why = plain(frame.readable(hold.why) or "")
    if hold.until is None:
        return Step(
            "held",
            _("Held"),
            _("since {when}: {why}").format(when=when(hold.since, in_sentence=True), why=why),
        )
    deeds = {
        "confirmed": _("{who} ran it anyway, confirming {n}"),
        "tried again": _("{who} tried it again"),
        "discarded": _("{who} discarded it"),
    }
    deed = deeds.get(hold.deed or "", _("{who} ran it anyway"))
    done = deed.format(who=plain(hold.by or ""), n=f"{hold.number or 0:,}")
    since = when(hold.since, in_sentence=True)
    text = f"{_('since {when}: {why}').format(when=since, why=why)} {done}."
    return Step("done", _("Held"), text, hold.until)


def _beyond(run: Run, jobs: list[Job]) -> list[Step]:
    """Sending and its jobs; a run that was refused before anything could be sent has neither."""
    if run.status in ENDED and not run.batches and not jobs and run.error:
        return []
    if run.kind != RunKind.export and run.undo and not run.batches:
        return []  # it only takes people off
    return [_sent(run, jobs), _settled(run, jobs)]


def _frozen(run: Run, jobs: list[Job]) -> Step:
    title = _("Source read, segments counted, profiles checked")
    if run.kind != RunKind.export:
        title = _("Looked up who is to be taken off, put back and restored")
    first = jobs[0].sent_at if jobs else run.finished_at
    if not is_counted(run):
        return Step(_reached(run, False), title, _("not finished"), None)
    segments = " · ".join(f"{plain(name)} {n:,}" for name, n in run.segments.items())
    text = _("{n} in all, {new} to send, {same} unchanged, {rejected} rejected").format(
        n=f"{run.members:,}",
        new=f"{run.valid - run.unchanged:,}",
        same=f"{run.unchanged:,}",
        rejected=f"{sum(run.rejected.values()):,}",
    )
    return Step("done", title, f"{segments} · {text}" if segments else text, first)


def _sent(run: Run, jobs: list[Job]) -> Step:
    title = _("Sent to {destination}").format(destination=run.order.capabilities.title)
    if not jobs:
        return Step(_reached(run, False), title, _("Nothing has been sent."), None)
    text = _("{batches}, {profiles}, {size}").format(
        batches=many("{n} batch", "{n} batches", len(jobs)),
        profiles=many("{n} profile", "{n} profiles", history.totals([run]).sent),
        size=size(sum(job.bytes for job in jobs)),
    )
    all_sent = run.batches_sent >= run.batches
    return Step(_reached(run, all_sent), title, text, max(job.sent_at for job in jobs))


def _settled(run: Run, jobs: list[Job]) -> Step:
    text = (
        _("{destination} is processing the batches")
        if run.counting
        else _("{destination} has processed the batches")
    )
    title = text.format(destination=run.order.capabilities.title)
    if not jobs:
        return Step(_reached(run, False), title, "—", None)
    sums = history.totals([run])
    text = _("{accepted} accepted, {refused} refused, {undelivered} undelivered").format(
        accepted=f"{sums.accepted:,}",
        refused=f"{sums.refused:,}",
        undelivered=f"{sums.undelivered:,}",
    )
    if sums.counting:
        text += _(", {n} being counted").format(n=f"{sums.counting:,}")
    moments = [job.settled_at for job in jobs if job.settled_at]
    whole = len(moments) == len(jobs) and not run.undelivered
    return Step(_reached(run, whole), title, text, max(moments) if moments else None)


def _ended(run: Run) -> Step:
    if run.status not in ENDED:
        return Step("todo", _("Ended"), _("not yet"), None)
    status = "done" if run.status == RunStatus.succeeded else run.status
    word = kit.STATUS[run.status][0]
    if run.status == RunStatus.cancelled and run.stop_asked_by:
        word = _("Cancelled by {who}").format(who=plain(run.stop_asked_by))
    return Step(status, _("Ended"), word, run.finished_at)


def _reached(run: Run, whole: bool) -> str:
    """How a step stands that is whole, or was left undone by how the run ended."""
    if whole:
        return "done"
    return {RunStatus.failed: "failed", RunStatus.partial: "partial"}.get(
        RunStatus(run.status), "cancelled" if run.status == RunStatus.cancelled else "todo"
    )


def _summary(run: Run) -> str:
    slowed = _("never throttled")
    if run.throttled:
        slowed = many("throttled once", "throttled {n} times", run.throttled)
    requests = many("{n} request", "{n} requests", run.requests)
    parts = (part_of(run), took(history.seconds(run)), requests, slowed)
    return " · ".join(part for part in parts if part)


def _line(step: Step, before: datetime) -> None:
    icon, color = kit.STATUS[step.status][1], MARKS[step.status]
    length = took((step.at - before).total_seconds()) if step.at and step.at > before else ""
    with st.container(horizontal=True, vertical_alignment="top", gap="small", wrap=False):
        st.markdown(
            f":{color}[:material/{icon}:] &nbsp;**{step.title}**  \n:small[:gray[{step.text}]]",
            width="stretch",
        )
        at = f":small[{clock(step.at)}]  \n:small[:gray[{length}]]"
        st.markdown(at, text_alignment="right", width=80)
