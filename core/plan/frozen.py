"""What a frozen run holds: parts, their batches, and how to read each of them again."""

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl

from core.errors import StorageFailed
from core.files import replace_text, replacing, storing
from core.parquet import replace_parquet
from core.plan.hashes import HASH, METADATA
from core.profiles.sources import ROW

PLAN, SPLITS, REJECTS = "plan.json", "splits.json", "rejects.parquet"
ERASED = "erased"  # in place of the email of a person who was erased
FORMER_ROW = "__row__"  # what ROW was called in batches that were frozen before
# Everybody who could be sent; `clears`: with fields that are emptied; `person`: the hash of what
# says who they are, whatever their address; `segments` as in SENT.
MEMBERS = {
    "email": pl.String,
    "hash": pl.UInt64,
    "clears": pl.Boolean,
    "person": pl.UInt64,
    "segments": pl.Int64,
}
# What people of a part were sent: the batch that has them, and the JSON text of their profile.
ROWS_AT_ONCE = 5_000  # of what is kept, so that one person is found without reading all bodies
SENT: dict[str, pl.DataType] = {
    "email": pl.String(),
    "body": pl.String(),
    "clear": pl.String(),
    "batch": pl.Int64(),
    "segments": pl.Int64(),  # which of several let them in, see segments.numbered; null: unknown
}


@dataclass(frozen=True, slots=True)
class Batch:
    """One request's profiles; `bytes` is their JSON text with the commas between."""

    number: int  # from 1, within its part
    profiles: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Piece:
    """Some rows of the batch `of`, from `start` (from 0) on: a batch of its own since.

    Rows that are sent `again`, without fields that were refused, are in a file of their own since,
    and no longer in the batch with that number.
    """

    of: int
    start: int
    length: int
    again: int | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """What one run sends: the valid less the unchanged. members = valid + all of rejected."""

    number: int  # from 1
    members: int
    valid: int
    rejected: Mapping[str, int]
    warnings: Mapping[str, int]
    batches: tuple[Batch, ...]
    unchanged: int = 0  # of the valid: sent before as they are, so in no batch


@dataclass(frozen=True, slots=True)
class Frozen:
    """All parts of a frozen export, in the order in which they are sent."""

    parts: tuple[Part, ...]


def read_plan(folder: Path) -> Frozen:
    """The plan of a frozen run. Raises StorageFailed where there is none."""
    with storing(folder):
        data = json.loads((folder / PLAN).read_text())
    return Frozen(tuple(_part(part) for part in data["parts"]))


def write_plan(folder: Path, frozen: Frozen) -> None:
    """Keeps the plan in the folder."""
    (folder / PLAN).write_text(json.dumps(asdict(frozen)))


def pieces(folder: Path, part: int, number: int) -> list[int]:
    """The batches that a frozen batch was split into since, in their order; itself if it wasn't."""
    splits = _splits(folder, part)
    found = sorted((piece.start, n) for n, piece in splits.items() if piece.of == number)
    return [n for _start, n in found] or [number]


def split(folder: Path, part: int, number: int) -> int:
    """Cuts a batch into two halves; the first keeps its number, the second's is returned.

    One file changes, at once, so that a crash loses nobody. Raises StorageFailed.
    """
    splits, second = _splits(folder, part), numbers(folder, part)[-1] + 1
    found = splits.get(number) or Piece(number, 0, read_hashes(folder, part, number).height)
    half = found.length // 2
    splits[number] = replace(found, length=half)
    splits[second] = replace(found, start=found.start + half, length=found.length - half)
    _write_splits(folder, part, splits)
    return second


def take_out(folder: Path, part: int, number: int, profiles: pl.DataFrame) -> None:
    """Moves rows of a batch to one of their own, with these columns in place of theirs.

    `profiles` are some of `as_sent`. It is done once for a batch: one file changes, at once, when
    all of it is kept. Raises StorageFailed.
    """
    splits, new = _splits(folder, part), numbers(folder, part)[-1] + 1
    replace_parquet(batch_path(folder, part, new), profiles, METADATA)
    splits[new] = Piece(new, 0, profiles.height, again=number)
    _write_splits(folder, part, splits)


