"""What a run left undelivered: the profiles that a retry sends, and why they did not arrive."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from core.plan import frozen
from core.profiles.sources import ROW
from core.runs import rejects
from core.runs.steps.ledger import is_in_doubt
from core.settings import Settings
from core.store.jobs import OPEN
from core.store.tables.runs import Job, JobStatus, Run
from core.texts import _

DELIVERED = frozenset({JobStatus.complete, JobStatus.refused})
_BECAME = {
    JobStatus.complete: _("Batch {n}: processed without them"),
    JobStatus.cancelled: _("Batch {n}: its job was cancelled"),
    JobStatus.stuck: _("Batch {n}: its job got stuck"),
    JobStatus.failed: _("Batch {n}: was not taken"),
}
SCHEMA = pl.Schema({"email": pl.String(), "reason": pl.String(), "detail": pl.String()})


@dataclass(frozen=True, slots=True)
class LeftOver:
    """What of a frozen run has not arrived: some batches, less the rows (ROW) in `without`.

    Of a batch that is named in `only`, just those rows.
    """

    batches: list[int]
    only: Mapping[int, pl.Series]
    without: pl.Series


def left_over(settings: Settings, run: Run, sent: Iterable[Job]) -> LeftOver:
    """The rows that none of its jobs accepted or refused, or that got lost in one."""
    done = {job.batch: job for job in sent if job.status in DELIVERED}
    folder, gone = rejects.folder(settings, run), rejects.missing(settings, run)
    lost = {n: gone.filter(batch=n)["row"] for n in gone["batch"].unique()}
    doubtful = {n for n, job in done.items() if is_in_doubt(job, gone)}
    numbers = frozen.numbers(folder, run.part)
    return LeftOver(
        batches=[n for n in numbers if n not in done or n in doubtful or n in lost],
        only={n: rows for n, rows in lost.items() if n in done and n not in doubtful},
        without=rejects.refused_rows(settings, run),
    )


def people(settings: Settings, run: Run, sent: Iterable[Job]) -> pl.DataFrame:
    """Email, reason (null) and detail of each, as SCHEMA; nobody once a retry has taken them over.

    Without those that are provably not on the list, who have a reason of their own, and without
    those of jobs that go on after the run. Raises StorageFailed.
    """
    known = {job.batch: job for job in sent}
    folder = rejects.folder(settings, run)
    if not (folder / frozen.PLAN).exists():
        return pl.DataFrame(schema=SCHEMA)
    found = left_over(settings, run, known.values())
    without = pl.concat([found.without, _not_on_the_list(settings, run)])
    frames = [pl.DataFrame(schema=SCHEMA)]
    for number in found.batches:
        job = known.get(number)
        if (job and job.status in OPEN) or not frozen.is_kept(folder, run.part, number):
            continue
        rows = frozen.read_hashes(folder, run.part, number).filter(~_among(without))
        if number in found.only:
            rows = rows.filter(_among(found.only[number]))
        why = pl.lit(_why(job), pl.String)
        frames.append(rows.select("email", reason=pl.lit(None, pl.String), detail=why))
    return pl.concat(frames)


def _among(rows: pl.Series) -> pl.Expr:
    return pl.col(ROW).is_in(rows.implode())


def _not_on_the_list(settings: Settings, run: Run) -> pl.Series:
    return rejects.missing(settings, run).filter(reason=rejects.MISSING)["row"]


def _why(job: Job | None) -> str:
    """What became of their batch, in a few words: each of thousands has them."""
    words = _BECAME.get(job.status, _BECAME[JobStatus.failed]) if job else _("Never sent")
    return words.format(n=job.batch if job else "")
