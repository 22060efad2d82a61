"""A run and the ledger of its list: what needn't be sent, what it changes, what it delivered."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Lock

import polars as pl

from core.configuration.order import Order
from core.errors import SegferryError, StorageUnavailable
from core.plan import changes as plan_changes
from core.plan import frozen, journal
from core.plan.frozen import Part
from core.plan.ledger import ledger_path, read, released, write
from core.plan.record import Delivered, recorded
from core.profiles.sources import ROW
from core.runs import membership, rejects
from core.runs.steps import taken_off, undo_record
from core.runs.steps.at_work import RunAtWork
from core.settings import Settings
from core.store import Store, export_lists, jobs
from core.store.tables.runs import Job, JobStatus, Run

NOBODY = pl.DataFrame(
    schema={
        **{ROW: pl.Int64, "email": pl.String, "person": pl.UInt64},
        **{"hash": pl.UInt64, "clear": pl.String},
    }
)
log = logging.getLogger(__name__)
WRITING = Lock()  # one process executes runs, some of them at a time
EXPLAINED = pl.DataFrame(schema=NOBODY.schema | {"why": pl.String()})


@dataclass(frozen=True, slots=True)
class Deliveries:
    """What became of the people that a run sent: ROW, email, hash (null: not sure), clear.

    Those refused or provably not on the list also with why, in words.
    """

    accepted: pl.DataFrame
    refused: pl.DataFrame
    missing: pl.DataFrame


def path(settings: Settings, run: Run) -> Path:
    """Where the ledger of the run's list is."""
    return ledger_path(settings.ledgers, run.account, run.order.list_id)


def known(settings: Settings, run: Run, order: Order) -> pl.Series | None:
    """The hashes of bodies that needn't be sent again; None when all are sent. StorageFailed."""
    if order.send_all or order.only_email is not None:
        return None
    return plan_changes.known_hashes(read(path(settings, run)), run.export_id or 0)


def refused(settings: Settings, run: Run, order: Order) -> pl.DataFrame | None:
    """Whom the destination refused last time, as `plan.changes.refused`; None when all are sent."""
    if order.send_all or order.refused_again or order.only_email is not None:
        return None
    return plan_changes.refused(read(path(settings, run)), run.export_id or 0)


def changes(store: Store, run: Run, parts: Iterable[Part]) -> list[dict[str, int]]:
    """What each part adds and updates, and with the last one, who leaves. Raises StorageFailed.

    Who is sent again although nothing has changed is updated, too.
    """
    ledger, parts = _ledger(store, run), list(parts)
    numbers = [part.number for part in parts]
    plans = [_planned(store.settings, run, ledger, [number]) for number in numbers]
    changes = [
        {"added": found.add, "updated": part.valid - part.unchanged - found.add}
        for part, found in zip(parts, plans, strict=True)
    ]
    if is_whole(run):
        whole = plans[0] if len(plans) == 1 else _planned(store.settings, run, ledger, numbers)
        changes[-1]["leaving"] = whole.leave
    return changes


def leaving(store: Store, run: Run, parts: Iterable[int]) -> plan_changes.Plan:
    """The plan of all parts together, with the leavers. Raises StorageFailed."""
    return _planned(store.settings, run, _ledger(store, run), parts)


def _ledger(store: Store, run: Run) -> pl.DataFrame:
    """What other exports want counts as long as they still go to the list."""
    with store.begin() as session:
        claimants = export_lists.claimants(session, run.list_id) | {run.export_id or 0}
    ledger = released(read(path(store.settings, run)), claimants)
    order = run.order
    every = order.send_all or order.refused_again or order.only_email is not None
    return plan_changes.forgiven(ledger) if every else ledger


def _planned(
    settings: Settings, run: Run, ledger: pl.DataFrame, parts: Iterable[int]
) -> plan_changes.Plan:
    people = frozen.members(rejects.folder(settings, run), parts)
    return plan_changes.plan(ledger, people, run.export_id or 0)


def unchanged(settings: Settings, run: Run, parts: Iterable[Run]) -> pl.Series:
    """The emails of people that all parts of the run left as they are. Raises StorageFailed."""
    parts = list(parts)
    if not any(part.unchanged for part in parts):
        return pl.Series(dtype=pl.String)
    people = frozen.members(rejects.folder(settings, run), [part.part for part in parts])
    ledger = read(path(settings, run))
    return plan_changes.unchanged(ledger, people, run.export_id or 0, [part.id for part in parts])


def is_whole(run: Run) -> bool:
    """Whether it is for all people of the export, so that the others have left."""
    order = run.order
    if order.undo:
        return False
    return order.only_email is None and (run.retry_of is None or order.starts_over)


def record(
    settings: Settings,
    run: Run,
    at: datetime,
    deliveries: Deliveries,
    left: pl.DataFrame | None,
    ids: pl.DataFrame | None = None,
) -> None:
    """Keeps what was really delivered, `at` this moment.

    `left` (email) were taken off the list, None: unknown; `ids` (email, profile_id) are known now.
    Recording again changes nothing. Raises StorageFailed.
    """
    folder, place = rejects.folder(settings, run), path(settings, run)
    last = run.part == run.parts and left is not None and is_whole(run)
    parts = range(1, run.parts + 1) if last else [run.part]
    people = frozen.members(folder, parts).collect()
    delivered = Delivered(
        export_id=run.export_id or 0,
        run_id=run.id,
        at=at,
        accepted=deliveries.accepted,
        refused=deliveries.refused,
        missing=deliveries.missing,
        members=people if is_whole(run) else deliveries.accepted,
        whole=last and not run.stop_asked_by and not run.error,
        left=left,
        ids=ids,
    )
    with WRITING:
        before = read(place)
        after = before
        for one in undo_record.by_export(settings, run, delivered):
            after = recorded(after, one)
        undo_record.keep_previous(settings, run, place, deliveries.accepted)
        _write(settings, run, at, before, after)


