"""Profiles that go without optional fields that the destination refused: the field, not the person.

What the ledger keeps of them is the hash of their whole body: the row asks for nothing else until
it changes, so it is neither sent again nor taken for another one.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import polars as pl

from core.destinations.trimming import without
from core.files import read_parquet, replace_parquet
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


def count(work: RunAtWork) -> None:
    """Counts them as a warning of the run, less those who were refused all the same.

    Counting again changes nothing. Raises StorageFailed.
    """
    files = sorted(_folder(work).glob("*.parquet"))
    if not files:
        return
    run, settings = work.run, work.store.settings
    rows = pl.concat([read_parquet(file)[0] for file in files])[ROW].unique()
    refused = rows.is_in(rejects.refused_rows(settings, run).implode()).sum()
    planned = frozen.read_plan(rejects.folder(settings, run)).parts[run.part - 1].warnings
    fields = planned.get(Warned.invalid_field, 0) + rows.len() - refused
    work.record(warnings={**planned, **({str(Warned.invalid_field): fields} if fields else {})})


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
