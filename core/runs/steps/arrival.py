"""Who of the people that a run's jobs took is on the list: what is proven against the jobs counts.

Asked before the run ends, so that its numbers and its status are true.
"""

import logging
from collections.abc import Collection, Iterable
from dataclasses import replace

import polars as pl

from core.destinations import Destination
from core.destinations.read_back import WORDS, Absent, ReadBack, Why, absent_from, counted
from core.destinations.sample import sample
from core.errors import DestinationFailed, Stopped
from core.plan import frozen
from core.profiles.sources import ROW
from core.runs import rejects
from core.runs.steps import ledger
from core.runs.steps.at_work import RunAtWork
from core.runs.steps.patience import wait
from core.store import jobs
from core.store.tables.runs import Job
from core.texts import many

LOOKED_FOR = 200  # people at most, two requests, where all are found
MOST = 20_000  # people at most, once somebody isn't
AGAIN = (0.25, 0.75)  # seconds before looking again: a list may take a moment to show who joined

log = logging.getLogger(__name__)


def confirm(work: RunAtWork) -> None:
    """Finds out who is provably not on the list, and records it. May be repeated.

    What can't be asked stays as the jobs have it.
    """
    if work.run.stop_asked_by or work.run.error:
        return
    try:
        with work.destination() as destination:
            _find_lost(work, destination)
            if work.run.order.list_id is not None:
                _find_missing(work, destination)
    except (DestinationFailed, Stopped) as error:
        log.info("Who of run %s is on its list could not be asked: %s", work.run_id, error)


def _find_lost(work: RunAtWork, destination: Destination) -> None:
    """Of jobs whose counts don't add up: who it is that got lost."""
    for job in [job for job in _jobs(work) if ledger.lost(job)]:
        people = _people(work, job)
        absent = _not_there(work, destination, people["email"].to_list())
        waits = any(one.why is Why.double_opt_in for one in absent)
        # More of them than were lost: some are only late, and nobody knows who.
        known = [] if waits or len(absent) > ledger.lost(job) else absent
        _keep(work, job, people, known, rejects.LOST)


def _find_missing(work: RunAtWork, destination: Destination) -> None:
    """Of those that the jobs accepted: who is not on the list, unless they only have to confirm."""
    run, settings = work.run, work.store.settings
    gone = rejects.missing(settings, run).filter(reason=rejects.LOST)
    sure = [job for job in _jobs(work) if not ledger.is_in_doubt(job, gone)]
    accepted = ledger.deliveries(settings, run, sure).accepted
    drawn = sample(accepted["email"], LOOKED_FOR)
    if not drawn.emails:
        return
    absent = _not_there(work, destination, drawn.emails)
    if _proven(work, absent) and drawn.of > len(drawn.emails):
        drawn = sample(accepted["email"], MOST)
        absent = _not_there(work, destination, drawn.emails)
    title, missing = run.order.capabilities.title, 0
    for job in sure:
        if found := _keep(work, job, _people(work, job), _proven(work, absent), rejects.MISSING):
            missing += found
            with work.store.begin() as session:
                jobs.note(session, jobs.found(session, job), _sentence(found, title))
    begun = run.read_back or ReadBack()
    arrived = replace(counted(drawn, absent), before=begun.before)
    work.record(missing=missing, read_back_data=replace(begun, arrived=arrived).as_data())


def _not_there(work: RunAtWork, destination: Destination, emails: Collection[str]) -> list[Absent]:
    """Who isn't on the list, looked for again where that is no matter of confirming.

    Without a list: who has no profile.
    """
    list_id = work.run.order.list_id
    if list_id is None:
        return [Absent(one, Why.refused) for one in set(emails) - set(destination.ids_of(emails))]
    absent = absent_from(destination, list_id, emails)
    for pause in AGAIN:
        if not _proven(work, absent):
            break
        wait(work, pause)
        absent = absent_from(destination, list_id, [one.email for one in absent])
    return absent


def _proven(work: RunAtWork, absent: Iterable[Absent]) -> list[Absent]:
    """Those who ought to be there: nobody has to confirm, or is kept off lists as is known."""
    expected = {Why.double_opt_in}
    if not work.run.order.capabilities.joins_suppressed:
        expected.add(Why.suppressed)
    return [one for one in absent if one.why not in expected]


def _people(work: RunAtWork, job: Job) -> pl.DataFrame:
    """Whom the job didn't refuse: ROW, email."""
    run, settings = work.run, work.store.settings
    not_taken = pl.col("reason").is_in(rejects.NOT_TAKEN)
    refused = rejects.refused(settings, run).filter(not_taken)["row"]
    people = frozen.read_hashes(rejects.folder(settings, run), run.part, job.batch)
    return people.filter(~pl.col(ROW).is_in(refused.implode()))


def _keep(
    work: RunAtWork, job: Job, people: pl.DataFrame, absent: Collection[Absent], reason: str
) -> int:
    """Keeps which of the people are absent; how many."""
    title = work.run.order.capabilities.title
    words = {one.email: WORDS[one.why].format(destination=title) for one in absent}
    rows = people.filter(pl.col("email").is_in(list(words))).select(
        "email",
        row=ROW,
        reason=pl.lit(reason),
        detail=pl.col("email").replace_strict(words, default=None, return_dtype=pl.String),
    )
    rejects.keep_missing(work.store.settings, work.run, job.batch, reason, rows)
    return rows.height


def _sentence(n: int, title: str) -> str:
    return many(
        "{destination} accepted {n} profile that is not on the list. It counts as "
        "undelivered; the next run or a retry sends it.",
        "{destination} accepted {n} profiles that are not on the list. They count as "
        "undelivered; the next run or a retry sends them.",
        n,
        destination=title,
    )


def _jobs(work: RunAtWork) -> list[Job]:
    with work.store.begin() as session:
        return jobs.of_run(session, work.run_id)
