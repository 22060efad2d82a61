"""What each person was sent before, kept where an export wants that, so that it can be restored.

The files of a run say what it sent only for as long as these are kept, and most people are not
sent by every run. So this has everybody's last body, and of each run the ones that it replaced.
"""

from pathlib import Path

import polars as pl

from core.files import storing
from core.parquet import read_parquet, replace_parquet
from core.plan import journal
from core.plan.hashes import HASH

# `hash` is the one that the ledger has of the body; `clear` as in a batch.
SCHEMA: dict[str, pl.DataType] = {
    "email": pl.String(),
    "hash": pl.UInt64(),
    "body": pl.String(),
    "clear": pl.String(),
}


def keep(ledger: Path, export_id: int, run_id: int, sent: pl.DataFrame) -> None:
    """Keeps what a run sent (SCHEMA, each email once) as the last, and what was the last before.

    Before the ledger is written. Kept again, what was found the first time stays. Raises
    StorageFailed.
    """
    last = _read(_last(ledger, export_id))
    new = sent.select(list(SCHEMA)).drop_nulls("hash")
    replaced = last.join(new, on="email", how="semi").join(new, on=["email", "hash"], how="anti")
    if not replaced.is_empty():
        both = pl.concat([of_run(ledger, run_id), replaced])
        kept = both.unique("email", keep="first", maintain_order=True)
        replace_parquet(_of_run(ledger, run_id), kept, {})
    others = last.join(sent, on="email", how="anti")
    replace_parquet(_last(ledger, export_id), pl.concat([others, new]), {})


def of_run(ledger: Path, run_id: int) -> pl.DataFrame:
    """SCHEMA of what had been sent before of those whom the run sent something else."""
    return _read(_of_run(ledger, run_id))


def nothing() -> pl.DataFrame:
    """SCHEMA of nobody."""
    return pl.DataFrame(schema=SCHEMA)


def size(ledger: Path, run_id: int) -> int:
    """Bytes on the disk that a run's previous values take."""
    file = _of_run(ledger, run_id)
    return file.stat().st_size if file.exists() else 0


def size_of_last(ledger: Path, export_id: int) -> int:
    """Bytes on the disk that everybody's last body takes."""
    file = _last(ledger, export_id)
    return file.stat().st_size if file.exists() else 0


def forget(ledger: Path, export_id: int) -> None:
    """Deletes everybody's last body, once the export no longer keeps them. Raises StorageFailed."""
    with storing(ledger.parent):
        _last(ledger, export_id).unlink(missing_ok=True)


def _read(file: Path) -> pl.DataFrame:
    if not file.exists():
        return nothing()
    # Made anew, for those of a former version are in another form.
    return read_parquet(file)[0].with_columns(hash=HASH).select(list(SCHEMA))


def _last(ledger: Path, export_id: int) -> Path:
    return journal.folder(ledger) / journal.PREVIOUS / f"export-{export_id}.parquet"


def _of_run(ledger: Path, run_id: int) -> Path:
    return journal.folder(ledger) / journal.PREVIOUS / f"{run_id}.parquet"
