"""The journal of a list: what each run changed of its people, so that it can be taken back.

The ledger knows how things stand; of a run that has passed it keeps nothing. Each run has a file
here, in a folder beside the ledger. It is written before the ledger: after a crash in between both
are written again.
"""

from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import polars as pl
from polars.exceptions import PolarsError

from core.files import storing
from core.parquet import read_parquet, replace_parquet
from core.plan.hashes import FORM, FORMER, METADATA
from core.plan.ledger import HERE, STATES, State

SUFFIX = ".journal"
PREVIOUS = "previous"  # folder of previous values, see there
# One row for each person and export whose row in the ledger the run changed.
SCHEMA: dict[str, pl.DataType] = {
    "email": pl.String(),
    "export": pl.Int64(),
    "here": pl.Boolean(),  # on the list before, by us, whichever export
    "before": STATES,  # null: the export had not sent them
    "hash": pl.UInt64(),  # of the body that it had sent last
    "sent_by": pl.Int64(),  # the run that had
    "after": STATES,
    "taken": pl.Boolean(),  # off the list by the run itself, not found to be off it already
}
KEY = ("email", "export")
MOMENTS = ("created_at", "began", "at")  # of an entry, in the file's metadata


@dataclass(frozen=True, slots=True)
class Entry:
    """A run in the journal: when it began to send, and when it was recorded."""

    run_id: int
    created_at: datetime
    began: datetime
    at: datetime


def keep(
    ledger: Path, entry: Entry, before: pl.DataFrame, after: pl.DataFrame, taken: pl.Series
) -> None:
    """Keeps what the run makes of the ledger in this file, from `before` to `after`.

    `taken` are the emails of those whom it took off the list itself. Kept again, what was before
    the first time stays. Raises StorageFailed.
    """
    found, kept = changed(before, after, taken), read(ledger, entry.run_id, entry.created_at)
    if kept is not None:
        found = _together(kept, found, after, taken)
    if kept is None and found.is_empty():
        return
    metadata = {name: getattr(entry, name).isoformat() for name in MOMENTS}
    replace_parquet(path(ledger, entry.run_id), found, metadata | METADATA)


def read(ledger: Path, run_id: int, created_at: datetime) -> pl.DataFrame | None:
    """What this run changed: SCHEMA; None where it changed nothing, or that isn't kept.

    Another run may have had its number, so the moment counts too. Raises StorageFailed.
    """
    file = path(ledger, run_id)
    if not file.exists():
        return None
    with storing(file.parent):
        rows, metadata = read_parquet(file)
    if metadata.get("created_at") != created_at.isoformat():
        return None
    if metadata.get("hashed_by") not in (FORM, FORMER):
        rows = rows.with_columns(hash=pl.lit(None, pl.UInt64))
    return rows.select(list(SCHEMA)).cast(pl.Schema(SCHEMA))


def entries(ledger: Path) -> list[Entry]:
    """The runs that changed the list, in the order in which they were recorded."""
    found = (_entry(file) for file in folder(ledger).glob("*.parquet"))
    return sorted((one for one in found if one), key=lambda one: (one.at, one.run_id))


def find(ledger: Path, run_id: int, created_at: datetime) -> Entry | None:
    """The run in the journal; None where it changed nothing, or that isn't kept."""
    found = _entry(path(ledger, run_id))
    return found if found and found.created_at == created_at else None


def _entry(file: Path) -> Entry | None:
    try:
        metadata = pl.read_parquet_metadata(file)
        created_at, began, at = (metadata[name] for name in MOMENTS)
    except (OSError, PolarsError, KeyError):
        return None
    return Entry(int(file.stem), *map(datetime.fromisoformat, (created_at, began, at)))


def bring(there: Path, ledger: Path, numbers: Mapping[int, int]) -> None:
    """Brings another installation's journal of a list; `numbers` has the run's number here.

    Raises StorageFailed.
    """
    for one in entries(there):
        with storing(folder(there)):
            rows, metadata = read_parquet(path(there, one.run_id))
        sent_by = pl.col("sent_by").replace_strict(dict(numbers), default=None)
        kept = {name: metadata[name] for name in (*MOMENTS, "hashed_by")}
        replace_parquet(path(ledger, numbers[one.run_id]), rows.with_columns(sent_by), kept)


