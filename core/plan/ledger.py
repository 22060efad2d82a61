"""The file of a ledger, replaced as a whole, so that it is never half written."""

import re
from collections.abc import Collection, Hashable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import polars as pl
from polars.exceptions import PolarsError

from core.errors import StorageFailed
from core.files import storing
from core.parquet import read_parquet, replace_parquet
from core.plan.hashes import FORM, FORMER, METADATA
from core.texts import _

FORMER_BY = "former_by"  # in the metadata: which polars made hashes that are in the form before
PROFILES = "profiles"  # in place of a list, for exports that only update


class State(StrEnum):
    """How a person stands with the list, as far as we know."""

    sent = "sent"  # the destination accepted them
    on_list = "on_list"  # and was seen to have them on it
    refused = "refused"
    left = "left"  # taken off again
    missing = "missing"  # accepted, or sent before, and provably not on the list


# Whom the destination accepted and nobody took off again.
HERE = pl.col("state").is_in([State.sent, State.on_list])
STATES = pl.Enum(State)
TIMESTAMP = pl.Datetime("us", "UTC")
# One row for each person and export, for two exports may send different fields of a person.
SCHEMA: dict[str, pl.DataType] = {
    "email": pl.String(),  # lower case, trimmed; with the export, the key
    "export": pl.Int64(),
    "hash": pl.UInt64(),  # of the body that it sent last; null: not comparable
    "claimed": pl.Boolean(),  # whether the export wants them on the list
    "profile_id": pl.String(),  # the destination's, once known
    "state": STATES,
    "first_at": TIMESTAMP,  # when it sent them first
    "sent_at": TIMESTAMP,  # and last
    "run": pl.Int64(),  # that sent them last
    "refused": pl.UInt64(),  # hash of the body that the destination refused last
    "why": pl.String(),  # of those refused or missing, in the destination's words
    "person": pl.UInt64(),  # hash of what says who it is, whatever the address; null: not known
    "by_polars": pl.Boolean(),  # its hashes are in the form before, see `rehash`
}
HASHES = ("hash", "refused", "person")


def ledger_path(ledgers: Path, account: str, list_id: str | None) -> Path:
    """Where the ledger of a list is; None stands for exports that touch no list."""
    folder = re.sub(r"[^A-Za-z0-9_-]", "_", account)
    return ledgers / folder / f"{list_id or PROFILES}.parquet"


def read(path: Path) -> pl.DataFrame:
    """The ledger, SCHEMA; empty before the first run. Raises StorageFailed."""
    if not path.exists():
        return pl.DataFrame(schema=SCHEMA)
    with _translated(path):
        rows, metadata = read_parquet(path)
        found = _whole(rows, metadata)
    if is_comparable(metadata):
        return found
    lost = pl.col("by_polars")
    nothing = [pl.when(~lost).then(name).alias(name) for name in HASHES]
    return found.with_columns(*nothing, by_polars=pl.lit(value=False))


def made_by(path: Path) -> Mapping[str, str]:
    """In which forms the hashes of a ledger are; nothing of its rows is read. Raises StorageFailed.

    Empty where there is no ledger.
    """
    if not path.exists():
        return {}
    with _translated(path):
        return pl.read_parquet_metadata(path)


def has_former(metadata: Mapping[str, str]) -> bool:
    """Whether some hashes of a ledger are in the form before."""
    return bool(metadata) and _former(metadata) is not None


def is_comparable(metadata: Mapping[str, str]) -> bool:
    """Whether those can be compared: this polars makes the same ones, as far as is known."""
    return _former(metadata) in (None, FORMER)


def _former(metadata: Mapping[str, str]) -> str | None:
    """The release of polars that made the hashes that are in the form before; None: there are none.

    Where that isn't known, it is no release.
    """
    if metadata.get("hashed_by") == FORM:
        return metadata.get(FORMER_BY)
    return metadata.get("hashed_by", "")


def lost(path: Path) -> int:
    """How many rows have hashes that can't be compared: these are sent once more. StorageFailed."""
    if is_comparable(metadata := made_by(path)) or not metadata:
        return 0
    with _translated(path):
        rows, metadata = read_parquet(path)
        return int(_whole(rows, metadata)["by_polars"].sum())


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    """Turns what the disk and the file itself refuse into StorageFailed."""
    try:
        with storing(path.parent):
            yield
    except PolarsError as error:
        text = _(
            "The ledger {path} is damaged, so nobody knows what was sent to its list before. Put "
            "it back from a backup. Or remove that file: then everybody is sent once more, which "
            "does no harm, and people who have left stay on the list."
        )
        raise StorageFailed(text.format(path=path)) from error


def _whole(found: pl.DataFrame, metadata: Mapping[str, str]) -> pl.DataFrame:
    """A ledger of a former version lacks columns and states."""
    if "refused" not in found.columns:
        refused = pl.when(pl.col("state") == State.refused.value).then("hash")
        found = found.with_columns(refused=refused, why=pl.lit(None, pl.String))
    if "person" not in found.columns:
        found = found.with_columns(person=pl.lit(None, pl.UInt64))
    if "by_polars" not in found.columns:
        found = found.with_columns(by_polars=pl.lit(metadata.get("hashed_by") != FORM))
    return found.select(list(SCHEMA)).cast(pl.Schema(SCHEMA))


def released(ledger: pl.DataFrame, claimants: Collection[int]) -> pl.DataFrame:
    """Only these exports still want anybody there; what others wanted counts for nothing."""
    return ledger.with_columns(claimed=pl.col("claimed") & pl.col("export").is_in(list(claimants)))


def state_of(path: Path) -> Hashable:
    """The ledger at this moment, to be compared with another one; nothing of it is read."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return str(path), None
    return str(path), found.st_size, found.st_mtime_ns


@dataclass(frozen=True, slots=True)
class PeopleAdded:
    """How many people an export brought to a place: on it still, and of them those it wants."""

    here: int
    wanted: int


def people_added(path: Path, export_id: int) -> PeopleAdded:
    """Counts them in the ledger. Raises StorageFailed."""
    if not path.exists():
        return PeopleAdded(0, 0)
    with _translated(path):
        rows, _metadata = read_parquet(path, ("state", "export", "claimed"))
    mine = rows.filter(HERE, pl.col("export") == export_id)
    return PeopleAdded(mine.height, int(mine["claimed"].sum()))


def write(path: Path, ledger: pl.DataFrame) -> None:
    """Replaces the ledger at once. Raises StorageFailed."""
    former = {FORMER_BY: FORMER} if ledger["by_polars"].any() else {}
    replace_parquet(path, ledger.select(list(SCHEMA)), METADATA | former)
