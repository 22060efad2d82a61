"""The batches of a run: their import jobs, what became of each, and what is wrong with some."""

import streamlit as st

from core.store.tables.runs import Job, Run
from core.texts import _
from pages.runs.rows import part_of
from pages.ui import frame, kit
from pages.ui.words import plain, took

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


def show(run: Run, jobs: list[Job]) -> None:
    """The card of them; nothing before the first one."""
    if not jobs:
        return
    with st.container(border=True, key="jobs"):
        kit.section(_("Batches: {n}").format(n=f"{len(jobs):,}"), part_of(run))
        first, last = kit.paged(len(jobs), "jobs-page", JOBS)
        named = any(job.job_id for job in jobs)  # not by destinations that answer at once
        heads = [_("Batch"), _("State"), _("Profiles"), _("Accepted"), _("Refused"), _("Took")]
        heads += [_("Bytes"), *([_("Import job")] if named else [])]
        kit.table(heads, [_job(job, named) for job in jobs[first:last]])
        kit.pages(len(jobs), "jobs-page", JOBS)
        for job in [job for job in jobs if job.error][:JOBS]:
            text = _("Batch {n}: {error}").format(
                n=job.batch, error=plain(frame.readable(job.error))
            )
            st.markdown(f":small[:orange[:material/warning:] {text}]")


def _job(job: Job, named: bool) -> list[object]:
    status, word = JOB[job.status]
    seconds = (job.settled_at - job.sent_at).total_seconds() if job.settled_at else None
    return [
        job.batch,
        kit.badge_md(status, word),
        job.profiles,
        job.accepted,
        job.refused,
        took(seconds),
        job.bytes,
        *([plain(job.job_id or "—")] if named else []),
    ]