def files(ledgers: Path) -> list[Path]:
    """Those of all lists, previous values among them."""
    return [
        *ledgers.glob(f"*/*{SUFFIX}/*.parquet"),
        *ledgers.glob(f"*/*{SUFFIX}/*/*.parquet"),
    ]


def remove_old(ledgers: Path, before: datetime) -> int:
    """Removes of all lists what runs changed before that moment, with what they replaced; how many.

    Raises StorageFailed.
    """
    old = [
        file
        for file in ledgers.glob(f"*/*{SUFFIX}/*.parquet")
        if (entry := _entry(file)) and entry.at < before
    ]
    for file in old:
        _remove(file)
    return len(old)


def remove_runs(ledgers: Path, run_ids: Collection[int]) -> None:
    """Removes of all lists what these runs changed. Raises StorageFailed."""
    for file in ledgers.glob(f"*/*{SUFFIX}/*.parquet"):
        if file.stem.isdecimal() and int(file.stem) in run_ids:
            _remove(file)


def _remove(file: Path) -> None:
    with storing(file.parent):
        (file.parent / PREVIOUS / file.name).unlink(missing_ok=True)
        file.unlink(missing_ok=True)
    for place in (file.parent / PREVIOUS, file.parent):
        with suppress(OSError):  # something is left in it, or it isn't there
            place.rmdir()


def folder(ledger: Path) -> Path:
    """Where the journal of a ledger's list is."""
    return ledger.with_suffix(SUFFIX)


def path(ledger: Path, run_id: int) -> Path:
    """Where the journal has a run."""
    return folder(ledger) / f"{run_id}.parquet"


def changed(before: pl.DataFrame, after: pl.DataFrame, taken: pl.Series) -> pl.DataFrame:
    """SCHEMA of the rows that differ in what was sent and where they stand, as for `keep`.

    Claims alone don't count.
    """
    former = before.select(*KEY, before="state", former="hash", sent_by="run")
    both = after.select(*KEY, "hash", "run", after="state").join(former, on=KEY, how="left")
    same = (
        pl.col("after").eq_missing(pl.col("before"))
        & pl.col("hash").eq_missing(pl.col("former"))
        & pl.col("run").eq_missing(pl.col("sent_by"))
    )
    here = pl.col("email").is_in(before.filter(HERE)["email"].unique().implode())
    rows = both.filter(~same).with_columns(here=here, hash="former", taken=_taken(taken))
    return rows.select(list(SCHEMA)).cast(pl.Schema(SCHEMA))


def _together(
    kept: pl.DataFrame, found: pl.DataFrame, after: pl.DataFrame, taken: pl.Series
) -> pl.DataFrame:
    """What was kept before stays, with where it stands by now."""
    rows = pl.concat([kept, found]).unique(KEY, keep="first", maintain_order=True)
    now = rows.drop("after").join(after.select(*KEY, after="state"), on=KEY, how="left")
    return now.with_columns(taken=_taken(taken)).select(list(SCHEMA))


def _taken(emails: pl.Series) -> pl.Expr:
    left = (pl.col("after") == State.left).fill_null(value=False)
    return left & pl.col("email").is_in(emails.implode())


def of_runs(ledger: Path, some: Iterable[Entry]) -> pl.DataFrame:
    """What these runs changed, in their order: SCHEMA, with run, and began. Raises StorageFailed.

    A run that isn't kept any more is left out.
    """
    frames = [pl.DataFrame(schema={**SCHEMA, "run": pl.Int64(), "began": pl.Datetime("us", "UTC")})]
    for one in some:
        if (rows := read(ledger, one.run_id, one.created_at)) is not None:
            began = pl.lit(one.began, pl.Datetime("us", "UTC"))
            frames.append(rows.with_columns(run=pl.lit(one.run_id, pl.Int64), began=began))
    return pl.concat(frames)
