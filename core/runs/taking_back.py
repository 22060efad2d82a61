"""Who is concerned where a run is taken back, or a list goes back to a former day."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

import polars as pl

from core.configuration.order import Order, Undo
from core.parquet import read_parquet
from core.plan import frozen, journal, ledger, previous, undo
from core.plan.hashes import FORMER_HASH, HASH
from core.runs import rejects
from core.settings import Settings
from core.store import Store, runs
from core.store.tables.runs import Run, RunKind, RunStatus

FROZEN = "undo.parquet"  # among the files of a run
SENT = frozenset({RunStatus.succeeded, RunStatus.partial})
BODIES = {"email": pl.String, "sent_by": pl.Int64, "hash": pl.UInt64, "body": pl.String}
BODIES |= {"clear": pl.String}


def ledger_of(store: Store, run: Run) -> Path:
    """The ledger of the list that a run went to."""
    return ledger.ledger_path(store.settings.ledgers, run.account, run.order.list_id)


def people(store: Store, place: Path, order: Order, export_id: int) -> pl.DataFrame:
    """PEOPLE whom it concerns, by email, as the ledger in `place` has them now.

    `order.undo` says what is taken back. Raises StorageFailed.
    """
    asked, now = order.undo or Undo(), ledger.read(place)
    entries = journal.entries(place)
    if asked.day_end is not None:
        later = [one for one in entries if one.at >= asked.day_end]
        return undo.to_day(now, journal.of_runs(place, later), export_id)
    mine = _entries(store, place, asked.runs)
    rows = _as_if_not(store, place, entries, mine)
    now = undo.rewound(now, _undone(store, place, entries))
    kept = with_files(store, rows["sent_by"].drop_nulls().unique())
    besides = _replaced(store, place, asked.runs)["email"]
    found = undo.of_run(now, rows, export_id, _later(now, entries, mine), kept, besides)
    return found if order.list_id is not None else undo.without_list(found)


def _as_if_not(
    store: Store, place: Path, entries: Sequence[journal.Entry], mine: Sequence[journal.Entry]
) -> pl.DataFrame:
    """What these runs changed, as if those before them that were undone since had never been."""
    start = min((one.at for one in mine), default=None)
    former = [one for one in entries if start and one.at < start]
    rows, undone = journal.of_runs(place, mine), _undone_after(store, place, start)
    if undone.isdisjoint(one.run_id for one in former):
        return rows
    return undo.as_if_not(journal.of_runs(place, former), rows, undone)


def _undone_after(store: Store, place: Path, start: datetime | None) -> set[int]:
    """The runs to the list that were taken back completely since then."""
    return {
        id
        for run in _undos(store, place)
        if start and run.finished_at and run.finished_at > start and _is_complete(run)
        for id in (run.order.undo or Undo()).runs
    }


def _replaced(store: Store, place: Path, ids: Collection[int]) -> pl.DataFrame:
    """Previous values that these runs replaced, and runs before them that were undone."""
    undone = {id for run in _undos(store, place) for id in (run.order.undo or Undo()).runs}
    some = (previous.of_run(place, id) for id in sorted({*undone, *ids}))
    return pl.concat([previous.nothing(), *some])


def runs_since(store: Store, place: Path, ids: Sequence[int]) -> list[int]:
    """The runs after these that changed the list, and weren't undone: the newest first."""
    mine, entries = _entries(store, place, ids), journal.entries(place)
    end = max((one.at for one in mine), default=None)
    later = {one.run_id for one in entries if end and one.at > end}
    with store.begin() as session:
        found = [run for run in runs.by_ids(session, later) if run.kind == RunKind.export]
        back = runs.undos(session, found)
    return sorted((run.id for run in found if (run.first_id or run.id) not in back), reverse=True)


def frozen_people(settings: Settings, run: Run) -> pl.DataFrame:
    """The same as the run froze it, with who is left alone by what the destination said."""
    file = rejects.folder(settings, run) / FROZEN
    return read_parquet(file)[0] if file.exists() else pl.DataFrame(schema=undo.PEOPLE)


def is_frozen(settings: Settings, run: Run) -> bool:
    """Whether it got so far."""
    return (rejects.folder(settings, run) / FROZEN).exists()


