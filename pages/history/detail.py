"""One run: its numbers, what happened when, its import jobs, and who was left out."""

import streamlit as st

from core.access import Action, Person, masked, may
from core.runs import downloads, reasons
from core.store import jobs, runs
from core.store.tables.runs import ENDED, Job, Run, RunStatus
from core.texts import _, many
from pages.history import read_back, story
from pages.runs import held, live, marks, standing
from pages.runs.rows import line, started_by
from pages.ui import frame, kit
from pages.ui.words import plain, took, when

JOBS = 20  # of a page
JOB = {  # an import job's state -> its colour as a run's, its word
    "sending": ("running", _("Sending")),
    "queued": ("queued", _("Queued")),
    "processing": ("running", _("Processing")),
    "complete": ("succeeded", _("Complete")),
    "cancelled": ("cancelled", _("Cancelled")),
    "stuck": ("partial", _("Stuck")),
    "refused": ("failed", _("Refused")),
    "failed": ("failed", _("Failed")),
}


def show(person: Person, chosen: str) -> None:
    """The run with this id."""
    kit.back(_("History"), "history")
    with kit.finding(), frame.store().begin() as session:
        run = runs.find(session, chosen)
        sent = jobs.of_run(session, run.id)
        parts = runs.siblings(session, run) if run.parts > 1 else []
        connection = runs.connection_of(session, run)
    _head(person, run, marks.mark(connection) if connection else "")
    held.show(run, _may(person, run))
    if run.error:
        _error(run)
    if run.status not in ENDED:
        live.follow(run.export_id)
    _facts(run)
    story.show(run, sent)
    _parts(run, parts)
    _jobs(sent)
    read_back.show(run, may(person, Action.see_addresses))
    _rejects(person, run)


def _head(person: Person, run: Run, mark: str) -> None:
    title = _("{export}, run {n}").format(export=run.export, n=run.id)
    who = _("{when} by {who}").format(when=when(run.created_at), who=started_by(run))
    if run.export_user:
        who += _(", in the name of {user}").format(user=plain(run.export_user))
    with kit.head(title, f"{kit.badge_md(run.status)} {mark} &nbsp; {who}"):
        if run.export_id and st.button(_("Open export"), icon=":material/upload:", key="open"):
            frame.go("preview", export=run.export_id)
        if _leaves_something(run) and _may(person, run):
            _retry(person, run)


def _may(person: Person, run: Run) -> bool:
    with frame.store().begin() as session:
        return runs.may_touch(session, person, run)


def _leaves_something(run: Run) -> bool:
    if run.status not in ENDED or not run.export_id or run.status == RunStatus.succeeded:
        return False
    return bool(run.undelivered or not run.batches)


def _retry(person: Person, run: Run) -> None:
    label = _("Retry")
    if run.undelivered:
        label = _("Retry {n} undelivered").format(n=f"{run.undelivered:,}")
    if st.button(label, icon=":material/replay:", key="retry", type="primary"):
        with frame.show_errors():
            again = live.again(run.id or 0, person)
            st.query_params.run = str(again.id)
            st.rerun()


def _error(run: Run) -> None:
    show = st.error if run.status == RunStatus.failed else st.warning
    over = standing.is_over(run)
    show(
        plain(masked(run.error)),
        icon=":material/block:" if over else ":material/error:",
        title=_("Nothing has been sent") if not run.sent else None,
    )


def _facts(run: Run) -> None:
    title = run.order.capabilities.title
    rejected = f"{sum(run.rejected.values()):,}" if standing.is_counted(run) else "—"
    facts = [
        (_("Members"), standing.profiles(run, run.members), _("in the segments")),
        (_("Accepted"), f"{run.accepted:,}", _("taken by {destination}").format(destination=title)),
        (_("Rejected"), rejected, _("before sending")),
        (_("Refused"), f"{run.refused:,}", _("by {destination}").format(destination=title)),
        (_("Undelivered"), f"{run.undelivered:,}", _("retry sends them")),
    ]
    with st.grid(5, min_column_width=130, gap="small", key="facts"):
        for label, number, words in facts:
            st.metric(label, number, delta_description=words, border=True)


def _parts(run: Run, parts: list[Run]) -> None:
    others = [part for part in parts if part.id != run.id]
    if not others:
        return
    with st.container(border=True, gap="small", key="parts"):
        note = _("This is part {n} of {m}").format(n=run.part, m=run.parts)
        kit.section(_("The other parts of this split"), note)
        for part in others:
            line(part, _("Run {n}").format(n=part.id))


def _jobs(jobs: list[Job]) -> None:
    if not jobs:
        return
    with st.container(border=True, key="jobs"):
        kit.section(_("Import jobs"), many("{n} batch", "{n} batches", len(jobs)))
        first, last = kit.paged(len(jobs), "jobs-page", JOBS)
        heads = [_("Batch"), _("Import job"), _("Profiles"), _("Bytes"), _("State")]
        heads += [_("Accepted"), _("Refused"), _("Took")]
        kit.table(heads, [_job(job) for job in jobs[first:last]])
        kit.pages(len(jobs), "jobs-page", JOBS)
        for job in [job for job in jobs if job.error][:JOBS]:
            text = _("Batch {n}: {error}").format(n=job.batch, error=plain(masked(job.error)))
            st.markdown(f":small[:orange[:material/warning:] {text}]")


def _job(job: Job) -> list[object]:
    status, word = JOB[job.status]
    seconds = (job.settled_at - job.sent_at).total_seconds() if job.settled_at else None
    return [
        job.batch,
        plain(job.job_id or "—"),
        job.profiles,
        job.bytes,
        kit.badge_md(status, word),
        job.accepted,
        job.refused,
        took(seconds),
    ]


def _rejects(person: Person, run: Run) -> None:
    counts, there = reasons.reason_counts(run), run.order.capabilities
    total = sum(counts.values())
    if not total and not run.warnings:
        return
    with st.container(border=True, key="rejects"):
        kit.section(_("Rejected: {n}").format(n=f"{total:,}"))
        if total:
            heads = [_("Reason"), _("Profiles"), _("What to do")]
            rows = [
                [standing.reason(k, there), n, standing.remedy(k, there)] for k, n in counts.items()
            ]
            kit.table(heads, rows)
        for kind, n in run.warnings.items():
            standing.warn(kind, n)
        if total and may(person, Action.see_addresses):
            st.download_button(
                _("Download rejected profiles (CSV)"),
                frame.on_download(lambda who: downloads.rejects_csv(frame.store(), who, run)),
                f"run-{run.id}-rejects.csv",
                "text/csv",
                icon=":material/download:",
                key="download",
                on_click="ignore",
            )
