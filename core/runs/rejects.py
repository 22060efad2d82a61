"""The profiles of a run that were not exported, each with its one reason, kept beside the run."""

from pathlib import Path

import polars as pl

from core import masking
from core.parquet import read_parquet, replace_parquet
from core.plan import frozen
from core.settings import Settings
from core.store.tables.runs import Run

REFUSED, HELD_BACK = "refused", "held_back"  # why, of those that the destination was sent
TOO_LARGE = "too_large"  # for its size alone, by a server that takes less than is declared
NOT_TAKEN = (REFUSED, TOO_LARGE)
MISSING = "missing"  # it accepted them, and they are not on the list
LOST = "lost"  # its counts don't have them, and they are not on the list
SCHEMA = pl.Schema(
    {"row": pl.Int64(), "email": pl.String(), "reason": pl.String(), "detail": pl.String()}
)


def folder(settings: Settings, run: Run) -> Path:
    """Where the frozen rows of the run are; the parts of a split share the first one's."""
    return settings.runs / str(run.first_id or run.id)


def of_run(settings: Settings, run: Run) -> pl.DataFrame:
    """All of them, in the order of the source; those refused by the destination with its words."""
    place = folder(settings, run)
    frames = [pl.DataFrame(schema=SCHEMA)]
    if frozen.rejects_path(place, run.part).exists():
        frames.append(frozen.read_rejects(place, run.part).select(list(SCHEMA)).cast(SCHEMA))
    gone = missing(settings, run).filter(reason=MISSING).drop("batch")
    return pl.concat([*frames, refused(settings, run), gone]).sort("row", maintain_order=True)


def masked(found: pl.DataFrame) -> pl.DataFrame:
    """The same rows for those who see no values: `email` and `detail` as `core.masking` masks."""
    detail = pl.col("detail").map_elements(masking.sentence, return_dtype=pl.String)
    return found.with_columns(masked_email(), detail)


def masked_email() -> pl.Expr:
    """`masking.mask` of the column `email`, without a call for each."""
    email = pl.col("email")
    before = email.str.extract(r"^([^@]*)")
    first = before.str.slice(0, pl.when(before.str.starts_with("+")).then(3).otherwise(1))
    domain = email.str.extract(r"^[^@]*(@[^@]*)$").fill_null("")
    return pl.when(email == "").then(email).otherwise(first + "•••" + domain).alias("email")


def keep_refused(settings: Settings, run: Run, batch: int, when: str, frame: pl.DataFrame) -> None:
    """Keeps the rows (SCHEMA) that were refused; keeping them again changes nothing.

    `when` tells apart those refused at once from those that the job refused later. Raises
    StorageFailed.
    """
    if frame.is_empty():
        return
    rows = frame.select(list(SCHEMA)).cast(SCHEMA)
    replace_parquet(_refused(settings, run) / f"{batch:05}-{when}.parquet", rows, {})


def refused_at_once(settings: Settings, run: Run, batch: int) -> pl.DataFrame:
    """The rows of a batch that were taken out of it before it was accepted."""
    file = _refused(settings, run) / f"{batch:05}-sending.parquet"
    return read_parquet(file)[0] if file.exists() else pl.DataFrame(schema=SCHEMA)


def refused_rows(settings: Settings, run: Run, batch: int | None = None) -> pl.Series:
    """Numbers of the rows that the destination refused: sending them again can't help.

    Those of all batches, or of one.
    """
    return refused(settings, run, batch)["row"]


def refused(settings: Settings, run: Run, batch: int | None = None) -> pl.DataFrame:
    """The rows that the destination refused, or whose data it held back: SCHEMA."""
    name = "*" if batch is None else f"{batch:05}-*"
    files = sorted(_refused(settings, run).glob(f"{name}.parquet"))
    return pl.concat([pl.DataFrame(schema=SCHEMA), *(read_parquet(file)[0] for file in files)])


def keep_missing(
    settings: Settings, run: Run, batch: int, reason: str, frame: pl.DataFrame
) -> None:
    """Keeps the rows (SCHEMA) of a batch that are provably not on the list: MISSING or LOST.

    Keeping them again changes nothing. Raises StorageFailed.
    """
    file = _missing(settings, run) / f"{batch:05}-{reason}.parquet"
    if not frame.is_empty() or file.exists():
        replace_parquet(file, frame.select(list(SCHEMA)).cast(SCHEMA), {})


def missing(settings: Settings, run: Run) -> pl.DataFrame:
    """Those of the run: SCHEMA, and the batch of each."""
    files = sorted(_missing(settings, run).glob("*.parquet"))
    frames = [
        read_parquet(file)[0].with_columns(batch=pl.lit(int(file.stem[:5]), pl.Int64))
        for file in files
    ]
    return pl.concat([pl.DataFrame(schema={**SCHEMA, "batch": pl.Int64()}), *frames])


def _missing(settings: Settings, run: Run) -> Path:
    return settings.runs / str(run.id) / "missing"


def _refused(settings: Settings, run: Run) -> Path:
    return settings.runs / str(run.id) / "refused"