def taken_out(folder: Path, part: int, number: int) -> pl.Series | None:
    """The rows (ROW) that were taken out of a batch to be sent again; None where none were."""
    for piece in _splits(folder, part).values():
        if piece.again == number:
            with storing(folder):
                return pl.read_parquet(batch_path(folder, part, piece.of), columns=[ROW])[ROW]
    return None


def sent_again(folder: Path, part: int) -> dict[int, int]:
    """The batches of rows that were taken out, and the one that each of them was before a split."""
    return {n: piece.of for n, piece in _splits(folder, part).items() if piece.again is not None}


def numbers(folder: Path, part: int) -> list[int]:
    """The batches of a part, those that were split since among them. Raises StorageFailed."""
    planned = {batch.number for batch in read_plan(folder).parts[part - 1].batches}
    return sorted(planned | set(_splits(folder, part)))


def _write_splits(folder: Path, part: int, splits: Mapping[int, "Piece"]) -> None:
    content = json.dumps({n: asdict(piece) for n, piece in splits.items()})
    replace_text(_splits_path(folder, part), content)


def _splits(folder: Path, part: int) -> dict[int, "Piece"]:
    path = _splits_path(folder, part)
    if not path.exists():
        return {}
    with storing(folder):
        data = json.loads(path.read_text())
    return {int(n): Piece(**piece) for n, piece in data.items()}


def _splits_path(folder: Path, part: int) -> Path:
    return folder / f"part-{part:03d}" / SPLITS


def read_batch(folder: Path, part: int, number: int) -> pl.DataFrame:
    """The profiles of one batch, in their order.

    ROW, email, body, bytes, hash, clear, person, segments.
    """
    with storing(folder):
        return _left_in(folder, part, number).collect()


def as_sent(folder: Path, part: int, number: int) -> pl.DataFrame:
    """The same with the rows that were taken out of it since, in the order of its request."""
    with storing(folder):
        return _batch(folder, part, number).collect()


def is_kept(folder: Path, part: int, number: int) -> bool:
    """Whether the profiles of one batch are there: they aren't once no second try needs them."""
    piece = _splits(folder, part).get(number)
    return batch_path(folder, part, piece.of if piece else number).exists()


def read_hashes(folder: Path, part: int, number: int) -> pl.DataFrame:
    """The same without the bodies: ROW, email, person, hash, clear."""
    wanted = (ROW, "email", "person", "hash", "clear")
    with storing(folder):
        return _left_in(folder, part, number).select(wanted).collect()


def _left_in(folder: Path, part: int, number: int) -> pl.LazyFrame:
    found, away = _batch(folder, part, number), taken_out(folder, part, number)
    return found if away is None else found.filter(~pl.col(ROW).is_in(away.implode()))


def _batch(folder: Path, part: int, number: int) -> pl.LazyFrame:
    piece = _splits(folder, part).get(number)
    file = batch_path(folder, part, piece.of if piece else number)
    found = pl.scan_parquet(file)
    if piece:
        found = found.slice(piece.start, piece.length)
    columns = found.collect_schema()
    if FORMER_ROW in columns:  # an older run's
        found = found.rename({FORMER_ROW: ROW})
    if "clear" not in columns:
        found = found.with_columns(clear=pl.lit(None, pl.String))
    if "person" not in columns:
        found = found.with_columns(person=pl.lit(None, pl.UInt64))
    if "segments" not in columns:
        found = found.with_columns(segments=pl.lit(None, pl.Int64))
    is_hashed = METADATA.items() <= pl.read_parquet_metadata(file).items()
    return found if is_hashed else found.with_columns(hash=HASH)  # a former version's


