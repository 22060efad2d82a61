"""Profiles that go without optional fields that the destination refused: the field, not the person.

What the ledger keeps of them is the hash of their whole body: the row asks for nothing else until
it changes, so it is neither sent again nor taken for another one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from core.destinations.trimming import without
from core.parquet import read_parquet, replace_parquet
from core.plan import frozen
from core.profiles.matching.reasons import Warned
from core.profiles.sources import ROW
from core.runs import rejects
from core.runs.steps.at_work import RunAtWork

SCHEMA = pl.Schema({ROW: pl.Int64()})
Paths = Sequence[Sequence[str]]  # of fields in a profile


def keep(work: RunAtWork, batch: int, when: str, rows: Iterable[int]) -> None:
    """Keeps which rows of a batch go without a field; keeping them again changes nothing.

    `when` tells apart those that were refused at once from those that the job refused later.
    Raises StorageFailed.
    """
    kept = pl.DataFrame({ROW: list(rows)}, SCHEMA)
    if not kept.is_empty():
        replace_parquet(_folder(work) / f"{batch:05}-{when}.parquet", kept, {})


@dataclass(slots=True)
class Trimmed:
    """The rows of a run that go without a field, and its warnings besides them."""

    rows: set[int]
    planned: Mapping[str, int]


def count(work: RunAtWork, batch: int) -> None:
    """Counts those of a batch as a warning of the run, less those who were refused all the same.

    Counting again changes nothing. The files of other batches are read once, by whoever goes on
    with a run. Raises StorageFailed.
    """
    if work.trimmed is None:
        work.trimmed = _so_far(work)
    else:
        _add(work, work.trimmed, batch)
    rows, planned = work.trimmed.rows, work.trimmed.planned
    if rows or Warned.invalid_field in work.run.warnings:
        fields = planned.get(Warned.invalid_field, 0) + len(rows)
        work.record(warnings={**planned, **({str(Warned.invalid_field): fields} if fields else {})})


def _so_far(work: RunAtWork) -> Trimmed:
    run, settings = work.run, work.store.settings
    plan = frozen.read_plan(rejects.folder(settings, run))
    rows = _rows(work, "*") - set(rejects.refused_rows(settings, run))
    return Trimmed(rows, plan.parts[run.part - 1].warnings)


def _add(work: RunAtWork, trimmed: Trimmed, batch: int) -> None:
    trimmed.rows |= _rows(work, f"{batch:05}-*")
    trimmed.rows.difference_update(rejects.refused_rows(work.store.settings, work.run, batch))


def _rows(work: RunAtWork, name: str) -> set[int]:
    files = _folder(work).glob(f"{name}.parquet")
    return {row for file in files for row in read_parquet(file)[0][ROW]}


def set_aside(
    work: RunAtWork, number: int, sent: pl.DataFrame, refused: Mapping[int, Paths]
) -> pl.Series:
    """Takes those whom a job refused for optional fields alone out of their batch.

    `sent` is the batch as it was sent; `refused` the fields at fault, by row. The rows (ROW) that
    are to be sent once more, without them: those of an attempt before, if there was one; nobody
    of a batch that is sent once more itself. Raises StorageFailed.
    """
    folder, part = rejects.folder(work.store.settings, work.run), work.run.part
    if (rows := frozen.taken_out(folder, part, number)) is None:
        once = number not in frozen.sent_again(folder, part)
        trimmed = _trimmed(sent, refused if once else {})
        rows = trimmed[ROW]
        if not rows.is_empty():
            frozen.take_out(folder, part, number, trimmed)
    if not rows.is_empty():
        keep(work, number, "job", rows)
        work.record(batches=len(frozen.numbers(folder, part)))
    return rows


def _trimmed(sent: pl.DataFrame, refused: Mapping[int, Paths]) -> pl.DataFrame:
    """Those of them whose profile has these fields, without them."""
    some = sent.filter(pl.col(ROW).is_in(list(refused)))
    bodies = [without(body, refused[row]) for row, body in some.select(ROW, "body").iter_rows()]
    less = some.with_columns(body=pl.Series(bodies, dtype=pl.String)).filter(
        pl.col("body").is_not_null()
    )
    size = pl.col("body").str.len_bytes().cast(sent.schema["bytes"])
    return less.with_columns(bytes=size)


def _folder(work: RunAtWork) -> Path:
    return work.store.settings.runs / str(work.run_id) / "trimmed"
