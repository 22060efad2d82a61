"""Who became, or ceased to be, a member of a run's export without anything being sent of them.

Their row in the ledger says how it is now; beside the run is kept since when.
"""

from pathlib import Path

import polars as pl

from core.parquet import read_parquet, replace_parquet
from core.plan import frozen
from core.runs import rejects
from core.settings import Settings
from core.store.tables.runs import Run

NAME = "membership.parquet"
SCHEMA: dict[str, pl.DataType] = {
    "email": pl.String(),
    "member": pl.Boolean(),
    "segments": pl.Int64(),  # of members, as in frozen.SENT
}


def path(settings: Settings, run: Run) -> Path:
    """Where it is kept."""
    return frozen.rejects_path(rejects.folder(settings, run), run.part).with_name(NAME)


def keep(settings: Settings, run: Run, before: pl.DataFrame, after: pl.DataFrame) -> None:
    """Keeps whose claim alone differs between two states of the ledger, before it is written.

    Kept again, after a crash, what was found the first time stays. Raises StorageFailed.
    """
    own = pl.col("export") == (run.export_id or 0)
    former = before.filter(own).select("email", former="claimed", was="state")
    both = after.filter(own).join(former, on="email")
    alone = pl.col("was").eq_missing(pl.col("state")) & (pl.col("run") != run.id)
    found = both.filter(alone, pl.col("claimed") != pl.col("former"))
    if found.is_empty():
        return
    changed = found.select("email", member="claimed")
    known = changed.join(_members(settings, run, changed["email"]), on="email", how="left")
    rows = pl.concat([read(settings, run), known])
    kept = rows.unique("email", keep="first", maintain_order=True)
    replace_parquet(path(settings, run), kept, {})


def _members(settings: Settings, run: Run, emails: pl.Series) -> pl.DataFrame:
    """email, segments of those that are members of the run."""
    every = frozen.members(rejects.folder(settings, run), range(1, run.parts + 1))
    those = every.filter(pl.col("email").is_in(emails.implode())).unique("email")
    return those.select("email", "segments").collect()


def read(settings: Settings, run: Run) -> pl.DataFrame:
    """Whom the run found to be members no longer, or again: SCHEMA. Raises StorageFailed."""
    place = path(settings, run)
    if not place.exists():
        return pl.DataFrame(schema=SCHEMA)
    found = read_parquet(place)[0]
    unknown = pl.lit(None, SCHEMA["segments"]).alias("segments")
    return found if "segments" in found.columns else found.with_columns(unknown)