def members(folder: Path, parts: Iterable[int]) -> pl.LazyFrame:
    """All of these parts that could be sent: MEMBERS. Empty where it isn't kept."""
    kept = [file for number in parts for file in _members(folder, number)]
    if not kept:
        return pl.LazyFrame(schema=MEMBERS)
    found = pl.scan_parquet(kept)
    columns = found.collect_schema()
    missing = [name for name in ("person", "segments") if name not in columns]
    return found.with_columns(pl.lit(None, MEMBERS[name]).alias(name) for name in missing)


def keep_members(folder: Path, part: int, number: int, people: pl.DataFrame) -> None:
    """Keeps some of a part's for `members`."""
    path = folder / f"part-{part:03d}" / f"members-{number:05d}.parquet"
    clears = pl.col("clear").is_not_null().alias("clears")
    kept = people.select("email", "hash", "person", clears, "segments")
    kept.write_parquet(path, compression="zstd", statistics=False)


def discard_members(folder: Path, parts: int) -> None:
    """Deletes them: the ledger has them now."""
    with storing(folder):
        for number in range(1, parts + 1):
            for file in _members(folder, number):
                file.unlink()


def read_rejects(folder: Path, part: int) -> pl.DataFrame:
    """The rows of a part that are not sent: row, email as in the source, reason, detail."""
    with storing(folder):
        wanted = ["row", "email", "reason", "detail"]
        return pl.read_parquet(rejects_path(folder, part), columns=wanted)


def discard_batches(folder: Path, part: int) -> None:
    """Deletes the batches of a part that needs no second try; who was sent what stays (SENT).

    Where the disk has no room for that, it is lost. Raises StorageFailed.
    """
    with suppress(StorageFailed):
        _keep_sent(folder, part)
    with storing(folder):
        for file in batch_path(folder, part, 1).parent.glob("batch-*.parquet"):
            file.unlink()


def sent_path(folder: Path, part: int) -> Path:
    """Where it is kept what people of a part were sent, once its batches are deleted."""
    return folder / f"part-{part:03d}" / "sent.parquet"


def sent(folder: Path, part: int) -> pl.LazyFrame:
    """Whom the batches of a part have, and what: SENT. Raises StorageFailed."""
    with storing(folder):
        known = [n for n in numbers(folder, part) if _has_batch(folder, part, n)]
        each = [
            _left_in(folder, part, n).select(
                "email", "body", "clear", pl.lit(n, SENT["batch"]).alias("batch"), "segments"
            )
            for n in known
        ]
    return pl.concat([pl.LazyFrame(schema=SENT), *each])


def _keep_sent(folder: Path, part: int) -> None:
    """Read batch by batch, so that a large part takes no more memory than a small one."""
    place = sent_path(folder, part)
    if not any(_has_batch(folder, part, n) for n in numbers(folder, part)):
        return
    with storing(folder), replacing(place) as draft:
        sent(folder, part).sink_parquet(
            draft, compression="zstd", compression_level=1, row_group_size=ROWS_AT_ONCE
        )


def _has_batch(folder: Path, part: int, number: int) -> bool:
    piece = _splits(folder, part).get(number)
    return batch_path(folder, part, piece.of if piece else number).exists()


def batch_path(folder: Path, part: int, number: int) -> Path:
    """Where a batch is kept."""
    return folder / f"part-{part:03d}" / f"batch-{number:05d}.parquet"


def _members(folder: Path, part: int) -> list[Path]:
    return sorted((folder / f"part-{part:03d}").glob("members-*.parquet"))


def rejects_path(folder: Path, part: int) -> Path:
    """Where a part's rejects are kept."""
    return folder / f"part-{part:03d}" / REJECTS


def _part(data: Mapping[str, Any]) -> Part:
    return Part(**{**data, "batches": tuple(Batch(**batch) for batch in data["batches"])})
