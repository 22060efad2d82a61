"""What an export would send, counted without making the bodies."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from core.profiles.matching import shared
from core.profiles.matching.eligibility import might_be_too_large, reason_of
from core.profiles.matching.first_cells import first_cells
from core.profiles.matching.identity import identifiers_of
from core.profiles.matching.left_out_values import warnings_of
from core.profiles.matching.matching import ADDRESS, EMAIL, Matching
from core.profiles.matching.reasons import Reason, Warned
from core.profiles.matching.rows import encoded, likely, too_large
from core.profiles.sources import ROW
from core.profiles.sources.notes import Note

FLAGS = list(Warned)
FIRST = "first "  # before the name of a flag
SENDABLE = len(Reason)  # keys below it stand for reasons, all others for addresses


@dataclass(frozen=True, slots=True)
class Summary:
    """The counts of a preview; members = valid + all of rejected. Only what occurs is named."""

    members: int
    valid: int
    rejected: Mapping[str, int]
    warnings: Mapping[str, int]
    shared: Mapping[str, Sequence[Sequence[int]]]  # the first rows that share an identifier
    sample: tuple[Mapping[str, Any], ...]
    examples: tuple[Note, ...]  # of each warning but the shared identifiers


def summary(frame: pl.LazyFrame, matching: Matching, sample: int = 3) -> Summary:
    """Counts exactly what freezing the same rows would give, and shows the first bodies."""
    groups = _groups(frame, matching, might_be_too_large(matching))
    counts = _counted(groups)
    if Reason.too_large in _reasons(counts):
        large = pl.col(ROW).is_in(too_large(frame, matching).implode())
        groups = _groups(frame, matching, large)
        counts = _counted(groups)
    sent = counts.filter(pl.col("key") == SENDABLE).sum().row(0, named=True)
    rejected = _reasons(counts)
    if doubles := sent["rows"] - sent["groups"]:
        rejected[str(Reason.duplicate_email)] = doubles
    sharing = shared.sharing(_people(groups, frame, matching))
    warnings = {str(flag): sent[flag] for flag in FLAGS if sent[flag]} | shared.counted(sharing)
    return Summary(
        members=int(counts["rows"].sum()),
        valid=sent["groups"],
        rejected=rejected,
        warnings=warnings,
        shared=shared.rows(sharing),
        sample=_sample(frame, matching, sample),
        examples=first_cells(frame, matching, _first_rows(sent), warnings),
    )


def people_sharing(frame: pl.LazyFrame, matching: Matching) -> pl.DataFrame:
    """email, kind of all who are sent and share an identifier; once for each kind."""
    large = pl.col(ROW).is_in(too_large(frame, matching).implode())
    found = shared.sharing(_people(_groups(frame, matching, large), frame, matching))
    those = frame.filter(pl.col(ROW).is_in(found[ROW].unique().implode()))
    emails = those.select(ROW, email=matching.email()).collect(engine="streaming")
    return found.join(emails, on=ROW).select("email", "kind")


def _groups(frame: pl.LazyFrame, matching: Matching, large: pl.Expr) -> pl.LazyFrame:
    """One line for each reason (key is its place in Reason), and one for each different address.

    `len` are its rows; `first` the smallest row number above the bits of its FLAGS; for each of
    Shared that is matched, the hash of an identifier.
    """
    reason = reason_of(matching, large, pl.col(ADDRESS))
    # 64 bits of hash stand for the address: a fifth of the memory, and of ten million
    # addresses two share one once in 400,000 previews.
    address = pl.col(EMAIL).hash().clip(lower_bound=SENDABLE)
    key = pl.coalesce(reason.to_physical().cast(pl.UInt64), address)
    # The row number above the flags, so that the smallest is the first row with its flags.
    packed = pl.col(ROW).cast(pl.UInt64) * 2 ** len(FLAGS)
    for bit, flag in enumerate(warnings_of(matching).values()):
        packed += flag.cast(pl.UInt64) * 2**bit
    identifiers = identifiers_of(matching)
    keyed = matching.prepared(frame).select(key=key, first=packed, **identifiers)
    groups = keyed.group_by("key").agg(pl.len(), pl.min("first", *identifiers))
    return groups.collect(engine="streaming").lazy() if identifiers else groups


def _counted(groups: pl.LazyFrame) -> pl.DataFrame:
    """One line for each reason (its place in Reason) and one, SENDABLE, for what can be sent.

    `rows` counts rows, `groups` different addresses, each flag the first rows that carry it; of
    these the smallest, packed as they are, by the flag's name with FIRST before it.
    """
    packed = pl.col("first")
    carried = {f: packed & pl.lit(2**bit, pl.UInt64) > 0 for bit, f in enumerate(FLAGS)}
    sums = {str(flag): is_carried.sum() for flag, is_carried in carried.items()}
    firsts = {FIRST + f: packed.filter(is_carried).min() for f, is_carried in carried.items()}
    line = pl.min_horizontal("key", SENDABLE)
    lines = groups.group_by(line).agg(rows=pl.sum("len"), groups=pl.len(), **sums, **firsts)
    return lines.collect(engine="streaming")


def _first_rows(sent: Mapping[str, int]) -> dict[Warned, int]:
    """For each kind that occurs, the first row that carries it and is sent."""
    return {flag: sent[FIRST + flag] // 2 ** len(FLAGS) for flag in FLAGS if sent[flag]}


def _people(groups: pl.LazyFrame, frame: pl.LazyFrame, matching: Matching) -> pl.DataFrame:
    """ROW of all who are sent, with the hashes of their identifiers, those of their first row."""
    identifiers = list(identifiers_of(matching))
    if not identifiers:
        return pl.DataFrame(schema={ROW: pl.Int64})
    row = (pl.col("first") // 2 ** len(FLAGS)).cast(pl.Int64).alias(ROW)
    sent = groups.filter(pl.col("key") >= SENDABLE)
    once = sent.filter(pl.col("len") == 1).select(row, *identifiers)
    firsts = sent.filter(pl.col("len") > 1).select(row).collect()[ROW]
    several = matching.prepared(frame.filter(pl.col(ROW).is_in(firsts.implode())))
    parts = pl.collect_all(
        [once, several.select(ROW, **identifiers_of(matching))], engine="streaming"
    )
    return pl.concat(part.cast({ROW: pl.Int64}) for part in parts)


def _reasons(counts: pl.DataFrame) -> dict[str, int]:
    lines = counts.filter(pl.col("key") < SENDABLE).sort("key")
    reasons = list(Reason)
    return {str(reasons[key]): n for key, n in lines.select("key", "rows").iter_rows()}


def _sample(frame: pl.LazyFrame, matching: Matching, size: int) -> tuple[Mapping[str, Any], ...]:
    """The first profiles as they would be sent."""
    some_rows, rows = likely(frame, matching), size
    while True:
        some = encoded(some_rows.head(rows), matching).collect(engine="streaming")
        fit = some.filter(pl.col("bytes") <= matching.layout.largest)
        first = fit.unique("email", keep="first", maintain_order=True).head(size)
        if len(first) == size or len(some) < rows:
            return tuple(json.loads(body) for body in first["body"])
        rows *= 10