def _entries(store: Store, place: Path, ids: Iterable[int]) -> list[journal.Entry]:
    with store.begin() as session:
        parts = [runs.find(session, id) for id in ids]
    found = (journal.find(place, part.id, part.created_at) for part in parts)
    return [one for one in found if one]


def _undone(store: Store, place: Path, entries: Sequence[journal.Entry]) -> Iterator[undo.Undone]:
    """What was taken back of what the list went through, the newest run first."""
    known = {one.run_id: one for one in entries}
    for run in sorted(_undos(store, place), key=lambda run: -(run.undo_of or 0)):
        own, parts = (
            journal.of_runs(place, [known[id] for id in ids if id in known])
            for ids in ([run.id], (run.order.undo or Undo()).runs)
        )
        yield undo.Undone(run.id, own, parts, _is_complete(run))


def _undos(store: Store, place: Path) -> list[Run]:
    with store.begin() as session:
        return [run for run in runs.all_undos(session) if ledger_of(store, run) == place]


def _is_complete(run: Run) -> bool:
    return run.status in SENT and not run.leaves_over


def _later(
    now: pl.DataFrame, entries: Sequence[journal.Entry], mine: Sequence[journal.Entry]
) -> list[int]:
    """The runs in the ledger that were recorded after these; by number where that isn't known.

    A run that was held may have been recorded after one with a higher number.
    """
    known, ids = {one.run_id: one.at for one in entries}, now["run"].drop_nulls().unique()
    if not mine:
        return ids.to_list()
    end, last = max(one.at for one in mine), max(one.run_id for one in mine)
    return [id for id in ids if (known[id] > end if id in known else id > last)]


def with_files(store: Store, ids: Iterable[int]) -> Mapping[int, Run]:
    """Those of the runs of which it is kept what they sent, by id."""
    with store.begin() as session:
        found = runs.by_ids(session, ids)
    return {run.id: run for run in found if _keeps_sent(_folder(store, run), run.part)}


def bodies(store: Store, wanted: pl.DataFrame) -> pl.DataFrame:
    """BODIES of these people (email, sent_by, hash), as each was sent by that run.

    Those whose body isn't what the hash is of are left out. Raises StorageFailed.
    """
    frames = [pl.DataFrame(schema=BODIES)]
    for run in with_files(store, wanted["sent_by"].drop_nulls().unique()).values():
        emails = wanted.filter(sent_by=run.id)["email"].implode()
        sent = _sent(_folder(store, run), run.part).filter(pl.col("email").is_in(emails))
        rows = _in_both_forms(sent).with_columns(sent_by=pl.lit(run.id, pl.Int64))
        frames.append(rows.select(list(BODIES)).collect(engine="streaming"))
    both = pl.concat(frames).unique(["email", "sent_by", "hash"])
    return both.join(wanted, on=["email", "sent_by", "hash"], how="semi")


def former_bodies(store: Store, place: Path, order: Order, wanted: pl.DataFrame) -> pl.DataFrame:
    """The same of what the runs that are taken back had replaced, wherever it is kept."""
    kept = _replaced(store, place, (order.undo or Undo()).runs)
    both = _in_both_forms(kept.lazy()).collect()
    rows = wanted.join(both, on=["email", "hash"], how="inner").select(list(BODIES))
    both = pl.concat([pl.DataFrame(schema=BODIES), rows, bodies(store, wanted)])
    return both.unique("email", keep="first", maintain_order=True)


def _in_both_forms(sent: pl.LazyFrame) -> pl.LazyFrame:
    """What was sent, twice: a journal has the hashes of when it was written."""
    return pl.concat(sent.with_columns(hash=form) for form in (HASH, FORMER_HASH))


def _keeps_sent(folder: Path, part: int) -> bool:
    place = frozen.sent_path(folder, part)
    return place.exists() or any(place.parent.glob("batch-*.parquet"))


def _sent(folder: Path, part: int) -> pl.LazyFrame:
    place = frozen.sent_path(folder, part)
    return pl.scan_parquet(place) if place.exists() else frozen.sent(folder, part)


def _folder(store: Store, run: Run) -> Path:
    return rejects.folder(store.settings, run)