def _write(
    settings: Settings, run: Run, at: datetime, before: pl.DataFrame, after: pl.DataFrame
) -> None:
    """The journal first: what it says beyond the ledger is never taken for done."""
    place = path(settings, run)
    membership.keep(settings, run, before, after)
    entry = journal.Entry(run.id, run.created_at, began(run), at)
    journal.keep(place, entry, before, after, taken_off.emails(settings, run))
    write(place, after)


def began(run: Run) -> datetime:
    """The moment before which the run has sent nothing; it may be much earlier than the first."""
    holds = [datetime.fromisoformat(one["until"]) for one in run.held_data if "until" in one]
    return max([run.started_at or run.created_at, *holds])


def keep_late(work: RunAtWork) -> None:
    """The ledger learns what arrived after the run's end after all. Raises StorageUnavailable."""
    run, settings = work.run, work.store.settings
    try:
        with work.store.begin() as session:
            sent = jobs.of_run(session, run.id)
        record_late(settings, run, work.store.clock(), deliveries(settings, run, sent))
    except StorageUnavailable:
        raise
    except (SegferryError, OSError) as error:
        log.info("What run %s delivered late could not be kept: %s", run.id, error)


def record_late(settings: Settings, run: Run, at: datetime, deliveries: Deliveries) -> None:
    """Keeps what was delivered after the run's end, `at` which another may have the account.

    Whom a newer run has sent meanwhile counts as sent in another form: nobody knows which of both
    came last. Recording again changes nothing more. Raises StorageFailed.
    """
    place = path(settings, run)
    with WRITING:
        before = read(place)
        newer = (pl.col("export") == (run.export_id or 0)) & (pl.col("run") > run.id)
        late = deliveries.accepted["email"].implode()
        unsure = newer & pl.col("email").is_in(late)
        known = before.with_columns(hash=pl.when(~unsure).then("hash"))
        kept = ~pl.col("email").is_in(before.filter(newer)["email"].implode())
        accepted = deliveries.accepted.filter(kept)
        delivered = Delivered(
            export_id=run.export_id or 0,
            run_id=run.id,
            at=at,
            accepted=accepted,
            refused=deliveries.refused.filter(kept),
            missing=deliveries.missing.filter(kept),
            members=accepted,
            whole=False,
            left=NOBODY.select("email"),
        )
        _write(settings, run, at, before, recorded(known, delivered))


def deliveries(settings: Settings, run: Run, jobs: Iterable[Job]) -> Deliveries:
    """Of the batches that the destination has finished: who was accepted, and who refused."""
    folder, rows = rejects.folder(settings, run), rejects.refused(settings, run)
    gone, not_taken = rejects.missing(settings, run), pl.col("reason").is_in(rejects.NOT_TAKEN)
    held = pl.col(ROW).is_in(rows.filter(reason=rejects.HELD_BACK)["row"].implode())
    bad = pl.col(ROW).is_in(rows.filter(not_taken)["row"].implode())
    absent = pl.col(ROW).is_in(gone["row"].implode())
    finished = [job for job in jobs if job.status in (JobStatus.complete, JobStatus.refused)]
    sent = [_sent(folder, run, job, bad | held, gone) for job in finished]
    people = pl.concat([NOBODY.with_columns(doubt=False), *sent])
    # People with data that was held back are on the list; a later run sends them again.
    sure = pl.when(~(held | pl.col("doubt"))).then("hash")
    return Deliveries(
        people.filter(~bad & ~absent).with_columns(hash=sure).drop("doubt"),
        _explained(people.filter(bad), rows),
        _explained(people.filter(absent), gone),
    )


def _sent(folder: Path, run: Run, job: Job, named: pl.Expr, gone: pl.DataFrame) -> pl.DataFrame:
    """The people of a job, and whether nobody knows which of them got lost or were refused.

    Of those refused or lost without being named none counts as delivered.
    """
    unnamed = (named.sum() < job.refused) | is_in_doubt(job, gone)
    people = frozen.read_hashes(folder, run.part, job.batch).cast(NOBODY.schema)
    return people.with_columns(doubt=unnamed)


def lost(job: Job) -> int:
    """How many profiles of a finished job its destination counts nowhere."""
    finished = job.status == JobStatus.complete
    return max(0, job.profiles - job.accepted - job.refused) if finished else 0


def is_in_doubt(job: Job, missing: pl.DataFrame) -> bool:
    """Whether nobody knows which of a job's profiles got lost; `missing` are the run's."""
    named = missing.filter(reason=rejects.LOST, batch=job.batch).height
    return lost(job) != named


def _explained(people: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    words = rows.unique("row").select(pl.col("row").alias(ROW), why="detail")
    found = people.join(words, on=ROW, how="left", maintain_order="left")
    return found.select(EXPLAINED.columns).cast(EXPLAINED.schema)
